import type { Schemas } from "@/api/client";

export type Clock = Schemas["ClockOut"];

/** A clock of a ticket as a bar: how much of its time is gone, and how that looks. */
export interface Bar {
  readonly clock: Clock;
  readonly share: number;
  readonly tone: "good" | "warn" | "bad" | "over";
  readonly isRunning: boolean;
}

/** The bars of a ticket, what is most pressing first, what is over last. */
export function barsOf(clocks: readonly Clock[], now: Date): Bar[] {
  return clocks.map((clock) => barOf(clock, now)).sort((a, b) => rank(a) - rank(b) || due(a) - due(b));
}

function barOf(clock: Clock, now: Date): Bar {
  const isRunning = clock.stopped_at === null;
  const share = clock.target_seconds > 0 ? Math.min(1, Math.max(0, clock.used_seconds / clock.target_seconds)) : 1;
  return { clock, share, isRunning, tone: toneOf(clock, isRunning, now) };
}

function toneOf(clock: Clock, isRunning: boolean, now: Date): Bar["tone"] {
  if (isPassed(clock.breached_at, now) || (isRunning && isPassed(clock.due_at, now))) return "bad";
  if (!isRunning) return "over";
  return isPassed(clock.warned_at, now) || isPassed(clock.warn_at, now) ? "warn" : "good";
}

function isPassed(at: string | null, now: Date): boolean {
  return at !== null && new Date(at) <= now;
}

function rank(bar: Bar): number {
  if (!bar.isRunning) return 3;
  return { bad: 0, warn: 1, good: 2, over: 3 }[bar.tone];
}

function due(bar: Bar): number {
  return bar.clock.due_at === null ? Number.MAX_SAFE_INTEGER : new Date(bar.clock.due_at).getTime();
}
