import { describe, expect, it } from "vitest";

import { type CellWords, readable } from "@/console/rules/cells";

const KIND = { name: "kind", type: "string", values: { damage: "破损", lost: "丢件" } };
const TEXT = { name: "reason", type: "string", values: {} };
const YES_NO = { name: "vip", type: "boolean", values: {} };
const words: CellWords = { yes: "是", no: "否", nothing: "没有", unchanged: "不变", but: (listed) => `除${listed}外`, label: (column, value) => (column === "intent" ? "反映延误" : value) };

describe("a cell of a table", () => {
  it("says what it stands for", () => {
    expect(readable('"damage"', KIND, words)).toBe("破损");
    expect(readable('"damage","lost"', KIND, words)).toBe("破损、丢件");
    expect(readable('"report_delay"', { ...TEXT, name: "intent" }, words)).toBe("反映延误");
  });

  it("says what is left out, what is missing and what stays", () => {
    expect(readable('not(null, "lost")', KIND, words)).toBe("除没有、丢件外");
    expect([readable("null", KIND, words), readable("kind", KIND, words)]).toEqual(["没有", "不变"]);
  });

  it("leaves numbers, texts and sums as they are, and a dash for anything", () => {
    expect(readable(">= 3000", { name: "fee", type: "number", values: {} }, words)).toBe(">= 3000");
    expect(readable('"贵重物品, 受损"', TEXT, words)).toBe("贵重物品, 受损");
    expect(readable('if fee > 3 then "damage" else null', KIND, words)).toBe("if fee > 3 then 破损 else null");
    expect(readable("-", KIND, words)).toBe("—");
  });

  it("says yes or no only where that is asked", () => {
    expect([readable("true", YES_NO, words), readable("false", YES_NO, words)]).toEqual(["是", "否"]);
    expect(readable("true", TEXT, words)).toBe("true");
  });
});
