import type { Schemas } from "@/api/client";

export type Week = Schemas["Week"];
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];

/** Hours of one day of the week view, as shares of its 24 hours. */
export interface Block {
  readonly day: number;
  readonly from: number;
  readonly share: number;
  readonly words: string;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const INTERVAL = /^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$/;
const WHOLE = 24 * 60;

/** Minutes of a day of `09:00-12:00`; ends before it starts: overnight. Null for anything else. */
export function spanOf(interval: string): Span | null {
  const parts = INTERVAL.exec(interval.trim());
  if (parts === null) return null;
  const [fromHour, fromMinute, toHour, toMinute] = parts.slice(1).map(Number) as [number, number, number, number];
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  return from >= WHOLE || to > WHOLE || from === to ? null : { from, to };
}

/** What a week looks like; what runs past midnight goes on the day after. */
export function blocksOf(week: Week): Block[] {
  return DAYS.flatMap((name, day) => (week[name] ?? []).flatMap((interval) => blocksFor(interval, day)));
}

function blocksFor(words: string, day: number): Block[] {
  const span = spanOf(words);
  if (span === null) return [];
  if (span.to > span.from) return [block(day, span.from, span.to, words)];
  const rest = span.to === 0 ? [] : [block((day + 1) % DAYS.length, 0, span.to, words)];
  return [block(day, span.from, WHOLE, words), ...rest];
}

function block(day: number, from: number, to: number, words: string): Block {
  return { day, from: from / WHOLE, share: (to - from) / WHOLE, words };
}

/** What somebody typed for a day: intervals between commas; those that cannot be read apart. */
export function read(text: string): { readonly intervals: string[]; readonly wrong: string[] } {
  const parts = text.split(/[,，、;；\s]+/).filter((part) => part !== "");
  const plain = parts.map((part) => part.replace(/[–—~～〜至到]/g, "-").replace(/：/g, ":"));
  return { intervals: plain.filter((part) => spanOf(part) !== null), wrong: plain.filter((part) => spanOf(part) === null) };
}

/** The hours of work of a week. */
export function hoursOf(week: Week): number {
  return Math.round(blocksOf(week).reduce((sum, each) => sum + each.share * 24, 0) * 10) / 10;
}
