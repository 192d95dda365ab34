// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";

import { type Binding, bindingOf, comboOf } from "../../../src/console/shell/keys";

function press(key: string, changes: Partial<KeyboardEvent> = {}) {
  return { key, code: `Key${key.toUpperCase()}`, altKey: false, ctrlKey: false, metaKey: false, isComposing: false, ...changes };
}

const known = ["t", "alt+t", "?", "alt+arrowdown"].map(
  (combo): Binding => ({ combo, label: combo, group: "", act: () => undefined }),
);
const meant = (key: ReturnType<typeof press>, writing: boolean) => bindingOf(key, writing, known)?.combo ?? null;

describe("keys", () => {
  it("are known by their letter, and with Alt by their place", () => {
    expect(comboOf(press("T"))).toBe("t");
    expect(comboOf(press("†", { altKey: true, code: "KeyT" }))).toBe("alt+t");
    expect(comboOf(press("1", { altKey: true, code: "Digit1" }))).toBe("alt+1");
    expect(comboOf(press("ArrowDown", { altKey: true, code: "ArrowDown" }))).toBe("alt+arrowdown");
  });

  it("mean nothing together with Ctrl or Meta, or while a word is being composed", () => {
    expect(comboOf(press("t", { ctrlKey: true }))).toBeNull();
    expect(comboOf(press("t", { metaKey: true }))).toBeNull();
    expect(comboOf(press("t", { isComposing: true }))).toBeNull();
  });

  it("are only letters while somebody writes, unless Alt is held", () => {
    expect(meant(press("t"), false)).toBe("t");
    expect(meant(press("t"), true)).toBeNull();
    expect(meant(press("t", { altKey: true }), true)).toBe("alt+t");
  });

  it("do what was bound last", () => {
    const later: Binding = { combo: "t", label: "later", group: "", act: () => undefined };
    expect(bindingOf(press("t"), false, [...known, later])?.label).toBe("later");
    expect(bindingOf(press("y"), false, known)).toBeNull();
  });
});
