const OFFSET_MS = 8 * 60 * 60 * 1000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `11-22 14:05` in Shanghai, with the year where it is another one. */
export function moment(at: string | null | undefined, now: Date = new Date()): string {
  if (at === null || at === undefined) return "";
  const shown = local(new Date(at));
  return shown.slice(0, 4) === local(now).slice(0, 4) ? shown.slice(5) : shown;
}

function local(at: Date): string {
  return new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 16).replace("T", " ");
}

/** The day in Shanghai: `2026-11-22`. */
export function day(at: string | Date): string {
  return local(new Date(at)).slice(0, 10);
}

export interface SpanWords {
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
}

const SHORT: SpanWords = { day: "d", hour: "h", minute: "m" };

/** The two largest parts of a length of time: `3d 4h`, `2h 5m`, `0m`. */
export function span(seconds: number, words: SpanWords = SHORT): string {
  const whole = Math.abs(Math.round(seconds));
  const parts: [number, string][] = [
    [Math.floor(whole / DAY), words.day],
    [Math.floor((whole % DAY) / HOUR), words.hour],
    [Math.floor((whole % HOUR) / MINUTE), words.minute],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return `0${words.minute}`;
  const told = parts.slice(first, first + 2).filter(([count]) => count > 0);
  return told.map(([count, word]) => `${String(count)}${word}`).join(" ");
}

const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** The seconds of an ISO 8601 duration of days and less; null for anything else. */
export function secondsOf(duration: string): number | null {
  const parts = ISO.exec(duration);
  if (parts === null || duration === "P" || duration.endsWith("T")) return null;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return (days ?? 0) * DAY + (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE + (seconds ?? 0);
}

/** A length of working time, whose days are no days: `40h`, `7h 30m`. */
export function workingSpan(seconds: number, words: SpanWords = SHORT): string {
  const [hours, minutes] = [Math.floor(seconds / HOUR), Math.floor((seconds % HOUR) / MINUTE)];
  const told = [hours > 0 ? `${String(hours)}${words.hour}` : "", minutes > 0 ? `${String(minutes)}${words.minute}` : ""];
  return told.filter((part) => part !== "").join(" ") || `0${words.minute}`;
}

/** The ISO 8601 duration somebody wrote in the page's words (`1天 16小时`, `2d`); null for anything else. */
export function isoOf(text: string, words: SpanWords): string | null {
  const wanted = text.replace(/\s+/g, "").toLowerCase();
  if (secondsOf(wanted.toUpperCase()) !== null) return wanted.toUpperCase();
  const part = (word: string, letter: string): string => `(?:(\\d+)(?:${word}|${letter}))?`;
  const found = new RegExp(`^${part(words.day, "d")}${part(words.hour, "h")}${part(words.minute, "m")}$`).exec(wanted);
  const [days, hours, minutes] = (found?.slice(1) ?? []).map((count) => (count === undefined ? "" : String(Number(count))));
  const time = `${hours ? `${hours}H` : ""}${minutes ? `${minutes}M` : ""}`;
  const date = days ? `${days}D` : "";
  return date === "" && time === "" ? null : `P${date}${time === "" ? "" : `T${time}`}`;
}

/** The ISO 8601 duration of so many seconds, in hours and less. */
export function durationOf(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / HOUR);
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  const rest = whole % MINUTE;
  const said = (hours ? `${String(hours)}H` : "") + (minutes ? `${String(minutes)}M` : "") + (rest ? `${String(rest)}S` : "");
  return said === "" ? "PT0S" : `PT${said}`;
}
