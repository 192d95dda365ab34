// @vitest-environment happy-dom
import { mount, type VueWrapper } from "@vue/test-utils";
import { describe, expect, it, vi } from "vitest";

import { i18n } from "@/console/i18n";
import FormFields from "@/console/tickets/FormFields.vue";
import { itemsOf } from "@/console/tickets/formSchema";

import { shippedForms } from "../shipped";

const FORM = {
  components: [
    { type: "textfield", key: "who", label: "联系人", validate: { required: true } },
    { type: "radio", key: "possible", label: "能改吗", values: [{ value: true, label: "能" }, { value: false, label: "不能" }] },
    { type: "textarea", key: "reason", label: "原因", description: "客户会看到", conditional: { hide: "=not(possible = false)" } },
    { type: "filepicker", key: "photo", label: "照片", accept: ".jpg" },
  ],
};

function shown(schema: object, more: { answers?: Record<string, unknown> } = {}): VueWrapper {
  const props = { items: itemsOf(schema), flaws: {}, said: {}, modelValue: more.answers ?? {} };
  return mount(FormFields, { props, global: { plugins: [i18n] } });
}

const fields = (form: VueWrapper): string[] => form.findAll("[data-testid^='field-']").map((each) => each.attributes("data-testid")?.slice(6) ?? "");

describe("a form on the page", () => {
  it("shows what is to be asked with these answers", () => {
    expect(fields(shown(FORM))).toEqual(["who", "possible", "photo"]);
    expect(fields(shown(FORM, { answers: { possible: false } }))).toEqual(["who", "possible", "reason", "photo"]);
  });

  it("tells what somebody wrote, beside what was there", async () => {
    const form = shown(FORM, { answers: { possible: true } });
    await form.get("[data-testid='field-who'] input").setValue("小李");
    expect(form.emitted("update:modelValue")?.at(-1)).toEqual([{ possible: true, who: "小李" }]);
  });

  it("shows the house's own words beside the answer", async () => {
    const form = shown(FORM);
    await form.setProps({ said: { who: "最多 20 个字" } });
    await vi.waitFor(() => { expect(form.get("[data-testid='field-who']").text()).toContain("最多 20 个字"); });
  });

  it("takes files of the kinds that are asked for, one where one is asked for", () => {
    const picker = shown(FORM).get("[data-testid='field-photo'] input[type='file']");
    expect([picker.attributes("accept"), picker.attributes("multiple"), picker.attributes("aria-label")]).toEqual([".jpg", undefined, "照片"]);
  });

  it.each(shippedForms().map((each) => [each.name, each.schema] as const))("%s of the house is drawn", (_, schema) => {
    expect(fields(shown(schema)).length).toBeGreaterThan(0);
  });
});
