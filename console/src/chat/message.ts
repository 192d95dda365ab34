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
  /** Which person said it, where a person did. */
  readonly agentName: string | null;
  readonly quoted: Quoted | null;
  readonly retracted: boolean;
}

/** The message another one replies to. */
export interface Quoted {
  readonly seq: number;
  readonly author: Author;
  readonly text: string;
}

export interface HistoryPage {
  readonly messages: readonly Message[];
  readonly lastSeq: number;
  readonly more: boolean;
  /** How far this customer has read, on whatever device. */
  readonly seenSeq: number;
}

/** A message of `history`, or null when it has no number or moment and so no place. */
export function readMessage(raw: unknown): Message | null {
  const fields = fieldsOf(raw);
  const at = momentOf(fields?.at);
  if (fields === null || at === null || !isSeq(fields.seq)) return null;
  const retracted = fields.retracted === true;
  return {
    seq: fields.seq,
    at,
    author: wordOf(fields.author, AUTHORS, "system"),
    text: retracted ? "" : textOf(fields.text),
    buttons: retracted ? [] : listOf(fields.buttons, readQuickReply),
    card: retracted ? null : readCard(fields.card),
    messageId: textOrNull(fields.message_id),
    agentName: textOrNull(fields.agent_name),
    quoted: retracted ? null : readQuoted(fields.quoted),
    retracted,
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
    agent_name: metadata.agent_name,
    quoted: metadata.quoted,
    retracted: metadata.retracted,
  });
}

export function readHistory(raw: unknown): HistoryPage | null {
  const fields = fieldsOf(raw);
  if (fields === null) return null;
  return {
    messages: listOf(fields.messages, readMessage),
    lastSeq: isSeq(fields.last_seq) ? fields.last_seq : 0,
    more: fields.more === true,
    seenSeq: isSeq(fields.seen_seq) ? fields.seen_seq : 0,
  };
}

/** What is left of a message that was taken back. */
export function withdrawn(message: Message): Message {
  return { ...message, text: "", buttons: [], card: null, quoted: null, retracted: true };
}

function readQuoted(raw: unknown): Quoted | null {
  const fields = fieldsOf(raw);
  if (fields === null || !isSeq(fields.seq)) return null;
  return { seq: fields.seq, author: wordOf(fields.author, AUTHORS, "system"), text: textOf(fields.text) };
}

/** A message of the customer's own that only its words make. */
export function ownWords(seq: number, at: string, text: string, messageId: string): Message {
  const rest = { buttons: [], card: null, agentName: null, quoted: null, retracted: false };
  return { seq, at, author: "customer", text, messageId, ...rest };
}

function readQuickReply(raw: unknown): QuickReply | null {
  const fields = fieldsOf(raw);
  const title = textOrNull(fields?.title);
  return title === null ? null : { title, payload: textOrNull(fields?.payload) ?? title };
}

export function isSeq(raw: unknown): raw is number {
  return typeof raw === "number" && Number.isSafeInteger(raw) && raw > 0;
}
