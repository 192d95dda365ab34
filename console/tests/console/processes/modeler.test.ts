// @vitest-environment happy-dom
import { beforeAll, describe, expect, it } from "vitest";

import { compare, elementsOf, isSame } from "@/console/processes/compare";
import { openModeler, type ProcessModeler } from "@/console/processes/modeler";
import { type Described, propertiesOf } from "@/console/processes/properties";

import { shippedProcesses } from "../shipped";
import { pretendToDraw } from "../svg";

beforeAll(pretendToDraw);

function modeler(told: Partial<{ chosen: (element: Described | null) => void; changed: () => void }> = {}): ProcessModeler {
  const place = document.createElement("div");
  document.body.append(place);
  return openModeler(place, { chosen: () => undefined, changed: () => undefined, ...told });
}

const PROCESSES = shippedProcesses();
const named = (drawn: ProcessModeler, id: string): Described | undefined => drawn.objects().find((each) => each.id === id);

describe("every process of the house", () => {
  it("is there to be opened", () => {
    expect(PROCESSES.length).toBeGreaterThan(14);
  });

  it.each(PROCESSES.map((each) => [each.name, each.text] as const))("%s opens without a remark, and says the same when it is saved", async (_, xml) => {
    const drawn = modeler();
    expect(await drawn.open(xml)).toEqual([]);
    const before = elementsOf(drawn.objects());
    const saved = await drawn.xml();
    expect(await drawn.open(saved)).toEqual([]);
    expect(isSame(compare(before, elementsOf(drawn.objects())))).toBe(true);
    expect(before.some((element) => element.says.form !== undefined && element.says.role !== undefined)).toBe(true);
    drawn.close();
  });
});

describe("drawing", () => {
  const urge = PROCESSES.find((each) => each.name === "urge")?.text ?? "";

  it("changes what a step says, and can take it back", async () => {
    let changes = 0;
    const drawn = modeler({ changed: () => { changes += 1; } });
    await drawn.open(urge);
    drawn.setProperty("accept", "queue", "vip");
    drawn.rename("accept", "接单");
    const said = named(drawn, "accept");
    expect([said?.name, said && propertiesOf(said).queue, changes]).toEqual(["接单", "vip", 2]);
    drawn.undo();
    drawn.undo();
    const again = named(drawn, "accept");
    expect([again?.name, again && propertiesOf(again).queue]).toEqual(["受理", undefined]);
    drawn.close();
  });

  it("keeps the other properties, and writes the one that changed", async () => {
    const drawn = modeler();
    await drawn.open(urge);
    const before = propertiesOf(named(drawn, "accept") as Described);
    drawn.setProperty("accept", "time_allowed", "PT2H");
    expect(propertiesOf(named(drawn, "accept") as Described)).toEqual({ ...before, time_allowed: "PT2H" });
    expect(await drawn.xml()).toContain('<camunda:property name="time_allowed" value="PT2H" />');
    drawn.setProperty("accept", "time_allowed", "");
    expect(propertiesOf(named(drawn, "accept") as Described).time_allowed).toBeUndefined();
    drawn.close();
  });

  it("tells which element is chosen", async () => {
    const chosen: (string | null)[] = [];
    const drawn = modeler({ chosen: (element) => chosen.push(element?.id ?? null) });
    await drawn.open(urge);
    drawn.select("accept");
    drawn.select("nothing of the kind");
    expect(chosen.at(-1)).toBe("accept");
    drawn.close();
  });

  it("gives an element another id, a flow a condition, a timer a time", async () => {
    const drawn = modeler();
    await drawn.open(urge);
    const timer = drawn.objects().find((each) => each.$type === "bpmn:BoundaryEvent");
    const flow = drawn.objects().find((each) => each.$type === "bpmn:SequenceFlow");
    drawn.renumber("accept", "take_in");
    drawn.setCondition(flow?.id ?? "", "vip = true");
    if (timer !== undefined) drawn.setDuration(timer.id, "PT9H");
    const saved = await drawn.xml();
    expect(saved).toContain('id="take_in"');
    expect(saved).toContain("vip = true");
    expect(saved.includes("PT9H")).toBe(timer !== undefined);
    drawn.close();
  });

  it("marks what the house has against it, and no longer what was mended", async () => {
    const drawn = modeler();
    await drawn.open(urge);
    const marked = (): number => document.querySelectorAll(".process-troubled").length;
    drawn.markTroubled(["accept", "nothing of the kind"]);
    expect(marked()).toBe(1);
    drawn.markTroubled([]);
    expect(marked()).toBe(0);
    drawn.close();
  });
});
