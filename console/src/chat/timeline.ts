import { type HistoryPage, type Message, withdrawn } from "./message";

/** Everything known of the conversation: ordered by `seq`, each number once. */
export interface Timeline {
  readonly messages: readonly Message[];
  /** Nothing with this number or a lower one is missing. */
  readonly completeTo: number;
}

export const EMPTY_TIMELINE: Timeline = { messages: [], completeTo: 0 };

export function withMessage(timeline: Timeline, message: Message): Timeline {
  return withMessages(timeline, [message]);
}

/** Add a page of history. The last page closes every gap below its end: what it left out is not for the customer. */
export function withHistory(timeline: Timeline, page: HistoryPage): Timeline {
  const merged = withMessages(timeline, page.messages);
  const pageEnd = Math.max(0, ...page.messages.map((message) => message.seq));
  const known = page.more ? pageEnd : Math.max(pageEnd, page.lastSeq);
  return advanced({ ...merged, completeTo: Math.max(merged.completeTo, known) });
}

/** Take back a message: its place stays, its words go. */
export function withoutWords(timeline: Timeline, seq: number): Timeline {
  const messages = timeline.messages.map((message) => (message.seq === seq ? withdrawn(message) : message));
  return { ...timeline, messages };
}

/** How many messages of others stand after a number. */
export function countUnread(timeline: Timeline, seenTo: number): number {
  return timeline.messages.filter(({ seq, author }) => seq > seenTo && author !== "customer").length;
}

export function lastSeq(timeline: Timeline): number {
  return timeline.messages.at(-1)?.seq ?? 0;
}

/** True when something before the newest message has not arrived. */
export function hasGap(timeline: Timeline): boolean {
  return lastSeq(timeline) > timeline.completeTo;
}

export function hasMessageId(timeline: Timeline, messageId: string): boolean {
  return timeline.messages.some((message) => message.messageId === messageId);
}

function withMessages(timeline: Timeline, added: readonly Message[]): Timeline {
  const bySeq = new Map(timeline.messages.map((message) => [message.seq, message]));
  for (const message of added) bySeq.set(message.seq, message);
  const messages = [...bySeq.values()].sort((one, other) => one.seq - other.seq);
  return advanced({ messages, completeTo: timeline.completeTo });
}

function advanced(timeline: Timeline): Timeline {
  let completeTo = timeline.completeTo;
  for (const { seq } of timeline.messages) {
    if (seq === completeTo + 1) completeTo = seq;
  }
  return { messages: timeline.messages, completeTo };
}
