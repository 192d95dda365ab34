import type { Socket } from "socket.io-client";

import { socketTo } from "@/api/socket";

import type { DeskQueue, Message, Note, Page, Row, Status, Suggestion, Wall } from "./types";

const ACK_TIMEOUT_MS = 8_000;

export interface Typing {
  readonly conversation_id: string;
  readonly who: "customer" | "agent";
  readonly name: string;
  readonly on: boolean;
}

export interface Alert {
  readonly kind: "transferred" | "whisper" | "mention" | "sla" | "breach";
  readonly conversation_id?: string | null;
  readonly ticket_no?: string | null;
  readonly text: string;
}

/** What the server says by itself. */
export interface Listener {
  connected(): void;
  disconnected(): void;
  row(row: Row): void;
  gone(id: string): void;
  queues(queues: readonly DeskQueue[]): void;
  message(id: string, message: Message): void;
  note(id: string, note: Note): void;
  retracted(id: string, seq: number, at: string): void;
  typing(typing: Typing): void;
  customerSeen(id: string, seq: number): void;
  suggestions(id: string, suggestions: readonly Suggestion[]): void;
  offered(id: string, until: string): void;
  alert(alert: Alert): void;
  status(status: Status): void;
  wall(wall: Wall): void;
  signedOut(): void;
}

export type CaughtUp = Pick<Page, "messages" | "notes">;

/** The desk's way to the server. The only file that knows Socket.IO. */
export interface Line {
  open(listener: Listener): void;
  close(): void;
  /** Try now instead of waiting for the next attempt. */
  hurry(): void;
  present(status: Status): Promise<void>;
  /** Hear of a conversation from now on; null: nobody answered. */
  watch(id: string, after: number): Promise<CaughtUp | null>;
  unwatch(id: string): void;
  typing(id: string, on: boolean): void;
  seen(id: string, seq: number): void;
  wall(on: boolean): void;
}

export function deskLine(address: string = window.location.origin): Line {
  const socket = socketTo(`${address}/desk`);
  return {
    open: (listener) => {
      listen(socket, listener);
      socket.connect();
    },
    close: () => void socket.removeAllListeners().disconnect(),
    hurry: () => void (socket.connected || socket.disconnect().connect()),
    present: async (status) => void (await ask(socket, "present", { status })),
    watch: (id, after) => ask<CaughtUp>(socket, "watch", { conversation_id: id, after }),
    unwatch: (id) => say(socket, "unwatch", { conversation_id: id }),
    typing: (id, on) => say(socket, "typing", { conversation_id: id, on }),
    seen: (id, seq) => say(socket, "seen", { conversation_id: id, seq }),
    wall: (on) => say(socket, "wall", { on }),
  };
}

function say(socket: Socket, event: string, body: object): void {
  if (socket.connected) socket.emit(event, body);
}

/** What was acknowledged; null when it was refused, or not answered in time. */
async function ask<T>(socket: Socket, event: string, body: object): Promise<T | null> {
  if (!socket.connected) return null;
  return socket
    .timeout(ACK_TIMEOUT_MS)
    .emitWithAck(event, body)
    .then((answer: (T & { error?: string }) | null) => (answer === null || answer.error ? null : answer))
    .catch(() => null);
}

interface About {
  readonly conversation_id: string;
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
  socket.on("row", (row: Row) => listener.row(row));
  socket.on("gone", ({ id }: { id: string }) => listener.gone(id));
  socket.on("queues", (queues: DeskQueue[]) => listener.queues(queues));
  socket.on("message", (said: About & { message: Message }) => listener.message(said.conversation_id, said.message));
  socket.on("note", (left: About & { note: Note }) => listener.note(left.conversation_id, left.note));
  socket.on("retracted", (at: About & { seq: number; at: string }) => {
    listener.retracted(at.conversation_id, at.seq, at.at);
  });
  listenAside(socket, listener);
}

function listenAside(socket: Socket, listener: Listener): void {
  socket.on("typing", (typing: Typing) => listener.typing(typing));
  socket.on("customer_seen", (seen: About & { seq: number }) => listener.customerSeen(seen.conversation_id, seen.seq));
  socket.on("suggestions", (offer: About & { suggestions: Suggestion[] }) => {
    listener.suggestions(offer.conversation_id, offer.suggestions);
  });
  socket.on("offered", (offer: About & { until: string }) => listener.offered(offer.conversation_id, offer.until));
  socket.on("alert", (alert: Alert) => listener.alert(alert));
  socket.on("status", ({ status }: { status: Status }) => listener.status(status));
  socket.on("wall", (wall: Wall) => listener.wall(wall));
  socket.on("signed_out", () => listener.signedOut());
}

function callLater(socket: Socket, ms: number): void {
  setTimeout(() => {
    if (socket.hasListeners("connect")) socket.connect();
  }, ms);
}
