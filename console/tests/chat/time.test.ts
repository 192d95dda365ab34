import { describe, expect, it } from "vitest";

import { clockLabel, dayKey, dayLabel, momentLabel } from "../../src/chat/time";

const NOW = new Date("2026-11-22T06:00:00Z");

describe("times for customers", () => {
  it("are shown in Shanghai's time, whatever offset they came with", () => {
    expect(clockLabel("2026-11-22T06:05:00Z")).toBe("14:05");
    expect(clockLabel("2026-11-22T14:05:00+08:00")).toBe("14:05");
    expect(clockLabel("2026-11-22T01:05:59-05:00")).toBe("14:05");
  });

  it("change the day at midnight in Shanghai, not in Greenwich", () => {
    expect(dayKey("2026-11-21T15:59:59Z")).toBe("2026-11-21");
    expect(dayKey("2026-11-21T16:00:00Z")).toBe("2026-11-22");
  });

  it.each([
    ["2026-11-22T05:00:00Z", "今天"],
    ["2026-11-21T15:00:00Z", "昨天"],
    ["2026-11-20T05:00:00Z", "11月20日 星期五"],
    ["2025-12-31T05:00:00Z", "2025年12月31日 星期三"],
  ])("name the day of %s as %s", (at, label) => {
    expect(dayLabel(at, NOW)).toBe(label);
  });

  it("say month, day and clock, and the year only when it is another one", () => {
    expect(momentLabel("2026-11-22T06:05:00Z", NOW)).toBe("11月22日 14:05");
    expect(momentLabel("2027-01-01T00:00:00+08:00", NOW)).toBe("2027年1月1日 00:00");
  });
});
