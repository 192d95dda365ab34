import { describe, expect, it } from "vitest";

import { flawsOf } from "@/console/tickets/formCheck";
import { fieldsOf, itemsOf, payload, visible } from "@/console/tickets/formSchema";
import { isReadable } from "@/console/tickets/feel";

import { shippedForms } from "../shipped";

const TODAY = "2026-11-22";
const form = (...components: object[]): object => ({ type: "default", components });
const text = (key: string, more: object = {}): object => ({ type: "textfield", key, label: key, ...more });
const keys = (schema: object, answers: Record<string, unknown>): string[] =>
  visible(itemsOf(schema), answers).flatMap((item) => ("field" in item ? [item.field.key] : []));

describe("the fields of a form", () => {
  it("are read in order, groups opened, decoration left out", () => {
    const schema = form(text("a"), { type: "group", components: [text("b"), { type: "separator" }] }, { type: "button", key: "send" }, text("c"));
    expect(fieldsOf(schema).map((field) => field.key)).toEqual(["a", "b", "c"]);
  });

  it("keep words between them", () => {
    expect(itemsOf(form({ type: "text", text: "请核对" }))).toEqual([{ note: { text: "请核对", hide: [] } }]);
  });

  it.each([
    ["textfield", {}, "text"],
    ["textarea", {}, "long"],
    ["number", {}, "number"],
    ["checkbox", {}, "tick"],
    ["radio", {}, "choice"],
    ["select", {}, "choice"],
    ["checklist", {}, "choices"],
    ["taglist", {}, "choices"],
    ["datetime", { subtype: "date" }, "date"],
    ["datetime", { subtype: "time" }, "time"],
    ["datetime", {}, "datetime"],
    ["filepicker", {}, "files"],
  ])("of type %s %j are %s", (type, more, kind) => {
    expect(fieldsOf(form({ type, key: "k", ...more }))[0]?.kind).toBe(kind);
  });

  it("that ask yes or no have true and false for answers", () => {
    const values = [{ value: "true", label: "是" }, { value: false, label: "否" }];
    expect(fieldsOf(form({ type: "radio", key: "k", values }))[0]?.choices).toEqual([{ value: true, label: "是" }, { value: false, label: "否" }]);
  });

  it("take the label of their kind before the plain one, and the key for want of any", () => {
    const [day, bare] = fieldsOf(form({ type: "datetime", key: "d", subtype: "date", dateLabel: "哪天", label: "x" }, { type: "number", key: "n" }));
    expect([day?.label, bare?.label]).toEqual(["哪天", "n"]);
  });

  it("are none where there is no form", () => {
    expect(itemsOf(null)).toEqual([]);
    expect(itemsOf({ components: "broken" })).toEqual([]);
  });
});

describe("what is shown", () => {
  const hidden = form(text("why"), text("more", { conditional: { hide: '=not(why = "other")' } }));

  it("goes by the answers before", () => {
    expect(keys(hidden, {})).toEqual(["why"]);
    expect(keys(hidden, { why: "other" })).toEqual(["why", "more"]);
  });

  it("does not go by answers to what is hidden itself", () => {
    const chain = form(text("a"), text("b", { conditional: { hide: '=not(a = "1")' } }), text("c", { conditional: { hide: '=b = "x"' } }));
    expect(keys(chain, { b: "x" })).toEqual(["a", "c"]);
    expect(keys(chain, { a: "1", b: "x" })).toEqual(["a", "b"]);
  });

  it("hides a group whole", () => {
    const group = form(text("a"), { type: "group", conditional: { hide: '=a = "1"' }, components: [text("b")] });
    expect(keys(group, { a: "1" })).toEqual(["a"]);
  });

  it("is all that is sent: trimmed, without what is empty or fixed", () => {
    const schema = form(text("why"), text("more", { conditional: { hide: '=not(why = "other")' } }), text("fixed", { readonly: true }), text("empty"));
    const answers = { why: " plain ", more: "left over", fixed: "no", empty: "" };
    expect(payload(itemsOf(schema), answers)).toEqual({ why: "plain" });
  });
});

describe("what is wrong with answers", () => {
  const flaw = (component: object, value: unknown): string | undefined => flawsOf(itemsOf(form({ key: "k", ...component })), { k: value }, TODAY).k?.word;

  it.each([
    [{ type: "textfield", validate: { required: true } }, "", "required"],
    [{ type: "textfield", validate: { required: true } }, "  ", "required"],
    [{ type: "textfield", validate: { maxLength: 3 } }, "四个字了", "longest"],
    [{ type: "textfield", validate: { minLength: 2 } }, "一", "shortest"],
    [{ type: "textfield", validate: { pattern: "[0-9]{4}" } }, "12a4", "pattern"],
    [{ type: "textfield", validate: { pattern: "[0-9]{4}" } }, "1234", undefined],
    [{ type: "textfield", validate: { pattern: "(" } }, "x", undefined],
    [{ type: "number", validate: { min: 1 } }, 0, "least"],
    [{ type: "number", validate: { max: "5" } }, 6, "most"],
    [{ type: "number", decimalDigits: 0 }, 1.5, "whole"],
    [{ type: "number", decimalDigits: 2 }, 1.555, "digits"],
    [{ type: "number", decimalDigits: 2 }, 1.55, undefined],
    [{ type: "number", validate: { required: true } }, 0, undefined],
    [{ type: "checkbox", validate: { required: true } }, null, "tick"],
    [{ type: "checkbox", validate: { required: true } }, true, undefined],
    [{ type: "radio", validate: { required: true }, values: [{ value: false, label: "否" }] }, false, undefined],
    [{ type: "datetime", subtype: "date", disallowPassedDates: true }, "2026-11-21", "past"],
    [{ type: "datetime", subtype: "date", disallowPassedDates: true }, TODAY, undefined],
    [{ type: "filepicker" }, ["1", "2"], "files"],
    [{ type: "filepicker", multiple: true }, ["1", "2"], undefined],
    [{ type: "filepicker", multiple: true, validate: { required: true } }, [], "required"],
  ])("%j with %j: %s", (component, value, word) => {
    expect(flaw(component, value)).toBe(word);
  });

  it("is nothing in what cannot be seen or changed", () => {
    const schema = form(text("a", { readonly: true, validate: { required: true } }), text("b", { conditional: { hide: "=a = null" }, validate: { required: true } }));
    expect(flawsOf(itemsOf(schema), {}, TODAY)).toEqual({});
  });
});

describe("every form of the house", () => {
  const forms = shippedForms();

  it("is there to be read", () => {
    expect(forms.length).toBeGreaterThan(30);
  });

  it.each(forms.map((each) => [each.name, each.schema] as const))("%s can be shown whole", (_, schema) => {
    const fields = fieldsOf(schema);
    expect(fields.length).toBeGreaterThan(0);
    expect(fields.flatMap((field) => field.hide).filter((condition) => !isReadable(condition))).toEqual([]);
    expect(fields.filter((field) => field.kind === "choice" && field.choices.length === 0)).toEqual([]);
  });
});
