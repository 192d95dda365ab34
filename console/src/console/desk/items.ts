import { dayKey } from "@/chat/time";

import type { Timeline } from "./timeline";
import type { Message, Note } from "./types";
import type { Unsent } from "./unsent";

interface Keyed {
  readonly key: string;
}

export type Item = Keyed &
  (
    | { readonly kind: "day"; readonly at: string }
    | { readonly kind: "missed" }
    | { readonly kind: "note"; readonly note: Note }
    | { readonly kind: "message"; readonly message: Message; readonly startsRun: boolean }
    | { readonly kind: "unsent"; readonly unsent: Unsent }
  );

interface Walk {
  readonly items: Item[];
  day: string;
  previous: Message | null;
}

/** What the log shows, top to bottom: days, messages, notes where they were left, then what is not sent. */
export function itemsOf(timeline: Timeline, outbox: readonly Unsent[]): readonly Item[] {
  const walk: Walk = { items: [], day: "", previous: null };
  const notes = [...timeline.notes];
  const first = timeline.messages[0]?.seq ?? 0;
  for (const message of timeline.messages) {
    placeNotes(walk, notes, message.seq, first);
    if (timeline.missedAfter !== null && message.seq > timeline.missedAfter && !hasMissed(walk)) {
      push(walk, { kind: "missed", key: "missed" });
    }
    place(walk, message);
  }
  placeNotes(walk, notes, Number.MAX_SAFE_INTEGER, first);
  for (const unsent of outbox) push(walk, { kind: "unsent", key: unsent.messageId, unsent });
  return walk.items;
}

function place(walk: Walk, message: Message): void {
  openDay(walk, message.at);
  const { previous } = walk;
  const startsRun =
    previous === null || previous.author !== message.author || previous.said_by !== message.said_by;
  push(walk, { kind: "message", key: `m${message.seq}`, message, startsRun });
  walk.previous = message;
}

/** Notes left before a message of this number; those above the oldest page wait until it is shown. */
function placeNotes(walk: Walk, notes: Note[], seq: number, first: number): void {
  for (let note = notes[0]; note !== undefined && note.after_seq < seq; note = notes[0]) {
    notes.shift();
    if (note.after_seq < first - 1) continue;
    openDay(walk, note.at);
    push(walk, { kind: "note", key: `n${note.id}`, note });
  }
}

function openDay(walk: Walk, at: string): void {
  const day = dayKey(at);
  if (day <= walk.day) return;
  walk.day = day;
  push(walk, { kind: "day", key: `d${day}`, at });
}

function hasMissed(walk: Walk): boolean {
  return walk.items.some(({ kind }) => kind === "missed");
}

function push(walk: Walk, item: Item): void {
  walk.items.push(item);
  if (item.kind !== "message") walk.previous = null;
}
