import { describe, expect, it } from "vitest";

import { draftOf, isSendKey, mayBeSent, MESSAGE_LIMIT } from "../../src/chat/draft";

const key = { key: "Enter", shiftKey: false, isComposing: false, keyCode: 13 };

describe("a draft", () => {
  it.each(["", "   ", "\n\t", "\u200b\u200d", "\u3000"])("that shows nothing (%j) is not sent", (written) => {
    expect(mayBeSent(draftOf(written))).toBe(false);
  });

  it("of emoji only is a message", () => {
    expect(draftOf("👨‍👩‍👧")).toMatchObject({ state: "ready", text: "👨‍👩‍👧" });
  });

  it("is sent without the blanks around it", () => {
    expect(draftOf("  快递到哪了 \n").text).toBe("快递到哪了");
  });

  it("counts characters as the server does: an emoji is one", () => {
    expect(draftOf("😀".repeat(MESSAGE_LIMIT)).length).toBe(MESSAGE_LIMIT);
    expect(mayBeSent(draftOf("😀".repeat(MESSAGE_LIMIT)))).toBe(true);
  });

  it("warns near the limit and is held back beyond it", () => {
    expect(draftOf("字".repeat(1799)).state).toBe("ready");
    expect(draftOf("字".repeat(1800)).state).toBe("near_limit");
    expect(draftOf("字".repeat(2001)).state).toBe("too_long");
    expect(mayBeSent(draftOf("字".repeat(10_000)))).toBe(false);
  });
});

describe("the Enter key", () => {
  it("sends", () => {
    expect(isSendKey(key)).toBe(true);
  });

  it.each([
    ["with Shift", { ...key, shiftKey: true }],
    ["while an input method is composing", { ...key, isComposing: true }],
    ["when Safari ends a composition", { ...key, keyCode: 229 }],
    ["when it is another key", { ...key, key: "a" }],
  ])("does not send %s", (_when, pressed) => {
    expect(isSendKey(pressed)).toBe(false);
  });
});
