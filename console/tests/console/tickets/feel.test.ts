import { describe, expect, it } from "vitest";

import { holds, isReadable } from "@/console/tickets/feel";

describe("a condition", () => {
  it.each([
    ['=decision = "reject"', { decision: "reject" }, true],
    ['=decision = "reject"', { decision: "pay" }, false],
    ['=not(decision = "reject")', { decision: "pay" }, true],
    ['=not(decision = "reject")', {}, true],
    ["=possible = false", { possible: false }, true],
    ["=possible = false", { possible: null }, false],
    ["=possible = false", {}, false],
    ['=not(decision = "more_evidence" or decision = "reject")', { decision: "reject" }, false],
    ['=a = 1 and b = 2 or c = 3', { c: 3 }, true],
    ["=a = 1 and (b = 2 or c = 3)", { a: 1, c: 3 }, true],
    ["=a = 1 and (b = 2 or c = 3)", { c: 3 }, false],
    ["=amount > 500", { amount: 500.5 }, true],
    ["=amount >= 500", { amount: 500 }, true],
    ["=amount < -1", { amount: -2 }, true],
    ["=amount <= 5", {}, false],
    ["=not(amount > 5)", {}, false],
    ["=amount != 5", { amount: 6 }, true],
    ['=who = null', {}, true],
    ['=day < "2026-12-01"', { day: "2026-11-22" }, true],
    ['=text = "say \\"no\\""', { text: 'say "no"' }, true],
    ["=insured", { insured: true }, true],
    ["=not(insured)", {}, false],
  ])("%s of %j is %s", (condition, values, expected) => {
    expect(holds(condition, values)).toBe(expected);
  });

  it.each(["", "=", "=a =", "=a = 1)", "=(a = 1", "=count(items) > 1", "=a in [1..5]", "=if a then b else c", '="open', "=a & b", "=not a"])(
    "%j cannot be read here and hides nothing",
    (condition) => {
      expect(isReadable(condition)).toBe(false);
      expect(holds(condition, { a: 1 })).toBe(false);
    },
  );
});
