import { describe, expect, it } from "vitest";

import { barsOf } from "@/console/tickets/bars";

import { clock } from "./fakes";

const NOW = new Date("2026-11-22T06:00:00Z");
const BEFORE = "2026-11-22T05:00:00Z";
const one = (changes: Parameters<typeof clock>[0]): ReturnType<typeof barsOf>[number] | undefined => barsOf([clock(changes)], NOW)[0];

describe("a bar of time", () => {
  it("shows how much is gone", () => {
    expect(one({})?.share).toBe(0.25);
  });

  it("never shows less than nothing or more than all", () => {
    expect(one({ used_seconds: 9999 })?.share).toBe(1);
    expect(one({ used_seconds: -5 })?.share).toBe(0);
    expect(one({ target_seconds: 0 })?.share).toBe(1);
  });

  it.each([
    [{}, "good"],
    [{ warn_at: BEFORE }, "warn"],
    [{ warned_at: BEFORE }, "warn"],
    [{ due_at: BEFORE }, "bad"],
    [{ breached_at: BEFORE }, "bad"],
    [{ due_at: null, warn_at: null }, "good"],
    [{ stopped_at: BEFORE }, "over"],
    [{ stopped_at: BEFORE, due_at: BEFORE }, "over"],
    [{ stopped_at: BEFORE, breached_at: BEFORE }, "bad"],
  ])("%j looks %s", (changes, tone) => {
    expect(one(changes)?.tone).toBe(tone);
  });

  it("stands before those less pressing, what is over last", () => {
    const clocks = [
      clock({ id: 1, stopped_at: BEFORE, breached_at: BEFORE }),
      clock({ id: 2, due_at: "2026-11-22T09:00:00Z" }),
      clock({ id: 3 }),
      clock({ id: 4, warned_at: BEFORE }),
      clock({ id: 5, due_at: BEFORE }),
      clock({ id: 6, due_at: null, warn_at: null }),
    ];
    expect(barsOf(clocks, NOW).map((bar) => bar.clock.id)).toEqual([5, 4, 3, 2, 6, 1]);
  });
});
