// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from "vitest";

import { i18n } from "@/console/i18n";
import { translated } from "@/console/office/translating";

describe("an editor's words", () => {
  afterEach(() => { i18n.global.locale.value = "zh"; });

  it("are Chinese where they are known", () => {
    expect(translated("Create task")).toBe("任务");
  });

  it("stay as they are where they are not, with their blanks filled in", () => {
    expect(translated("element {element} referenced by {by}", { element: "accept" })).toBe("element accept referenced by {by}");
  });

  it("stay English on the English page", () => {
    i18n.global.locale.value = "en" as typeof i18n.global.locale.value;
    expect(translated("Create task")).toBe("Create task");
  });
});
