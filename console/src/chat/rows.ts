import { type Message, ownWords, type QuickReply } from "./message";
import { scoreGiven } from "./survey";
import { hasMessageId, type Timeline } from "./timeline";
import { clockLabel, dayKey, dayLabel } from "./time";
import type { Outbox, Unsent } from "./outbox";

export interface DayRow {
  readonly kind: "day";
  readonly key: string;
  readonly label: string;
}

export interface MessageRow {
  readonly kind: "message";
  readonly key: string;
  readonly message: Message;
  readonly delivery: "sent" | "sending" | "failed";
  readonly failure: string | null;
  /** The first of a run by one author names the author; the last of a minute shows the time. */
  readonly startsRun: boolean;
  readonly showsTime: boolean;
  readonly replies: readonly QuickReplyState[];
  /** What a survey was answered with so far, or null. */
  readonly score: number | null;
}

export interface QuickReplyState extends QuickReply {
  readonly used: boolean;
  readonly disabled: boolean;
}

export type Row = DayRow | MessageRow;

/** What the log shows, top to bottom: days, stored messages by number, then what is not sent yet. */
export function rowsOf(timeline: Timeline, outbox: Outbox, now: Date): readonly Row[] {
  const waiting = outbox.filter((unsent) => !hasMessageId(timeline, unsent.messageId));
  const messages = [...timeline.messages, ...waiting.map(asMessage)];
  const unsentById = new Map(waiting.map((unsent) => [unsent.messageId, unsent]));
  const rows: Row[] = [];
  let day = "";
  messages.forEach((message, index) => {
    const unsent = unsentById.get(message.messageId ?? "") ?? null;
    // A message left over from an earlier day stands below today's: it opens no day of its own.
    const opensDay = dayKey(message.at) > day;
    if (opensDay) {
      day = dayKey(message.at);
      rows.push({ kind: "day", key: `day-${day}`, label: dayLabel(message.at, now) });
    }
    rows.push(messageRow(messages, index, unsent, opensDay));
  });
  return rows;
}

/** What a row shows: while these are the same, a long conversation need not draw it again. */
export function marksOf(row: Row): readonly unknown[] {
  if (row.kind === "day") return [row.label];
  const replies = row.replies.map((reply) => (reply.used ? "used" : reply.disabled)).join();
  return [row.message, row.delivery, row.failure, row.startsRun, row.showsTime, replies, row.score];
}

function messageRow(
  messages: readonly Message[],
  index: number,
  unsent: Unsent | null,
  opensDay: boolean,
): MessageRow {
  const message = messages[index] as Message;
  return {
    kind: "message",
    key: message.messageId ?? `seq-${message.seq}`,
    message,
    delivery: deliveryOf(unsent),
    failure: unsent?.failure ?? null,
    startsRun: opensDay || !isSameSpeaker(message, messages[index - 1]),
    showsTime: !sameMinuteAndAuthor(message, messages[index + 1]),
    replies: message.card?.type === "survey" ? [] : quickReplyStates(messages, index),
    score: message.card?.type === "survey" ? scoreGiven(messages, index) : null,
  };
}

/** Quick replies serve until the customer has said anything after them; the one that was said is marked. */
function quickReplyStates(messages: readonly Message[], index: number): QuickReplyState[] {
  const buttons = messages[index]?.buttons ?? [];
  if (buttons.length === 0) return [];
  const answer = messages.slice(index + 1).find((later) => later.author === "customer");
  return buttons.map((button) => ({
    ...button,
    used: answer?.text === button.payload,
    disabled: answer !== undefined,
  }));
}

function isSameSpeaker(message: Message, before: Message | undefined): boolean {
  return before?.author === message.author && before.agentName === message.agentName;
}

function deliveryOf(unsent: Unsent | null): MessageRow["delivery"] {
  if (unsent === null) return "sent";
  return unsent.failure === null ? "sending" : "failed";
}

function asMessage(unsent: Unsent): Message {
  return ownWords(0, unsent.writtenAt, unsent.text, unsent.messageId);
}

function sameMinuteAndAuthor(message: Message, next: Message | undefined): boolean {
  if (next === undefined || next.author !== message.author) return false;
  return dayKey(next.at) === dayKey(message.at) && clockLabel(next.at) === clockLabel(message.at);
}
