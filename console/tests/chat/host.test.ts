import { describe, expect, it, vi } from "vitest";

import { framingHost, type HostListener, NO_HOST, PROTOCOL, readIdentity, readSite, type Site } from "../../src/chat/host";

const SHOP = "https://shop.example.com";
const SITE: Site = { key: "shop", origins: [SHOP], colour: "", title: "" };

function framed(): { frame: Window; parent: { postMessage: ReturnType<typeof vi.fn> }; hear: (event: object) => void } {
  const parent = { postMessage: vi.fn() };
  let listener: (event: object) => void = () => undefined;
  const frame = {
    parent,
    location: { origin: "https://chat.example.com" },
    addEventListener: (_: string, heard: (event: object) => void) => (listener = heard),
  };
  return { frame: frame as unknown as Window, parent, hear: (event) => listener(event) };
}

type Heard = { [name in keyof HostListener]: ReturnType<typeof vi.fn<HostListener[name]>> };

function listening(): Heard {
  return { hello: vi.fn(), identify: vi.fn(), shown: vi.fn() };
}

describe("the page around the chat", () => {
  it("is told things at its own origin only", () => {
    const { frame, parent } = framed();
    framingHost(frame, SITE, SHOP).tell("unread", { count: 2 });
    expect(parent.postMessage).toHaveBeenCalledExactlyOnceWith({ yiwen: PROTOCOL, type: "unread", count: 2 }, SHOP);
  });

  it.each(["https://evil.example.com", "", "null", `${SHOP}.evil.com`])("is nobody's when it claims to be %s", (claimed) => {
    expect(framingHost(framed().frame, SITE, claimed)).toBe(NO_HOST);
  });

  it("is nobody when the chat stands alone or belongs to no site", () => {
    const { frame } = framed();
    expect(framingHost(frame, null, SHOP)).toBe(NO_HOST);
    const alone = { ...frame } as { parent: unknown };
    alone.parent = alone;
    expect(framingHost(alone as unknown as Window, SITE, SHOP)).toBe(NO_HOST);
  });

  it("is heard when it speaks from its own origin and window in our words", () => {
    const { frame, parent, hear } = framed();
    const listener = listening();
    framingHost(frame, SITE, SHOP).listen(listener);
    const said = { yiwen: PROTOCOL, type: "shown", on: true };
    hear({ origin: "https://evil.example.com", source: parent, data: said });
    hear({ origin: SHOP, source: {}, data: said });
    hear({ origin: SHOP, source: parent, data: { type: "shown", on: true } });
    hear({ origin: SHOP, source: parent, data: "shown" });
    expect(listener.shown).not.toHaveBeenCalled();
    hear({ origin: SHOP, source: parent, data: said });
    expect(listener.shown).toHaveBeenCalledExactlyOnceWith(true);
  });

  it("says who visits, and that nobody known does any more", () => {
    const { frame, parent, hear } = framed();
    const listener = listening();
    framingHost(frame, SITE, SHOP).listen(listener);
    const identity = { id: "u-7", name: "李雷", vip: true, at: 5, signature: "s" };
    hear({ origin: SHOP, source: parent, data: { yiwen: PROTOCOL, type: "hello", identity, page: `${SHOP}/orders` } });
    hear({ origin: SHOP, source: parent, data: { yiwen: PROTOCOL, type: "identify", identity: null } });
    const customer = { id: "u-7", name: "李雷", vip: true, at: 5 };
    expect(listener.hello).toHaveBeenCalledWith({ customer, signature: "s" }, `${SHOP}/orders`);
    expect(listener.identify).toHaveBeenCalledWith(null);
  });
});

describe("what the server wrote into the page", () => {
  it("is the site with its theme", () => {
    const told = { key: "shop", origins: [SHOP, 7], theme: { colour: "#b91c1c", title: "商城客服" } };
    expect(readSite(JSON.stringify(told))).toEqual({ key: "shop", origins: [SHOP], colour: "#b91c1c", title: "商城客服" });
  });

  it.each([null, undefined, "", "{", "[]", "{}"])("is no site when it is %s", (json) => {
    expect(readSite(json)).toBeNull();
  });

  it.each([null, {}, { id: "" }, { id: "u-7" }, { id: 7, at: 1 }])("names nobody in %s", (raw) => {
    expect(readIdentity(raw)).toBeNull();
  });
});
