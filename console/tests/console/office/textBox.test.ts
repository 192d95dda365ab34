// @vitest-environment happy-dom
import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import TextBox from "@/console/office/TextBox.vue";

describe("a text that counts once it is written", () => {
  it("is told as it was written", async () => {
    const box = mount(TextBox, { props: { modelValue: "PT1H" } });
    await box.get("input").setValue("PT2H");
    await box.get("input").trigger("change");
    expect(box.emitted("change")?.at(-1)).toEqual(["PT2H"]);
  });

  it("follows what it is told", async () => {
    const box = mount(TextBox, { props: { modelValue: "PT1H" } });
    await box.setProps({ modelValue: "PT3H" });
    expect(box.get("input").element.value).toBe("PT3H");
  });
});
