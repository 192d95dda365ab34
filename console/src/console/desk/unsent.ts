import type { Message, Quoted } from "./types";

export const MAX_TRIES = 3;

/** What an agent has said and the server has not confirmed; `failure` is a sentence, null while it is on its way. */
export interface Unsent {
  readonly messageId: string;
  readonly text: string;
  readonly at: string;
  /** The last number that was known when it was written. */
  readonly afterSeq: number;
  readonly quoted: Quoted | null;
  readonly file: File | null;
  /** What to show of a picture until the server has it. */
  readonly preview: string | null;
  /** The ready-made reply it was made of. */
  readonly cannedId: number | null;
  /** Set once the file is with the server: a second try does not send it again. */
  readonly fileId: string | null;
  readonly tries: number;
  readonly failure: string | null;
  /** True while a request for it is out. */
  readonly flying: boolean;
}

export type Outbox = readonly Unsent[];

export function withUnsent(outbox: Outbox, unsent: Unsent): Outbox {
  const known = outbox.some(({ messageId }) => messageId === unsent.messageId);
  if (!known) return [...outbox, unsent];
  return outbox.map((other) => (other.messageId === unsent.messageId ? unsent : other));
}

export function withoutUnsent(outbox: Outbox, messageId: string): Outbox {
  return outbox.filter((unsent) => unsent.messageId !== messageId);
}

/** The oldest that may go; while one is out, or one before it has failed for good, nothing else goes. */
export function nextToSend(outbox: Outbox): Unsent | null {
  const next = outbox.find(({ failure }) => failure === null);
  return next === undefined || next.flying ? null : next;
}

export function failed(unsent: Unsent, failure: string): Unsent {
  return { ...unsent, failure, flying: false };
}

/** After a try nobody answered: once more under the same id, until the tries are used up. */
export function triedInVain(unsent: Unsent, failure: string): Unsent {
  const tries = unsent.tries + 1;
  return { ...unsent, tries, flying: false, failure: tries >= MAX_TRIES ? failure : null };
}

export function retried(unsent: Unsent): Unsent {
  return { ...unsent, tries: 0, failure: null, flying: false };
}

/** What is still to be shown as unsent: an echo over the socket may be quicker than the answer to the request. */
export function withoutEchoes(outbox: Outbox, messages: readonly Message[], me: string): Outbox {
  const taken = new Set<number>();
  return outbox.filter((unsent) => {
    const echo = messages.find((message) => !taken.has(message.seq) && isEcho(unsent, message, me));
    if (echo !== undefined) taken.add(echo.seq);
    return echo === undefined;
  });
}

function isEcho(unsent: Unsent, message: Message, me: string): boolean {
  if (message.author !== "agent" || message.said_by !== me || message.seq <= unsent.afterSeq) return false;
  const fileId = (message.card as { file_id?: unknown } | null)?.file_id ?? null;
  // A file without words is given some by the server.
  const saysTheSame = unsent.text === "" || message.text.trim() === unsent.text.trim();
  return saysTheSame && fileId === unsent.fileId;
}
