import { shallowReactive } from "vue";

import type { Acknowledgement, Connection, CustomerData, Listener, SessionRequest } from "./connection";
import { draftOf, mayBeSent } from "./draft";
import { type HistoryPage, type Message, ownWords } from "./message";
import { newMessageId } from "./messageId";
import * as outbox from "./outbox";
import { keptSession, type Session } from "./session";
import type { Keep } from "./storage";
import { TEXTS } from "./texts";
import * as timeline from "./timeline";

type TimerName = "gap" | "answer" | "typing" | "writing";

const GAP_PATIENCE_MS = 400;
const ANSWER_PATIENCE_MS = 8_000;
const TYPING_MS = 20_000;
/** The customer's writing is told this often, and is over when nothing was written for so long. */
const WRITING_MS = 3_000;

export type Link = "connecting" | "online" | "offline";

export interface ConversationState {
  link: Link;
  /** True once the history of this visit has arrived whole. */
  loaded: boolean;
  typing: boolean;
  problem: string | null;
  /** Messages of others that the customer has not had before their eyes. */
  unread: number;
  timeline: timeline.Timeline;
  outbox: outbox.Outbox;
}

/** Who visits: what the host page tells of them, and who hears that it was refused. */
export interface Visit {
  readonly told: CustomerData | null;
  refused(code: string, detail: string): void;
}

/** Errors that say the host page's word does not count; the visit then goes on without it. */
const REFUSALS = new Set(["wrong_signature", "identity_expired"]);
const NOBODY: Visit = { told: null, refused: () => undefined };

/** One customer's conversation: what is known of it, and the verbs of the page. */
export class Conversation implements Listener {
  readonly state: ConversationState;
  /** Another one for each visitor, for pages that draw everything anew then. */
  readonly visitId = newMessageId();
  private readonly session: Session;
  private asked: string | null = null;
  private awaitingHistory = false;
  private confirmed = false;
  private sending = false;
  private shownTo = 0;
  private toldWritingAt = 0;
  private readonly timers = new Map<TimerName, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly connection: Connection,
    private readonly keep: Keep,
    private readonly now: () => Date = () => new Date(),
    private readonly visit: Visit = NOBODY,
  ) {
    this.session = keptSession(keep);
    this.state = shallowReactive<ConversationState>({
      link: "connecting",
      loaded: false,
      typing: false,
      problem: null,
      unread: 0,
      timeline: timeline.EMPTY_TIMELINE,
      outbox: outbox.loadOutbox(keep, now(), TEXTS.stale),
    });
  }

  open(): void {
    this.connection.open(this);
  }

  close(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.connection.close();
  }

  reconnect(): void {
    this.connection.hurry();
  }

  /** Keep the text and send it as soon as there is a line; false when it may not be sent at all. */
  say(written: string): boolean {
    const draft = draftOf(written);
    if (!mayBeSent(draft)) return false;
    this.writing(false);
    const writtenAt = this.now().toISOString();
    this.remember({ messageId: newMessageId(), text: draft.text, writtenAt, tries: 0, failure: null });
    void this.flush();
    return true;
  }

  retry(messageId: string): void {
    const unsent = this.unsent(messageId);
    if (unsent === undefined) return;
    this.remember(outbox.retried(unsent));
    void this.flush();
  }

  discard(messageId: string): void {
    this.forget(messageId);
  }

  /** The secret that also opens the files of this conversation; null before the first answer. */
  token(): string | null {
    return this.confirmed ? this.asked : null;
  }

  /** Fetch what came in by another way, such as a file that was sent. */
  refresh(): void {
    if (this.confirmed) this.ask();
  }

  /** The customer writes, or no longer does: told now and then, and never what. */
  writing(on: boolean): void {
    this.stopTimer("writing");
    if (on) this.startTimer("writing", WRITING_MS, () => this.writing(false));
    const now = this.now().getTime();
    const isDue = on ? now - this.toldWritingAt >= WRITING_MS : this.toldWritingAt > 0;
    if (!this.confirmed || !isDue) return;
    this.toldWritingAt = on ? now : 0;
    this.connection.writing(on);
  }

  dismissProblem(): void {
    this.state.problem = null;
  }

  /** The customer has the newest messages before their eyes. */
  markShown(): void {
    const seq = this.state.timeline.completeTo;
    if (!this.confirmed || seq <= this.shownTo) return;
    this.shownTo = seq;
    this.countUnread();
    this.connection.seen(seq);
  }

  connected(): void {
    this.state.link = "connecting";
    this.ask();
  }

  disconnected(): void {
    this.state.link = "offline";
    this.state.typing = false;
    this.confirmed = false;
    this.awaitingHistory = false;
    this.stopTimer("gap");
    this.stopTimer("answer");
  }

  sessionConfirmed(token: string): void {
    const known = this.session.token();
    if (known !== this.asked && known !== token) {
      // Another tab was given a conversation meanwhile: join that one.
      this.connection.restart();
      return;
    }
    const isOther = token !== this.asked;
    if (isOther) this.turnTo(token);
    this.session.keep(token);
    this.confirmed = true;
    this.state.link = "online";
    // A history that came before the confirmation went with what was known of the other conversation.
    if (isOther && !this.awaitingHistory) this.ask();
    void this.flush();
  }

  history(page: HistoryPage): void {
    this.awaitingHistory = false;
    this.stopTimer("answer");
    this.shownTo = Math.max(this.shownTo, page.seenSeq);
    this.place(timeline.withHistory(this.state.timeline, page));
    if (page.more && page.messages.length > 0) {
      this.ask();
      return;
    }
    this.state.loaded = true;
    this.mindTheGap();
  }

  message(message: Message | null): void {
    this.typing(false);
    if (message === null) {
      this.ask();
      return;
    }
    this.place(timeline.withMessage(this.state.timeline, message));
    this.mindTheGap();
  }

  typing(on: boolean): void {
    this.state.typing = on;
    this.stopTimer("typing");
    if (on) this.startTimer("typing", TYPING_MS, () => (this.state.typing = false));
  }

  retracted(seq: number): void {
    this.place(timeline.withoutWords(this.state.timeline, seq));
  }

  problem(detail: string, code: string): void {
    if (REFUSALS.has(code) && this.visit.told?.customer !== undefined) {
      this.visit.refused(code, detail);
      return;
    }
    this.state.problem = detail || TEXTS.problem;
  }

  /** Ask for everything after what is complete; a line that stays silent is hung up and called again. */
  private ask(): void {
    if (this.awaitingHistory) return;
    this.awaitingHistory = true;
    const token = this.session.token();
    if (token !== this.asked) this.turnTo(token);
    this.connection.requestSession(this.request(token));
    this.startTimer("answer", ANSWER_PATIENCE_MS, () => {
      this.awaitingHistory = false;
      this.connection.restart();
    });
  }

  private request(token: string | null): SessionRequest {
    const { told } = this.visit;
    return {
      after: this.state.timeline.completeTo,
      ...(token === null ? {} : { session_id: token }),
      ...(told === null ? {} : { customer_data: told }),
    };
  }

  /** Start on another conversation: nothing shown so far belongs to it. */
  private turnTo(token: string | null): void {
    this.asked = token;
    this.confirmed = false;
    this.shownTo = 0;
    this.state.timeline = timeline.EMPTY_TIMELINE;
  }

  private mindTheGap(): void {
    this.stopTimer("gap");
    if (!timeline.hasGap(this.state.timeline)) return;
    // The missing message is often only a moment late: an acknowledgement after its answer.
    this.startTimer("gap", GAP_PATIENCE_MS, () => {
      if (timeline.hasGap(this.state.timeline)) this.ask();
    });
  }

  /** Send what waits, oldest first, one at a time so that the order is kept. */
  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let next = this.sendable(); next !== null; next = this.sendable()) {
      const session_id = this.asked ?? "";
      const utterance = { message: next.text, session_id, message_id: next.messageId };
      this.settle(next, await this.connection.utter(utterance));
    }
    this.sending = false;
  }

  private sendable(): outbox.Unsent | null {
    return this.confirmed ? outbox.nextToSend(this.state.outbox) : null;
  }

  private settle(unsent: outbox.Unsent, answer: Acknowledgement): void {
    if (answer.outcome === "stored") {
      this.place(timeline.withMessage(this.state.timeline, ownWords(answer.seq, answer.at, unsent.text, unsent.messageId)));
      this.forget(unsent.messageId);
      this.mindTheGap();
      return;
    }
    // Gone meanwhile: found in the history, or discarded by the customer.
    if (this.unsent(unsent.messageId) === undefined) return;
    if (answer.outcome === "refused") {
      this.remember(outbox.refused(unsent, answer.detail || TEXTS.refused));
      return;
    }
    // A line that broke is no failed try: the message waits for the next one.
    if (this.confirmed) this.remember(outbox.triedInVain(unsent, TEXTS.noAnswer));
  }

  private place(next: timeline.Timeline): void {
    this.state.timeline = next;
    this.countUnread();
    for (const { messageId } of this.state.outbox) {
      if (timeline.hasMessageId(next, messageId)) this.forget(messageId);
    }
  }

  private countUnread(): void {
    this.state.unread = timeline.countUnread(this.state.timeline, this.shownTo);
  }

  private unsent(messageId: string): outbox.Unsent | undefined {
    return this.state.outbox.find((unsent) => unsent.messageId === messageId);
  }

  private remember(unsent: outbox.Unsent): void {
    outbox.keepUnsent(this.keep, unsent);
    this.state.outbox = outbox.withUnsent(this.state.outbox, unsent);
  }

  private forget(messageId: string): void {
    outbox.forgetUnsent(this.keep, messageId);
    this.state.outbox = outbox.withoutUnsent(this.state.outbox, messageId);
  }

  private startTimer(name: TimerName, ms: number, action: () => void): void {
    this.stopTimer(name);
    this.timers.set(name, setTimeout(action, ms));
  }

  private stopTimer(name: TimerName): void {
    clearTimeout(this.timers.get(name));
  }
}
