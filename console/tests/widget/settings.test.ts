// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";

import { Calls } from "../../src/widget/api";
import { complain } from "../../src/widget/complaint";
import { pageMemory } from "../../src/widget/memory";
import { originOf, settingsOf, themeOf } from "../../src/widget/settings";
import { inkOn, styleOf } from "../../src/widget/style";
import type { Widget } from "../../src/widget/widget";

function script(attributes: Record<string, string>, src = "https://chat.example.com/widget.js"): HTMLScriptElement {
  const made = document.createElement("script");
  Object.defineProperty(made, "src", { value: src });
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

describe("what the tag says", () => {
  it("is where the chat is, for which site, and how it begins", () => {
    const read = settingsOf(script({ "data-site": "shop", "data-open": "true", "data-launcher": "none" }));
    expect(read).toEqual({ house: "https://chat.example.com", site: "shop", opensAtOnce: true, hasLauncher: false });
  });

  it.each(["", "A", "a/b", "../x", "x".repeat(41)])("is nothing with the site %s", (site) => {
    expect(settingsOf(script({ "data-site": site }))).toBeNull();
  });

  it.each([
    ["https://chat.example.com/a/widget.js", "https://chat.example.com"],
    ["https://chat.example.com:443/widget.js", "https://chat.example.com"],
    ["http://127.0.0.1:8000/widget.js", "http://127.0.0.1:8000"],
  ])("%s comes from %s", (address, origin) => {
    expect(originOf(address)).toBe(origin);
  });

  it("comes before what the server tells of the theme", () => {
    const told = { colour: "#123456", title: "客服", position: "left", greeting: "您好" };
    expect(themeOf(told, script({}))).toEqual(told);
    const own = script({ "data-colour": "#b91c1c", "data-title": "找我们" });
    expect(themeOf(told, own)).toEqual({ ...told, colour: "#b91c1c", title: "找我们" });
  });

  it.each([null, "x", { colour: "red; background: url(//evil)" }, { position: "top", title: 7 }])(
    "leaves a theme that can be drawn of %s",
    (told) => {
      expect(themeOf(told, script({}))).toEqual({
        colour: "#0b6b66", title: "在线客服", position: "right", greeting: "",
      });
    },
  );

  it("is drawn in an ink that can be read", () => {
    expect([inkOn("#ffffff"), inkOn("#000000")]).toEqual(["#10181b", "#ffffff"]);
    expect(styleOf({ colour: "#ffe08a", title: "", position: "left", greeting: "" })).toContain(
      "background:#ffe08a;color:#10181b",
    );
  });
});

describe("the page's calls", () => {
  it("wait for the widget, in order, and go straight to it afterwards", () => {
    const calls = new Calls();
    const done: unknown[] = [];
    const stop = vi.fn();
    const widget = {
      open: () => done.push("open"),
      close: () => done.push("close"),
      identify: (who: unknown) => done.push(who),
      on: () => stop,
    } as unknown as Widget;
    const { open, identify, on, close } = calls.asApi();
    open();
    identify("li");
    const end = on("open", () => undefined);
    expect(done).toEqual([]);
    calls.serve(widget);
    close();
    end();
    expect(done).toEqual(["open", "li", "close"]);
    expect(stop).toHaveBeenCalledOnce();
  });

  it("that were taken back before the widget came are not made", () => {
    const calls = new Calls();
    const on = vi.fn();
    calls.on("open", () => undefined)();
    calls.serve({ on } as unknown as Widget);
    expect(on).not.toHaveBeenCalled();
  });
});

describe("what the page remembers", () => {
  it("is kept for each site", () => {
    pageMemory("shop").note("talked");
    expect(pageMemory("shop").has("talked")).toBe(true);
    expect(pageMemory("other").has("talked")).toBe(false);
  });

  it("is nothing where storage is forbidden", () => {
    const forbidden = pageMemory("shop", () => {
      throw new DOMException("denied", "SecurityError");
    });
    forbidden.note("talked");
    expect(forbidden.has("talked")).toBe(false);
  });
});

describe("a page that may not show the chat", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("is told why in its console, once", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    complain("没有这个站点");
    expect(warn).toHaveBeenCalledExactlyOnceWith("[驿问] 聊天窗口没有显示：没有这个站点");
  });
});
