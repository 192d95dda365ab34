import type { Acknowledgement, Connection, Listener, SessionRequest, Utterance } from "../../src/chat/connection";
import type { Message } from "../../src/chat/message";

export function message(seq: number, changes: Partial<Message> = {}): Message {
  return {
    seq,
    at: `2026-11-22T06:${String(seq % 60).padStart(2, "0")}:00+00:00`,
    author: "bot",
    text: `第 ${seq} 条`,
    buttons: [],
    card: null,
    messageId: null,
    agentName: null,
    quoted: null,
    retracted: false,
    ...changes,
  };
}

interface Pending {
  readonly utterance: Utterance;
  readonly answer: (acknowledgement: Acknowledgement) => void;
}

/** The server's end of the line, played by the test. */
export class FakeConnection implements Connection {
  listener: Listener | null = null;
  readonly requests: SessionRequest[] = [];
  readonly uttered: Pending[] = [];
  readonly seenTo: number[] = [];
  readonly writings: boolean[] = [];
  restarts = 0;
  hurries = 0;

  open(listener: Listener): void {
    this.listener = listener;
  }

  requestSession(request: SessionRequest): void {
    this.requests.push(request);
  }

  utter(utterance: Utterance): Promise<Acknowledgement> {
    return new Promise((answer) => this.uttered.push({ utterance, answer }));
  }

  seen(seq: number): void {
    this.seenTo.push(seq);
  }

  writing(on: boolean): void {
    this.writings.push(on);
  }

  hurry(): void {
    this.hurries += 1;
  }

  restart(): void {
    this.restarts += 1;
    this.listener?.disconnected();
    this.listener?.connected();
  }

  close(): void {
    this.listener = null;
  }

  /** Connect, confirm the session and hand over the whole history. */
  welcome(token: string, messages: readonly Message[] = []): void {
    this.listener?.connected();
    this.listener?.sessionConfirmed(token);
    this.listener?.history({ messages, lastSeq: messages.at(-1)?.seq ?? 0, more: false, seenSeq: 0 });
  }

  /** Break the line; what was on its way stays unanswered. */
  drop(): void {
    this.listener?.disconnected();
    for (const { answer } of this.uttered) answer({ outcome: "unanswered" });
  }

  async answer(index: number, acknowledgement: Acknowledgement): Promise<void> {
    this.uttered[index]?.answer(acknowledgement);
    await settled();
  }
}

/** Let every promise that can go on do so. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
