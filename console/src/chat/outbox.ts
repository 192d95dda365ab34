import { fieldsOf, textOf, textOrNull } from "./reading";
import type { Keep } from "./storage";

const PREFIX = "yiwen.chat.outbox.";
const STALE_AFTER_MS = 24 * 60 * 60 * 1000;

export const MAX_TRIES = 3;

/** A message the server has not acknowledged; `failure` is a sentence for the customer, null while it is on its way. */
export interface Unsent {
  readonly messageId: string;
  readonly text: string;
  readonly writtenAt: string;
  readonly tries: number;
  readonly failure: string | null;
}

export type Outbox = readonly Unsent[];

export function withUnsent(outbox: Outbox, unsent: Unsent): Outbox {
  const others = outbox.filter((other) => other.messageId !== unsent.messageId);
  return [...others, unsent].sort(byWriting);
}

export function withoutUnsent(outbox: Outbox, messageId: string): Outbox {
  return outbox.filter((unsent) => unsent.messageId !== messageId);
}

export function nextToSend(outbox: Outbox): Unsent | null {
  return outbox.find((unsent) => unsent.failure === null) ?? null;
}

/** After an unanswered try: once more with the same id, until the tries are used up. */
export function triedInVain(unsent: Unsent, failure: string): Unsent {
  const tries = unsent.tries + 1;
  return { ...unsent, tries, failure: tries >= MAX_TRIES ? failure : null };
}

export function refused(unsent: Unsent, failure: string): Unsent {
  return { ...unsent, failure };
}

export function retried(unsent: Unsent): Unsent {
  return { ...unsent, tries: 0, failure: null };
}

/** What an earlier visit left; a message older than a day waits for the customer's word before it goes. */
export function loadOutbox(keep: Keep, now: Date, staleFailure: string): Outbox {
  return keep
    .keys(PREFIX)
    .map((key) => readUnsent(keep.get(key)))
    .filter((unsent): unsent is Unsent => unsent !== null)
    .map((unsent) => (isStale(unsent, now) ? refused(unsent, staleFailure) : unsent))
    .sort(byWriting);
}

/** One key a message, so that two tabs do not overwrite each other's outbox. */
export function keepUnsent(keep: Keep, unsent: Unsent): void {
  keep.set(PREFIX + unsent.messageId, JSON.stringify(unsent));
}

export function forgetUnsent(keep: Keep, messageId: string): void {
  keep.remove(PREFIX + messageId);
}

function isStale(unsent: Unsent, now: Date): boolean {
  return now.getTime() - Date.parse(unsent.writtenAt) > STALE_AFTER_MS;
}

function byWriting(one: Unsent, other: Unsent): number {
  return Date.parse(one.writtenAt) - Date.parse(other.writtenAt);
}

function readUnsent(raw: string | null): Unsent | null {
  const fields = fieldsOf(parsed(raw));
  const messageId = textOrNull(fields?.messageId);
  const text = textOrNull(fields?.text);
  const writtenAt = textOf(fields?.writtenAt);
  if (messageId === null || text === null || Number.isNaN(Date.parse(writtenAt))) return null;
  return { messageId, text, writtenAt, tries: 0, failure: textOrNull(fields?.failure) };
}

function parsed(raw: string | null): unknown {
  try {
    return JSON.parse(raw ?? "null");
  } catch {
    return null;
  }
}
