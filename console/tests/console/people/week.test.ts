import { describe, expect, it } from "vitest";

import { listOf, matching, type Person } from "@/console/people/people";
import { doubled, inForce, keyOf, type Rule, sorted, withTarget, wrongTargets } from "@/console/people/policies";
import { blocksOf, hoursOf, read, spanOf, type Week } from "@/console/people/week";

const week = (changes: Partial<Week>): Week => ({ mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [], ...changes });

describe("hours of a day", () => {
  it.each([
    ["09:00-12:00", { from: 540, to: 720 }],
    ["22:00-06:00", { from: 1320, to: 360 }],
    ["00:00-24:00", { from: 0, to: 1440 }],
    [" 08:30-09:15 ", { from: 510, to: 555 }],
  ])("%s are understood", (text, span) => {
    expect(spanOf(text)).toEqual(span);
  });

  it.each(["", "9:00-12:00", "09:00", "24:00-01:00", "09:00-24:30", "09:60-10:00", "09:00-09:00", "25:00-26:00"])("%j are not", (text) => {
    expect(spanOf(text)).toBeNull();
  });

  it("may be typed with Chinese marks", () => {
    expect(read("09：00～12：00，13:30至18:00、x")).toEqual({ intervals: ["09:00-12:00", "13:30-18:00"], wrong: ["x"] });
    expect(read("  ")).toEqual({ intervals: [], wrong: [] });
  });
});

describe("a week", () => {
  it("is shown in blocks", () => {
    expect(blocksOf(week({ tue: ["06:00-12:00"] }))).toEqual([{ day: 1, from: 0.25, share: 0.25, words: "06:00-12:00" }]);
  });

  it("goes on the day after midnight, from Sunday on Monday", () => {
    const blocks = blocksOf(week({ sun: ["18:00-06:00"] }));
    expect(blocks.map((block) => [block.day, block.from, block.share])).toEqual([[6, 0.75, 0.25], [0, 0, 0.25]]);
  });

  it("that ends at midnight has no rest", () => {
    expect(blocksOf(week({ mon: ["18:00-00:00"] }))).toHaveLength(1);
  });

  it("has hours", () => {
    expect(hoursOf(week({ mon: ["09:00-12:00", "13:30-18:00"], fri: ["22:00-06:00"] }))).toBe(15.5);
    expect(hoursOf(week({}))).toBe(0);
  });
});

describe("time limits", () => {
  const rule = (kind: string, priority: Rule["priority"], targets: Record<string, string> = {}): Rule => ({ kind, priority, targets, calendars: {}, steps: {} });

  it("stand from the least to the most specific", () => {
    const rules = [rule("lost", "urgent"), rule("*", "high"), rule("damage", "*"), rule("*", "*")];
    expect(sorted(rules).map(keyOf)).toEqual(["*/*", "*/high", "damage/*", "lost/urgent"]);
  });

  it("are changed one at a time, and taken from above when emptied", () => {
    const changed = withTarget(rule("*", "*", { claim: "PT30M" }), "solution", " pt8h ");
    expect(changed.targets).toEqual({ claim: "PT30M", solution: "PT8H" });
    expect(withTarget(changed, "claim", "").targets).toEqual({ solution: "PT8H" });
  });

  it.each(["8h", "PT0S", "P91D", "PT", "-PT1H"])("%s is no limit", (text) => {
    expect(wrongTargets(rule("*", "*", { claim: text }))).toEqual(["claim"]);
  });

  it("may not be said twice", () => {
    expect(doubled([rule("*", "*"), rule("lost", "*"), rule("*", "*")])).toEqual(["*/*"]);
  });

  it("come from the most specific row that has one", () => {
    const rules = [rule("*", "*", { claim: "PT30M", step: "PT8H" }), rule("*", "high", { claim: "PT15M" }), rule("lost", "*", { claim: "PT10M" })];
    expect(inForce(rules, "claim", "lost", "high")).toEqual({ duration: "PT10M", from: "lost/*" });
    expect(inForce(rules, "claim", "damage", "high")).toEqual({ duration: "PT15M", from: "*/high" });
    expect(inForce(rules, "step", "lost", "high")).toEqual({ duration: "PT8H", from: "*/*" });
    expect(inForce(rules, "promise", "lost", "high")).toBeNull();
  });
});

describe("people", () => {
  const person = (username: string, display_name: string): Person => ({ username, display_name, role: "agent", is_active: true, created_at: "2026-11-22T00:00:00Z" });
  const people = [person("anna", "安娜"), person("wei", "Wei Zhang")];

  it("are found by either name, whatever the case", () => {
    expect(matching(people, "安").map((each) => each.username)).toEqual(["anna"]);
    expect(matching(people, " ZHANG ").map((each) => each.username)).toEqual(["wei"]);
    expect(matching(people, "")).toHaveLength(2);
  });

  it("have skills that are typed between commas of any kind", () => {
    expect(listOf("升级投诉，高额理赔、华东, 华东")).toEqual(["升级投诉", "高额理赔", "华东"]);
    expect(listOf(" ")).toEqual([]);
  });
});
