import { describe, expect, it } from "vitest";

import { faultsOf, tidied } from "@/console/forms/draft";

import { shippedForms } from "../shipped";

describe("a form as the house keeps it", () => {
  it("is without what the editor writes down for itself", () => {
    const drawn = {
      id: "accept", type: "default", exporter: { name: "form-js" }, executionPlatform: "Camunda Cloud",
      components: [{ type: "group", layout: { row: "r1" }, components: [{ type: "textfield", key: "a", layout: { columns: 8 } }] }],
    };
    expect(tidied(drawn)).toEqual({ id: "accept", type: "default", components: [{ type: "group", components: [{ type: "textfield", key: "a" }] }] });
  });

  it.each(shippedForms().map((each) => [each.name, each.schema] as const))("%s stays as it is", (_, schema) => {
    expect(tidied(schema as Record<string, unknown>)).toEqual(schema);
  });
});

describe("the faults of a form", () => {
  it("are what the house said, and where", () => {
    expect(faultsOf({ problems: [{ where: "amount", problem: "min 大于 max" }, { problem: "没有 components" }] })).toEqual([
      { where: "amount", problem: "min 大于 max" },
      { where: "", problem: "没有 components" },
    ]);
  });

  it("are none where it said nothing of the kind", () => {
    expect([faultsOf({}), faultsOf({ problems: "many" })]).toEqual([[], []]);
  });
});
