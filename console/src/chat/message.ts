import { type Card, readCard } from "./card";
import { fieldsOf, listOf, momentOf, textOf, textOrNull, wordOf } from "./reading";

const AUTHORS = ["customer", "bot", "agent", "system"] as const;

export type Author = (typeof AUTHORS)[number];

export interface QuickReply {
  readonly title: string;
  readonly payload: string;
}

/** A stored message; `seq` numbers both directions within the conversation, from 1. */
export interface Message {
  readonly seq: number;
  readonly at: string;
  readonly author: Author;
  readonly text: string;
  readonly buttons: readonly QuickReply[];
  readonly card: Card | null;
  readonly messageId: string | null;
}

export interface HistoryPage {
  readonly messages: readonly Message[];
  readonly lastSeq: number;
  readonly more: boolean;
}

/** A message of `history`, or null when it has no number or moment and so no place. */
export function readMessage(raw: unknown): Message | null {
  const fields = fieldsOf(raw);
  const at = momentOf(fields?.at);
  if (fields === null || at === null || !isSeq(fields.seq)) return null;
  return {
    seq: fields.seq,
    at,
    author: wordOf(fields.author, AUTHORS, "system"),
    text: textOf(fields.text),
    buttons: listOf(fields.buttons, readQuickReply),
    card: readCard(fields.card),
    messageId: textOrNull(fields.message_id),
  };
}

/** A live `bot_uttered`: Rasa's shape, with number, moment and author in `metadata`. */
export function readUtterance(raw: unknown): Message | null {
  const fields = fieldsOf(raw);
  const metadata = fieldsOf(fields?.metadata);
  if (fields === null || metadata === null) return null;
  return readMessage({
    seq: metadata.seq,
    at: metadata.at,
    author: metadata.author ?? "bot",
    text: fields.text,
    buttons: fields.quick_replies,
    card: fieldsOf(fields.custom)?.card,
  });
}

export function readHistory(raw: unknown): HistoryPage | null {
  const fields = fieldsOf(raw);
  if (fields === null) return null;
  return {
    messages: listOf(fields.messages, readMessage),
    lastSeq: isSeq(fields.last_seq) ? fields.last_seq : 0,
    more: fields.more === true,
  };
}

function readQuickReply(raw: unknown): QuickReply | null {
  const fields = fieldsOf(raw);
  const title = textOrNull(fields?.title);
  return title === null ? null : { title, payload: textOrNull(fields?.payload) ?? title };
}

export function isSeq(raw: unknown): raw is number {
  return typeof raw === "number" && Number.isSafeInteger(raw) && raw > 0;
}
