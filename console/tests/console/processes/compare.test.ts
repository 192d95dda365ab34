import { describe, expect, it } from "vitest";

import { compare, elementsOf, isSame } from "@/console/processes/compare";
import { located, troubled } from "@/console/processes/problems";
import { type Described, durationOf, propertiesOf, withProperty } from "@/console/processes/properties";

const properties = (said: Record<string, string>): NonNullable<Described["extensionElements"]> => ({
  values: [{ $type: "camunda:Properties", values: Object.entries(said).map(([name, value]) => ({ name, value })) }],
});
const task = (id: string, more: Partial<Described> = {}): Described => ({ $type: "bpmn:UserTask", id, name: "受理", ...more });

describe("the properties of an element", () => {
  it("are read by name", () => {
    expect(propertiesOf(task("accept", { extensionElements: properties({ role: "lead", form: "accept" }) }))).toEqual({ role: "lead", form: "accept" });
  });

  it("are none without extensions, or with others' only", () => {
    expect(propertiesOf(task("accept"))).toEqual({});
    expect(propertiesOf(task("accept", { extensionElements: { values: [{ $type: "zeebe:taskDefinition" }] } }))).toEqual({});
  });

  it("change one at a time, and go when they are emptied", () => {
    expect(withProperty({ role: "lead" }, "form", "close")).toEqual({ role: "lead", form: "close" });
    expect(withProperty({ role: "lead", form: "close" }, "form", "")).toEqual({ role: "lead" });
  });

  it("know how long a timer waits", () => {
    const eventDefinitions = [{ $type: "bpmn:TimerEventDefinition", timeDuration: { body: "P1D" } }];
    expect([durationOf({ $type: "bpmn:BoundaryEvent", id: "silent", eventDefinitions }), durationOf(task("accept"))]).toEqual(["P1D", ""]);
  });
});

describe("two versions of a process", () => {
  const before = elementsOf([task("accept", { extensionElements: properties({ role: "lead" }) }), task("close", { name: "完成" })]);

  it("are the same however they are drawn", () => {
    const shape = { $type: "bpmndi:BPMNShape", id: "accept_di" };
    expect(isSame(compare(before, elementsOf([task("close", { name: "完成" }), task("accept", { extensionElements: properties({ role: "lead" }) }), shape])))).toBe(true);
  });

  it("are told apart by what was added, removed and changed", () => {
    const after = elementsOf([task("accept", { extensionElements: properties({ role: "claims", queue: "vip" }) }), task("quote", { name: "报价" })]);
    const found = compare(before, after);
    expect(found.added.map((each) => each.id)).toEqual(["quote"]);
    expect(found.removed.map((each) => each.id)).toEqual(["close"]);
    expect(found.changed).toEqual([
      { id: "accept", label: "受理", parts: [{ name: "queue", before: "", after: "vip" }, { name: "role", before: "lead", after: "claims" }] },
    ]);
    expect(isSame(found)).toBe(false);
  });

  it("differ where a way leads elsewhere, a condition or a time is another", () => {
    const flow = (target: string, body: string): Described => ({ $type: "bpmn:SequenceFlow", id: "f", sourceRef: { id: "a" }, targetRef: { id: target }, conditionExpression: { body } });
    const found = compare(elementsOf([flow("b", "x = 1 ")]), elementsOf([flow("c", "x = 1")]));
    expect(found.changed[0]?.parts).toEqual([{ name: "to", before: "b", after: "c" }]);
  });

  it("look at each element once, and at nothing that is no element", () => {
    expect(elementsOf([task("accept"), task("accept"), null, "text", { $type: "bpmn:Process", id: "p" }]).map((each) => each.id)).toEqual(["accept"]);
  });
});

describe("the house's problems", () => {
  const elements = elementsOf([task("accept"), task("again"), task("close", { name: "完成" })]);

  it("stand beside the element they name by id or label", () => {
    expect(located(["步骤「close」没有写明办理部门", "从「完成」无法到达结束事件"], elements).map((each) => each.elements)).toEqual([["close"], ["close"]]);
  });

  it("stand beside each of several with one label", () => {
    expect(troubled(located(["「受理」有 2 条出路", "「accept」的出路"], elements))).toEqual(["accept", "again"]);
  });

  it("that name nothing drawn are told all the same", () => {
    expect(located(["流程没有结束事件", "没有编号为「p」的流程"], elements)).toEqual([
      { words: "流程没有结束事件", elements: [] },
      { words: "没有编号为「p」的流程", elements: [] },
    ]);
  });
});
