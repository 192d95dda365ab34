// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from "vitest";

import { speakIn, spoken } from "@/console/forms/speaking";
import { i18n } from "@/console/i18n";

/** Mutations are told after the task they happen in. */
const told = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 0); });

describe("the form editor", () => {
  afterEach(() => { i18n.global.locale.value = "zh"; });

  it("speaks Chinese as it draws, names and hints included", async () => {
    const place = document.createElement("div");
    place.innerHTML = '<h2>Components</h2><input placeholder="Search components"><button title="Remove Text field">x</button>';
    const hush = speakIn(place);
    expect(place.innerHTML).toBe('<h2>组件</h2><input placeholder="搜索组件"><button title="删除单行文本">x</button>');
    place.append(Object.assign(document.createElement("p"), { textContent: "Field label" }));
    await told();
    expect(place.lastElementChild?.textContent).toBe("字段名称");
    hush();
    place.append(Object.assign(document.createElement("p"), { textContent: "Required" }));
    await told();
    expect(place.lastElementChild?.textContent).toBe("Required");
  });

  it("leaves alone what somebody has written, and what it has no word for", () => {
    const place = document.createElement("div");
    place.innerHTML = '<div class="fjs-form-field"><label>Number</label></div><p>Something new</p>';
    speakIn(place)();
    expect(place.textContent).toBe("NumberSomething new");
  });

  it("keeps its own words on an English page", () => {
    i18n.global.locale.value = "en";
    expect(spoken("Components")).toBeNull();
  });
});
