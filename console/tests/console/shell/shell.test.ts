// @vitest-environment happy-dom
import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ApiProblem } from "../../../src/api/client";
import { browserOf, goalOf } from "../../../src/console/account/goal";
import { useBell } from "../../../src/console/shell/bell";
import { keep, kept } from "../../../src/console/shell/keep";
import { useLook } from "../../../src/console/shell/look";
import { firstPage, PAGES } from "../../../src/console/shell/pages";
import { detailOf, mayPass } from "../../../src/console/shell/problems";
import { useToasts } from "../../../src/console/shell/toasts";

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  setActivePinia(createPinia());
});

afterEach(() => {
  vi.useRealTimers();
});

describe("toasts", () => {
  it("go by themselves, those with an undo later", () => {
    const toasts = useToasts();
    toasts.say("短");
    toasts.say("长", { undo: () => undefined });
    vi.advanceTimersByTime(6_000);
    expect(toasts.list.map(({ text }) => text)).toEqual(["长"]);
    vi.advanceTimersByTime(3_000);
    expect(toasts.list).toEqual([]);
  });

  it("undo the last deed that can be undone, once", () => {
    const undo = vi.fn();
    const toasts = useToasts();
    toasts.say("接待了", { undo });
    toasts.say("别的");
    toasts.undoLast();
    toasts.undoLast();
    expect(undo).toHaveBeenCalledTimes(1);
  });

  it("take their undo away once something else is done to the same thing", () => {
    const toasts = useToasts();
    toasts.say("接待了甲", { about: "a", undo: () => undefined });
    toasts.say("接待了乙", { about: "b", undo: () => undefined });
    toasts.say("甲转来了", { about: "a" });
    toasts.outdate("a");
    expect(toasts.list.map(({ text }) => text)).toEqual(["接待了乙", "甲转来了"]);
  });

  it("are never more than four", () => {
    const toasts = useToasts();
    for (const text of ["1", "2", "3", "4", "5"]) toasts.say(text);
    expect(toasts.list.map(({ text }) => text)).toEqual(["2", "3", "4", "5"]);
  });
});

describe("the bell", () => {
  it("rings once for many things at once, and not when it is muted", () => {
    const played = vi.fn();
    vi.stubGlobal("AudioContext", class {
      state = "suspended";
      close = played;
    });
    const bell = useBell();
    bell.ring();
    bell.ring();
    expect(played).toHaveBeenCalledTimes(1);
    bell.toggle();
    vi.advanceTimersByTime(5_000);
    bell.ring();
    expect(played).toHaveBeenCalledTimes(1);
    expect(kept("muted")).toBe("yes");
    vi.unstubAllGlobals();
  });

  it("shows news of a hidden page where that is allowed, and leads to what it is about", () => {
    const made: { title: string; onclick?: () => void; close: () => void }[] = [];
    class Allowed {
      static permission = "granted";
      onclick?: () => void;
      close = vi.fn();
      constructor(readonly title: string) {
        made.push(this);
      }
    }
    vi.stubGlobal("Notification", Allowed);
    const visible = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    setActivePinia(createPinia());
    const open = vi.fn();
    useBell().tell({ title: "王芳 发来消息", body: "在吗", tag: "a", open });
    made[0]?.onclick?.();
    expect([made[0]?.title, open.mock.calls.length]).toEqual(["王芳 发来消息", 1]);
    visible.mockReturnValue("visible");
    useBell().tell({ title: "又一条", body: "", tag: "a" });
    expect(made).toHaveLength(1);
    visible.mockRestore();
    vi.unstubAllGlobals();
  });

  it("asks politely: once, and never again after a no", () => {
    vi.stubGlobal("Notification", { permission: "default" });
    setActivePinia(createPinia());
    const bell = useBell();
    expect(bell.mayAsk).toBe(true);
    bell.decline();
    expect(bell.mayAsk).toBe(false);
    setActivePinia(createPinia());
    expect(useBell().mayAsk).toBe(false);
    vi.unstubAllGlobals();
  });
});

describe("the look", () => {
  it("is remembered", () => {
    keep("theme", "dark");
    const look = useLook();
    look.wear(look.theme);
    expect(document.documentElement.classList.contains("dark")).toBe(true);
    look.toggleTheme();
    expect([look.theme, kept("theme")]).toEqual(["light", "light"]);
  });

  it("speaks English when asked, and Chinese again", async () => {
    const look = useLook();
    await look.speak("en");
    expect(document.documentElement.lang).toBe("en");
    await look.speak("zh");
    expect(document.documentElement.lang).toBe("zh-CN");
  });
});

describe("where somebody begins", () => {
  it("is the first page they may open", () => {
    expect(firstPage((permission) => permission === "lead")).toBe("/wall");
    expect(firstPage(() => true)).toBe(PAGES[0]?.to);
    expect(firstPage(() => false)).toBe("/account");
  });

  it.each([
    ["/desk/1", "/desk/1"], ["//evil.example", "/"], ["/\\evil.example", "/"], ["https://evil.example", "/"],
    ["/sign-in?to=/x", "/"], [undefined, "/"],
  ])("after signing in from %s is %s", (wanted, goal) => {
    expect(goalOf(wanted)).toBe(goal);
  });
});

describe("problems", () => {
  it("are told in the house's own words where it has any", () => {
    expect(detailOf(new ApiProblem(409, "taken", "已由李静接待"))).toBe("已由李静接待");
    expect(detailOf(new TypeError("x is undefined"))).toBe("系统出了点问题，请稍后再试");
  });

  it("may pass by themselves unless we were refused", () => {
    expect([0, 500, 503, 409, 422].map((status) => mayPass(new ApiProblem(status, "", "")))).toEqual([
      true, true, true, false, false,
    ]);
  });
});

describe("a browser's name", () => {
  it("is short where it is known", () => {
    const chrome = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36";
    expect(browserOf(chrome)).toBe("Chrome · Windows");
    expect(browserOf("curl/8.5")).toBe("curl/8.5");
  });
});
