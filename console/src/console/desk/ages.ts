import type { Row } from "./types";

export type Tone = "calm" | "soon" | "late";

const MINUTE = 60_000;
/** The last quarter of the allowed time is the time to hurry. */
const SOON = 0.75;
const USUAL_WAIT_MS = 3 * MINUTE;

/** `45秒`-like pieces: what to say of a length of time, in the biggest unit that fits. */
export interface Span {
  readonly unit: "seconds" | "minutes" | "hours" | "days";
  readonly count: number;
}

export function spanOf(ms: number): Span {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return { unit: "seconds", count: seconds };
  if (seconds < 3600) return { unit: "minutes", count: Math.floor(seconds / 60) };
  if (seconds < 86_400) return { unit: "hours", count: Math.floor(seconds / 3600) };
  return { unit: "days", count: Math.floor(seconds / 86_400) };
}

/** Since when somebody waits for us; null: nobody does. */
export function waitsSince(row: Row): string | null {
  return row.owner === "queue" ? (row.queued_at ?? row.waiting_since) : row.waiting_since;
}

/** The colour of a wait: by the hour it is due, or else by the usual patience. */
export function toneOf(row: Row, now: number): Tone {
  const since = waitsSince(row);
  if (since === null) return "calm";
  const start = Date.parse(since);
  const due = row.due_at === null ? start + USUAL_WAIT_MS : Date.parse(row.due_at);
  if (now >= due) return "late";
  return now >= start + (due - start) * SOON ? "soon" : "calm";
}

/** Seconds until an offer to me moves on; null where there is none, or it is over. */
export function offerLeft(row: Row, me: string, now: number): number | null {
  if (row.owner !== "queue" || row.offered_to !== me || row.offered_until === null) return null;
  const left = Math.ceil((Date.parse(row.offered_until) - now) / 1000);
  return left > 0 ? left : null;
}

/** `02:05` of seconds: for clocks that run. */
export function clockOf(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  const pad = (number: number): string => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${pad(minutes)}:${pad(whole % 60)}`;
}
