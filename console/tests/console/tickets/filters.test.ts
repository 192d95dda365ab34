import { describe, expect, it } from "vitest";

import { type Filters, howMany, NOTHING_WANTED, question, read, same, write } from "@/console/tickets/filters";

const wanted = (changes: Partial<Filters>): Filters => ({ ...NOTHING_WANTED, ...changes });

describe("filters in an address", () => {
  it("ask for everything when it says nothing", () => {
    expect(read({})).toEqual(NOTHING_WANTED);
    expect(write(NOTHING_WANTED)).toEqual({});
  });

  it("come back as they were written", () => {
    const filters = wanted({ q: "外箱 破", state: "open", queue: "claims", overdue: true, opened_from: "2026-11-01", sort: "due" });
    expect(read(write(filters))).toEqual(filters);
  });

  it.each([
    [{ state: "lost" }, "state", ""],
    [{ priority: "asap" }, "priority", ""],
    [{ severity: ["major"] }, "severity", ""],
    [{ sort: "random" }, "sort", "newest"],
    [{ opened_from: "yesterday" }, "opened_from", ""],
    [{ opened_before: "2026-11-1" }, "opened_before", ""],
    [{ q: 5 }, "q", ""],
  ] as const)("leave out %j", (said, name, left) => {
    expect(read(said)[name]).toBe(left);
  });

  it("read a switch that was kept as text or as itself", () => {
    expect([read({ overdue: "true" }).overdue, read({ overdue: true }).overdue, read({ overdue: "no" }).overdue]).toEqual([true, true, false]);
  });

  it("cut what is too long to be looked for", () => {
    expect(read({ q: "长".repeat(200) }).q).toHaveLength(100);
  });

  it("do not mind a view or a page that is not theirs", () => {
    expect(read({ view: "board", cursor: "x" })).toEqual(NOTHING_WANTED);
  });
});

describe("two filters", () => {
  it("are the same when they ask for the same", () => {
    expect(same(wanted({ kind: "lost" }), read({ kind: "lost", sort: "newest" }))).toBe(true);
    expect(same(wanted({ kind: "lost" }), wanted({ kind: "lost", vip: true } as Partial<Filters>))).toBe(true);
    expect(same(wanted({ kind: "lost" }), NOTHING_WANTED)).toBe(false);
    expect(same(NOTHING_WANTED, wanted({ unassigned: true }))).toBe(false);
  });

  it("are counted without the order and the words", () => {
    expect(howMany(wanted({ q: "破", sort: "due" }))).toBe(0);
    expect(howMany(wanted({ kind: "lost", overdue: true }))).toBe(2);
  });
});

describe("the question to the house", () => {
  it("says only what is asked for", () => {
    expect(question(NOTHING_WANTED)).toEqual({ sort: "newest" });
    expect(question(wanted({ kind: "lost", unassigned: true }))).toEqual({ kind: "lost", unassigned: true, sort: "newest" });
  });

  it("has no order where words are looked for", () => {
    expect(question(wanted({ q: " 0001 ", sort: "due" }))).toEqual({ q: "0001" });
  });

  it("takes days as those of Shanghai, the last one included", () => {
    const asked = question(wanted({ opened_from: "2026-11-30", opened_before: "2026-11-30" }));
    expect([asked.opened_from, asked.opened_before]).toEqual(["2026-11-30T00:00:00+08:00", "2026-12-01T00:00:00+08:00"]);
  });
});
