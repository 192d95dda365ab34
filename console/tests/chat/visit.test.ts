import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Host, HostListener, Identity, Site } from "../../src/chat/host";
import { NO_HOST } from "../../src/chat/host";
import { keepOf, memoryKeep } from "../../src/chat/storage";
import { Visiting } from "../../src/chat/visit";
import { FakeConnection, message } from "./fakes";

const SITE: Site = { key: "shop", origins: ["https://shop.example.com"], colour: "", title: "" };
const LI: Identity = { customer: { id: "u-7", name: "李雷", vip: false, at: 5 }, signature: "s" };

class FakeHost implements Host {
  readonly isThere = true;
  readonly told: [string, unknown][] = [];
  listener: HostListener | null = null;

  listen(listener: HostListener): void {
    this.listener = listener;
  }

  tell(type: string, fields?: unknown): void {
    this.told.push([type, fields]);
  }
}

describe("a visit to a site", () => {
  const host = { current: new FakeHost() };
  let connections: FakeConnection[] = [];
  let keep = memoryKeep();

  function visiting(at: Host = host.current, site: Site | null = SITE): Visiting {
    const connect = (): FakeConnection => {
      const made = new FakeConnection();
      connections.push(made);
      return made;
    };
    return new Visiting({ host: at, site, connect }, keep);
  }

  const newest = (): FakeConnection => connections[connections.length - 1] as FakeConnection;

  beforeEach(() => {
    vi.useFakeTimers();
    host.current = new FakeHost();
    connections = [];
    keep = memoryKeep();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("begins at once where nobody frames the chat, as it always did", () => {
    visiting(NO_HOST, null).begin();
    newest().welcome("secret");
    expect(newest().requests).toEqual([{ after: 0 }]);
    expect(keep.get("yiwen.chat.session")).toBe("secret");
  });

  it("waits for the host page's word, and not for ever", () => {
    visiting().begin();
    expect(host.current.told[0]?.[0]).toBe("ready");
    expect(connections).toHaveLength(0);
    vi.advanceTimersByTime(2_000);
    newest().welcome("secret");
    expect(newest().requests).toEqual([{ after: 0, customer_data: { site: "shop" } }]);
  });

  it("keeps visitors of different sites apart", () => {
    visiting().begin();
    host.current.listener?.hello(null, "https://shop.example.com/orders");
    newest().welcome("secret");
    expect(keepOf(keep, "shop").get("yiwen.chat.session")).toBe("secret");
    expect(keepOf(keep, "other").get("yiwen.chat.session")).toBeNull();
    expect(newest().requests[0]?.customer_data?.page).toBe("https://shop.example.com/orders");
  });

  it("leaves nothing of a signed-in customer on the device", () => {
    visiting().begin();
    host.current.listener?.hello(LI, "");
    newest().welcome("secret of li");
    expect(newest().requests[0]?.customer_data).toEqual({ site: "shop", ...LI });
    expect(keep.keys("")).toEqual([]);
  });

  it("comes back with the same secret when a customer's line breaks", () => {
    visiting().begin();
    host.current.listener?.hello(LI, "");
    newest().welcome("secret of li", [message(1)]);
    newest().drop();
    newest().listener?.connected();
    expect(newest().requests[1]).toMatchObject({ session_id: "secret of li", after: 1 });
  });

  it("shows nothing of one customer to the next", () => {
    const visit = visiting();
    visit.begin();
    host.current.listener?.hello(LI, "");
    newest().welcome("secret of li", [message(1)]);
    const first = newest();
    host.current.listener?.identify(null);
    expect(first.listener).toBeNull();
    newest().welcome("a visitor's");
    expect(newest().requests[0]).toEqual({ after: 0, customer_data: { site: "shop" } });
    expect(visit.state.chat?.conversation.state.timeline.messages).toEqual([]);
  });

  it.each(["wrong_signature", "identity_expired"])("goes on as a visitor after %s, and says so", (code) => {
    visiting().begin();
    host.current.listener?.hello(LI, "");
    newest().listener?.connected();
    newest().listener?.problem("身份签名不正确", code);
    expect(host.current.told.at(-1)).toEqual(["refused", { code, detail: "身份签名不正确" }]);
    newest().welcome("a visitor's");
    expect(newest().requests[0]).toEqual({ after: 0, customer_data: { site: "shop" } });
  });

  it("shows other problems where they are", () => {
    const visit = visiting();
    visit.begin();
    host.current.listener?.hello(LI, "");
    newest().listener?.problem("没有这个站点", "unknown_site");
    expect(visit.state.chat?.conversation.state.problem).toBe("没有这个站点");
    expect(connections).toHaveLength(1);
  });
});
