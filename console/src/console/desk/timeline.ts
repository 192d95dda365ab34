import type { Message, Note, Page } from "./types";

/** What is known of one conversation: messages by `seq`, each once; notes by id, each once. */
export interface Timeline {
  readonly messages: readonly Message[];
  readonly notes: readonly Note[];
  /** Ask for what is before this; null at the beginning of everything. */
  readonly before: number | null;
  /** False until a first page has come. */
  readonly loaded: boolean;
  /** No number up to this one is missing after the first that is known. */
  readonly completeTo: number;
  /** What stands after this number came while the line was down; null: nothing did. */
  readonly missedAfter: number | null;
}

export const EMPTY: Timeline = {
  messages: [], notes: [], before: null, loaded: false, completeTo: 0, missedAfter: null,
};

export function lastSeq(timeline: Timeline): number {
  return timeline.messages.at(-1)?.seq ?? 0;
}

/** True when a number between the first and the last known is missing. */
export function hasGap(timeline: Timeline): boolean {
  return timeline.loaded && lastSeq(timeline) > timeline.completeTo;
}

/** Take in one message; a retraction that is known already is not forgotten. */
export function withMessage(timeline: Timeline, message: Message): Timeline {
  return advanced({ ...timeline, messages: merged(timeline.messages, [message]) });
}

export function withNote(timeline: Timeline, note: Note): Timeline {
  return { ...timeline, notes: mergedNotes(timeline.notes, [note]) };
}

/** The newest page, or one further up: it says itself where the next one ends. */
export function withPage(timeline: Timeline, page: Page): Timeline {
  const isOlder = timeline.loaded && isBefore(page, timeline);
  const before = timeline.loaded && !isOlder ? timeline.before : page.before;
  return advanced({
    ...timeline,
    messages: merged(timeline.messages, page.messages),
    notes: mergedNotes(timeline.notes, page.notes),
    loaded: true,
    before,
  });
}

/** What came after a number, asked for because it was missing: with it nothing is missing any more. */
export function withCatchUp(timeline: Timeline, page: Pick<Page, "messages" | "notes">): Timeline {
  const messages = merged(timeline.messages, page.messages);
  const completeTo = Math.max(timeline.completeTo, messages.at(-1)?.seq ?? 0);
  return { ...timeline, messages, notes: mergedNotes(timeline.notes, page.notes), completeTo };
}

/** The same after the line was down: what is new stands below a line that says so. */
export function withMissed(timeline: Timeline, page: Pick<Page, "messages" | "notes">): Timeline {
  const known = lastSeq(timeline);
  const caughtUp = withCatchUp(timeline, page);
  const isNew = page.messages.some(({ seq }) => seq > known);
  return isNew ? { ...caughtUp, missedAfter: timeline.missedAfter ?? known } : caughtUp;
}

export function withoutMissed(timeline: Timeline): Timeline {
  return timeline.missedAfter === null ? timeline : { ...timeline, missedAfter: null };
}

export function withRetracted(timeline: Timeline, seq: number, at: string | null): Timeline {
  const messages = timeline.messages.map((message) =>
    message.seq === seq ? { ...message, retracted_at: at } : message,
  );
  return { ...timeline, messages };
}

/** Keep the newest only, so that a cache of many long conversations stays small. */
export function trimmed(timeline: Timeline, most: number): Timeline {
  if (timeline.messages.length <= most) return timeline;
  const messages = timeline.messages.slice(-most);
  const first = messages[0]?.seq ?? 0;
  return { ...timeline, messages, notes: timeline.notes.filter((note) => note.after_seq >= first), before: first };
}

function isBefore(page: Page, timeline: Timeline): boolean {
  const first = timeline.messages[0]?.seq ?? Number.MAX_SAFE_INTEGER;
  return page.messages.every(({ seq }) => seq < first);
}

function merged(known: readonly Message[], added: readonly Message[]): readonly Message[] {
  if (added.length === 0) return known;
  const bySeq = new Map(known.map((message) => [message.seq, message]));
  for (const message of added) {
    const retracted_at = message.retracted_at ?? bySeq.get(message.seq)?.retracted_at ?? null;
    bySeq.set(message.seq, { ...message, retracted_at });
  }
  return [...bySeq.values()].sort((one, other) => one.seq - other.seq);
}

function mergedNotes(known: readonly Note[], added: readonly Note[]): readonly Note[] {
  if (added.length === 0) return known;
  const byId = new Map([...known, ...added].map((note) => [note.id, note]));
  return [...byId.values()].sort((one, other) => one.after_seq - other.after_seq || one.id - other.id);
}

function advanced(timeline: Timeline): Timeline {
  const first = timeline.messages[0]?.seq ?? 0;
  let completeTo = Math.max(timeline.completeTo, first);
  for (const { seq } of timeline.messages) {
    if (seq === completeTo + 1) completeTo = seq;
  }
  return { ...timeline, completeTo };
}
