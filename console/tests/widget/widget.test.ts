// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Memory } from "../../src/widget/memory";
import type { Settings, Theme } from "../../src/widget/settings";
import { Widget } from "../../src/widget/widget";
import { type Identity, PROTOCOL } from "../../src/widget/wire";

const HOUSE = "https://chat.example.com";
const SETTINGS: Settings = { house: HOUSE, site: "shop", opensAtOnce: false, hasLauncher: true };
const THEME: Theme = { colour: "#b91c1c", title: "商城客服", position: "right", greeting: "您好" };
const LI: Identity = { id: "u-7", name: "李雷", vip: false, at: 5, signature: "s" };

function memory(...known: string[]): Memory {
  const kept = new Set(known);
  return { has: (what) => kept.has(what), note: (what) => void kept.add(what) };
}

/** A widget on a page, with what the chat in its frame is told. */
class OnPage {
  readonly widget: Widget;
  readonly told: unknown[] = [];

  constructor(settings: Partial<Settings> = {}, kept = memory(), identity: Identity | null = null) {
    this.widget = new Widget({ ...SETTINGS, ...settings }, THEME, kept, identity);
    this.widget.appear();
  }

  get root(): ShadowRoot {
    return document.querySelector("[data-yiwen-widget]")?.shadowRoot as ShadowRoot;
  }

  get frame(): HTMLIFrameElement | null {
    return this.root.querySelector("iframe");
  }

  get launcher(): HTMLButtonElement {
    return this.root.querySelector('[data-testid="widget-launcher"]') as HTMLButtonElement;
  }

  get panel(): HTMLElement {
    return this.root.querySelector(".panel") as HTMLElement;
  }

  get unread(): HTMLElement {
    return this.root.querySelector('[data-testid="widget-unread"]') as HTMLElement;
  }

  /** The chat says something; `origin` and `source` are the browser's word for who it is. */
  hear(data: object, origin = HOUSE, source: unknown = this.frame?.contentWindow): void {
    const event = new Event("message");
    Object.assign(event, { data: { yiwen: PROTOCOL, ...data }, origin });
    Object.defineProperty(event, "source", { value: source });
    window.dispatchEvent(event);
  }

  /** Let the chat be there, and listen to what it is told from now on. */
  ready(): this {
    const chat = { postMessage: (...said: unknown[]) => void this.told.push(said) };
    Object.defineProperty(this.frame, "contentWindow", { value: chat });
    this.hear({ type: "ready" });
    return this;
  }
}

describe("the widget on a host page", () => {
  beforeEach(() => {
    vi.stubGlobal("matchMedia", () => ({ matches: false }));
    document.body.innerHTML = "";
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it("shows a launcher and loads nothing until somebody wants to talk", () => {
    const page = new OnPage();
    expect(page.launcher.getAttribute("aria-label")).toBe("打开商城客服");
    expect(page.launcher.getAttribute("aria-expanded")).toBe("false");
    expect(page.frame).toBeNull();
  });

  it("opens the chat of its site, once, and tells it for which page", () => {
    const page = new OnPage();
    page.launcher.click();
    page.launcher.click();
    page.launcher.click();
    expect(page.root.querySelectorAll("iframe")).toHaveLength(1);
    const host = encodeURIComponent(window.location.origin);
    expect(page.frame?.src).toBe(`${HOUSE}/chat?site=shop&host=${host}`);
    expect(page.frame?.title).toBe("商城客服");
    expect(page.panel.hidden).toBe(false);
    expect(page.launcher.getAttribute("aria-label")).toBe("收起商城客服");
  });

  it("connects at once who has talked here before, or is known", () => {
    expect(new OnPage({}, memory("talked")).frame).not.toBeNull();
    document.body.innerHTML = "";
    expect(new OnPage({}, memory(), LI).frame).not.toBeNull();
  });

  it("tells the chat who visits, without what stands in the address", () => {
    const page = new OnPage({}, memory(), LI).ready();
    const address = window.location.href.split(/[?#]/)[0];
    expect(page.told).toEqual([
      [{ yiwen: PROTOCOL, type: "hello", identity: LI, page: address }, HOUSE],
      [{ yiwen: PROTOCOL, type: "shown", on: false }, HOUSE],
    ]);
  });

  it("believes nobody but its own chat", () => {
    const page = new OnPage({}, memory("talked"));
    page.hear({ type: "unread", count: 3 }, "https://evil.example.com");
    page.hear({ type: "unread", count: 3 }, HOUSE, window);
    page.hear({ type: "unread", count: 3, yiwen: "other" });
    expect(page.unread.hidden).toBe(true);
  });

  it("counts what is unread, aloud too, until the chat is opened", () => {
    const page = new OnPage({}, memory("talked"));
    const heard: unknown[] = [];
    page.widget.on("unread", (told) => heard.push(told));
    page.hear({ type: "unread", count: 120 });
    expect(page.unread.textContent).toBe("99+");
    expect(page.launcher.getAttribute("aria-label")).toBe("打开商城客服，120 条未读消息");
    expect(page.root.querySelector('[role="status"]')?.textContent).toContain("120");
    page.widget.open();
    expect(page.unread.hidden).toBe(true);
    expect(heard).toEqual([{ count: 120 }, { count: 0 }]);
  });

  it("closes when the chat asks for it, and gives the keyboard back to the launcher", () => {
    const page = new OnPage();
    const events: string[] = [];
    page.widget.on("open", () => events.push("open"));
    page.widget.on("close", () => events.push("close"));
    page.widget.open();
    page.hear({ type: "close" });
    expect(page.panel.hidden).toBe(true);
    expect(page.root.activeElement).toBe(page.launcher);
    expect(events).toEqual(["open", "close"]);
  });

  it("holds the page behind it still on a phone, and lets it go again", () => {
    vi.stubGlobal("matchMedia", () => ({ matches: true }));
    const page = new OnPage();
    document.documentElement.style.overflow = "scroll";
    page.widget.open();
    expect(document.documentElement.style.overflow).toBe("hidden");
    page.widget.close();
    expect(document.documentElement.style.overflow).toBe("scroll");
  });

  it("greets a new visitor until they wave it away or have talked", () => {
    const kept = memory();
    const page = new OnPage({}, kept);
    const greeting = page.root.querySelector('[data-testid="widget-greeting"]') as HTMLElement;
    expect(greeting.hidden).toBe(false);
    greeting.querySelector("button")?.click();
    expect(greeting.hidden).toBe(true);
    expect(kept.has("greeted")).toBe(true);
  });

  it("turns to somebody else without a new frame", () => {
    const page = new OnPage({}, memory("talked")).ready();
    page.widget.identify({ ...LI, name: "李雷" });
    page.widget.identify(null);
    expect(page.told.slice(-2)).toEqual([
      [{ yiwen: PROTOCOL, type: "identify", identity: LI }, HOUSE],
      [{ yiwen: PROTOCOL, type: "identify", identity: null }, HOUSE],
    ]);
  });

  it.each([{ id: "u-7" }, { ...LI, at: "soon" }, { ...LI, at: 1.5 }, { ...LI, id: 7 }, "u-7"])(
    "refuses an identity it cannot read: %s",
    (identity) => {
      const page = new OnPage({}, memory("talked")).ready();
      const refused = vi.fn();
      page.widget.on("refused", refused);
      page.widget.identify(identity);
      expect(refused).toHaveBeenCalledOnce();
      expect(page.told.filter((said) => JSON.stringify(said).includes("identify"))).toEqual([]);
    },
  );

  it("tells the page when the server did not believe it", () => {
    const page = new OnPage({}, memory(), LI).ready();
    const refused = vi.fn();
    const stop = page.widget.on("refused", refused);
    page.hear({ type: "refused", code: "wrong_signature", detail: "身份签名不正确" });
    stop();
    page.hear({ type: "refused", code: "again", detail: "" });
    expect(refused).toHaveBeenCalledExactlyOnceWith({ code: "wrong_signature", detail: "身份签名不正确" });
  });

  it("tells who begins to listen late what they have missed", () => {
    const page = new OnPage({}, memory("talked")).ready();
    page.hear({ type: "refused", code: "identity_expired", detail: "" });
    const [refused, opened] = [vi.fn(), vi.fn()];
    page.widget.on("refused", refused);
    page.widget.open();
    page.widget.on("open", opened);
    expect(refused).toHaveBeenCalledExactlyOnceWith({ code: "identity_expired", detail: "" });
    expect(opened).not.toHaveBeenCalled();
  });

  it("may have no launcher, and may open by itself", () => {
    const page = new OnPage({ hasLauncher: false, opensAtOnce: true });
    expect(page.launcher).toBeNull();
    expect(page.panel.hidden).toBe(false);
  });
});
