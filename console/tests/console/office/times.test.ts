import { describe, expect, it } from "vitest";

import { day, durationOf, isoOf, moment, secondsOf, span, workingSpan } from "@/console/office/times";

const NOW = new Date("2026-11-22T06:30:00Z");

describe("a moment", () => {
  it("is told by the clocks of Shanghai, without this year", () => {
    expect(moment("2026-11-22T06:05:00Z", NOW)).toBe("11-22 14:05");
  });

  it("keeps another year", () => {
    expect(moment("2025-12-31T15:59:00Z", NOW)).toBe("2025-12-31 23:59");
  });

  it("is nothing where there is none", () => {
    expect(moment(null, NOW)).toBe("");
    expect(moment(undefined, NOW)).toBe("");
  });

  it("falls on the day of Shanghai", () => {
    expect(day("2026-11-21T16:00:00Z")).toBe("2026-11-22");
    expect(day(new Date("2026-11-21T15:59:00Z"))).toBe("2026-11-21");
  });
});

describe("a length of time", () => {
  it.each([
    [0, "0m"],
    [59, "0m"],
    [60, "1m"],
    [3600, "1h"],
    [7500, "2h 5m"],
    [86_400, "1d"],
    [86_400 + 60, "1d"],
    [3 * 86_400 + 4 * 3600 + 5 * 60, "3d 4h"],
    [-7500, "2h 5m"],
  ])("%d seconds are told as %s", (seconds, told) => {
    expect(span(seconds)).toBe(told);
  });

  it("is told in the words of the language", () => {
    expect(span(90_000, { day: "天", hour: "小时", minute: "分" })).toBe("1天 1小时");
  });
});

describe("an ISO 8601 duration", () => {
  it.each([
    ["PT30M", 1800],
    ["PT8H", 28_800],
    ["P3D", 259_200],
    ["P1DT2H3M4S", 93_784],
    ["PT0S", 0],
    ["PT1.5S", 1.5],
  ])("%s has %d seconds", (text, seconds) => {
    expect(secondsOf(text)).toBe(seconds);
  });

  it.each(["", "P", "PT", "P1DT", "8h", "PT8", "-PT1H", "P1M", "P1W"])("%j is none", (text) => {
    expect(secondsOf(text)).toBeNull();
  });

  it.each([0, 1, 59, 60, 3600, 3661, 90_061])("%d seconds come back as they were", (seconds) => {
    expect(secondsOf(durationOf(seconds))).toBe(seconds);
  });
});

describe("a length somebody writes", () => {
  const words = { day: "天", hour: "小时", minute: "分" };

  it("is understood in the page's words, in letters, and as the house keeps it", () => {
    expect(["3天", "1天 16小时", "8 小时", "30分", "2D 4h", "PT8H", "p3d"].map((text) => isoOf(text, words))).toEqual(["P3D", "P1DT16H", "PT8H", "PT30M", "P2DT4H", "PT8H", "P3D"]);
  });

  it("is none where it says something else", () => {
    expect(["", "soon", "3", "天", "3天前", "-1小时"].map((text) => isoOf(text, words))).toEqual([null, null, null, null, null, null]);
  });

  it("of work is told in hours, for a day of work is no day", () => {
    expect([40 * 3600, 27_000, 1800, 0].map((seconds) => workingSpan(seconds, words))).toEqual(["40小时", "7小时 30分", "30分", "0分"]);
  });
});
