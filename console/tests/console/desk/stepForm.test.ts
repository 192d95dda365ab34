import { describe, expect, it } from "vitest";

import { dataOf, fieldsOfForm, holds, shownFields, unanswered } from "../../../src/console/desk/stepForm";

const REVIEW = {
  components: [
    {
      type: "radio", key: "decision", label: "初审结论",
      values: [{ label: "通过", value: "pass" }, { label: "不符合", value: "reject" }, { label: "坏的", value: 3 }],
    },
    {
      type: "textarea", key: "reason", label: "原因", description: "客户会看到", validate: { required: true },
      conditional: { hide: '=not(decision = "more_evidence" or decision = "reject")' },
    },
    { type: "number", key: "amount", label: "金额", appearance: { suffixAdorner: "元" } },
    { type: "datetime", key: "on", dateLabel: "日期", subtype: "date" },
    { type: "filepicker", key: "photos", label: "照片", multiple: true },
    { type: "text", text: "# 说明" },
    { type: "html", key: "evil" },
  ],
};
const fields = fieldsOfForm(REVIEW);

describe("a step's form", () => {
  it("asks what the schema asks, and leaves out what is no question", () => {
    expect(fields.map(({ key, type }) => [key, type])).toEqual([
      ["decision", "choice"], ["reason", "long"], ["amount", "number"], ["on", "moment"], ["photos", "files"],
    ]);
    expect(fields[0]?.choices.map(({ value }) => value)).toEqual(["pass", "reject"]);
    expect(fields[2]?.suffix).toBe("元");
    expect(fields[3]).toMatchObject({ label: "日期", subtype: "date" });
    expect(fieldsOfForm(null)).toEqual([]);
  });

  it("asks for a reason only where one is wanted", () => {
    const keys = (values: Record<string, string>): string[] => shownFields(fields, values).map(({ key }) => key);
    expect(keys({ decision: "pass" })).not.toContain("reason");
    expect(keys({ decision: "reject" })).toContain("reason");
  });

  it("names what must be answered and is not, as far as it is shown", () => {
    expect(unanswered(fields, { decision: "pass" })).toEqual([]);
    expect(unanswered(fields, { decision: "reject", reason: "" })).toEqual(["原因"]);
    expect(unanswered(fields, { decision: "reject", reason: "缺照片" })).toEqual([]);
  });

  it("sends what is shown and answered, zero and no included", () => {
    expect(dataOf(fields, { decision: "pass", reason: "写过又不要了", amount: 0, photos: [] })).toEqual({
      decision: "pass", amount: 0,
    });
  });
});

describe("a condition", () => {
  it.each([
    ['=a = "x"', { a: "x" }, true],
    ['=a != "x"', { a: "x" }, false],
    ["=possible = false", { possible: false }, true],
    ["=possible = false", {}, false],
    ["=not(insured = true)", {}, true],
    ['=a = "x" and b = "y"', { a: "x", b: "y" }, true],
    ['=a = "x" and b = "y"', { a: "x" }, false],
    ["=a = null", {}, true],
    ["=n = 2", { n: 2 }, true],
    ["=count(a) > 3", { a: "x" }, false],
    ["=not(count(a) > 3)", {}, false],
  ])("%s of %j is %s", (condition, values, wanted) => {
    expect(holds(condition, values)).toBe(wanted);
  });
});
