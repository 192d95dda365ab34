import type { Socket } from "socket.io-client";

import { socketTo } from "@/api/socket";

import { type HistoryPage, isSeq, type Message, readHistory, readUtterance } from "./message";
import { fieldsOf, momentOf, textOf } from "./reading";

const ACK_TIMEOUT_MS = 10_000;

export interface SessionRequest {
  readonly session_id?: string;
  readonly after: number;
  readonly customer_data?: CustomerData;
}

/** What the page that carries us tells: its site, and whom it vouches for. */
export interface CustomerData {
  readonly site: string;
  readonly customer?: Customer;
  readonly signature?: string;
  readonly page?: string;
}

/** A customer as the host page knows them; `at` in whole seconds since 1970. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly vip: boolean;
  readonly at: number;
}

export interface Utterance {
  readonly message: string;
  readonly session_id: string;
  readonly message_id: string;
}

/** What became of an utterance; `unanswered` may or may not have been stored, so it is sent again. */
export type Acknowledgement =
  | { readonly outcome: "stored"; readonly seq: number; readonly at: string }
  | { readonly outcome: "refused"; readonly detail: string }
  | { readonly outcome: "unanswered" };

export interface Listener {
  connected(): void;
  disconnected(): void;
  sessionConfirmed(token: string): void;
  history(page: HistoryPage): void;
  /** A live message, or null for one that could not be read. */
  message(message: Message | null): void;
  typing(on: boolean): void;
  retracted(seq: number): void;
  /** Something was refused; `code` is the error's name. */
  problem(detail: string, code: string): void;
}

/** The way to the server. The only file that knows Socket.IO. */
export interface Connection {
  open(listener: Listener): void;
  requestSession(request: SessionRequest): void;
  utter(utterance: Utterance): Promise<Acknowledgement>;
  seen(seq: number): void;
  writing(on: boolean): void;
  /** Try now instead of waiting for the next attempt. */
  hurry(): void;
  /** Hang up and call again: for a line that is open and silent. */
  restart(): void;
  close(): void;
}

/** Rasa's event names over Socket.IO at `/socket.io` of the given address. */
export function socketConnection(address: string): Connection {
  const socket = socketTo(address);
  return {
    open: (listener) => {
      listen(socket, listener);
      socket.connect();
    },
    requestSession: (request) => void (socket.connected && socket.emit("session_request", request)),
    utter: (utterance) => utter(socket, utterance),
    seen: (seq) => void (socket.connected && socket.emit("seen", { seq })),
    writing: (on) => void (socket.connected && socket.volatile.emit("user_typing", { on })),
    hurry: () => hurry(socket),
    restart: () => void socket.disconnect().connect(),
    close: () => void socket.removeAllListeners().disconnect(),
  };
}

function listen(socket: Socket, listener: Listener): void {
  socket.on("connect", () => listener.connected());
  socket.on("disconnect", (reason) => {
    listener.disconnected();
    // Socket.IO does not come back by itself after the server has hung up.
    if (reason === "io server disconnect") callLater(socket, 1_000);
  });
  socket.on("connect_error", () => {
    listener.disconnected();
    if (!socket.active) callLater(socket, 5_000);
  });
  socket.on("session_confirm", (token: unknown) => {
    if (typeof token === "string" && token !== "") listener.sessionConfirmed(token);
  });
  socket.on("history", (raw: unknown) => {
    const page = readHistory(raw);
    if (page !== null) listener.history(page);
  });
  socket.on("bot_uttered", (raw: unknown) => listener.message(readUtterance(raw)));
  socket.on("bot_typing", (raw: unknown) => listener.typing(fieldsOf(raw)?.on === true));
  socket.on("retracted", (raw: unknown) => {
    const seq = fieldsOf(raw)?.seq;
    if (isSeq(seq)) listener.retracted(seq);
  });
  socket.on("error", (raw: unknown) => {
    const fields = fieldsOf(raw);
    listener.problem(textOf(fields?.detail), textOf(fields?.error));
  });
}

function callLater(socket: Socket, ms: number): void {
  setTimeout(() => {
    if (socket.hasListeners("connect")) socket.connect();
  }, ms);
}

async function utter(socket: Socket, utterance: Utterance): Promise<Acknowledgement> {
  if (!socket.connected) return { outcome: "unanswered" };
  return socket
    .timeout(ACK_TIMEOUT_MS)
    .emitWithAck("user_uttered", utterance)
    .then(readAcknowledgement, () => ({ outcome: "unanswered" as const }));
}

export function readAcknowledgement(raw: unknown): Acknowledgement {
  const fields = fieldsOf(raw);
  if (fields !== null && "error" in fields) return { outcome: "refused", detail: textOf(fields.detail) };
  const at = momentOf(fields?.at);
  if (at === null || !isSeq(fields?.seq)) return { outcome: "unanswered" };
  return { outcome: "stored", seq: fields.seq, at };
}

function hurry(socket: Socket): void {
  if (socket.connected) return;
  // Closing the manager first drops its back-off timer, so that the attempt is made at once.
  socket.disconnect().connect();
}
