import { describe, expect, it } from "vitest";

import { compareSheets, isSame, type Sheet } from "@/console/rules/compare";
import { caseOf, type Fact, factsIn } from "@/console/rules/facts";

const rule = (id: string, cells: string[], answers: string[], note = ""): Sheet["rules"][number] => ({ id, row: 1, cells, answers, when: "", note });
const sheet = (...rules: Sheet["rules"]): Sheet => ({ name: "approval", label: "赔付审批", version: "0", hit_policy: "FIRST", inputs: [], outputs: [], rules });
const A = rule("a", ["> 2000"], ['"finance"']);
const B = rule("b", ["-"], ['"lead"']);

describe("two versions of a table", () => {
  it("are the same when every row says the same in the same place", () => {
    expect(isSame(compareSheets(sheet(A, B), sheet(A, B)))).toBe(true);
  });

  it("show what was added, removed and changed, in the newer order", () => {
    const after = sheet(rule("c", ["< 1"], ['"lead"']), rule("a", ["> 3000"], ['"finance"']));
    const rows = compareSheets(sheet(A, B), after);
    expect(rows.map((row) => [row.id, row.state, row.columns])).toEqual([["c", "added", []], ["a", "changed", [0]], ["b", "removed", []]]);
  });

  it("tell which column changed, answers behind conditions", () => {
    expect(compareSheets(sheet(A), sheet(rule("a", ["> 2000"], ['"lead"'])))[0]?.columns).toEqual([1]);
  });

  it("tell rows that changed places, as the first that fires decides", () => {
    expect(compareSheets(sheet(A, B), sheet(B, A)).map((row) => row.state)).toEqual(["moved", "moved"]);
  });

  it("do not take a row for moved because another was put before it", () => {
    const rows = compareSheets(sheet(A, B), sheet(rule("c", [], []), A, B));
    expect(rows.map((row) => row.state)).toEqual(["added", "same", "same"]);
  });

  it("see another note", () => {
    expect(compareSheets(sheet(A), sheet({ ...A, note: "大额" }))[0]?.state).toBe("changed");
  });
});

describe("a case to try", () => {
  const fact = (name: string, type: string): Fact => ({ name, type, label: name, values: {} });
  const known = [fact("cap", "number"), fact("amount", "number"), fact("vip", "boolean"), fact("kind", "string")];

  it("asks for the facts the columns look at, each once", () => {
    const columns = [{ name: "amount" }, { name: "amount - cap" }, { name: 'if kind = "lost" then 1 else 2' }];
    expect(factsIn(columns, known).map((each) => each.name)).toEqual(["amount", "cap", "kind"]);
  });

  it("does not take words in quotes for facts", () => {
    expect(factsIn([{ name: 'kind = "vip"' }], known).map((each) => each.name)).toEqual(["kind"]);
  });

  it("sends numbers as numbers, yes and no as such, and nothing for nothing", () => {
    expect(caseOf(known, { amount: " 12.5 ", vip: "false", kind: "lost", cap: "" })).toEqual({ amount: 12.5, vip: false, kind: "lost" });
    expect(caseOf(known, { amount: "viel" })).toEqual({});
  });
});
