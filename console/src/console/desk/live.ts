import { i18n } from "../i18n";
import { useBell } from "../shell/bell";
import { keep, kept } from "../shell/keep";
import { useSession } from "../shell/session";
import { useToasts } from "../shell/toasts";
import * as asking from "./asking";
import { flushAll } from "./sending";
import type { Alert, Line, Listener, Typing } from "./socket";
import { useDesk } from "./store";
import * as timelines from "./timeline";
import type { DeskQueue, Message, Note, Row, Status, Suggestion, Wall } from "./types";

const RENEW_MS = 20_000;
const TYPING_MS = 6_000;
const GAP_PATIENCE_MS = 400;
const STATUSES: readonly string[] = ["available", "busy", "away"];

type Opener = (id: string) => void;

/** Keeps the desk's store true: listens to the server, and asks for what was missed. */
export class Live implements Listener {
  private readonly desk = useDesk();
  private readonly watched = new Set<string>();
  private readonly typingEnds = new Map<string, ReturnType<typeof setTimeout>>();
  private renewal: ReturnType<typeof setInterval> | null = null;
  private wasDown = false;
  private wantsWall = false;

  constructor(
    private readonly line: Line,
    private readonly open: Opener,
  ) {}

  start(): void {
    this.line.open(this);
    this.renewal = setInterval(() => this.renew(), RENEW_MS);
    void this.reload();
  }

  stop(): void {
    if (this.renewal !== null) clearInterval(this.renewal);
    for (const timer of this.typingEnds.values()) clearTimeout(timer);
    this.line.close();
  }

  hurry(): void {
    this.line.hurry();
  }

  /** Ask for the whole desk; what is mine is fetched ahead, so that it opens at once. */
  async reload(): Promise<void> {
    await this.refresh();
    await Promise.all(this.desk.lists.mine.map(({ id }) => this.follow(id)));
  }

  private async refresh(): Promise<void> {
    const found = await asking.desk().catch(() => null);
    if (found === null) return;
    this.desk.begin(found);
    if (this.desk.status === "offline") this.be(statusBefore());
  }

  /** Have a conversation's messages at hand, and hear of it from now on. */
  async follow(id: string): Promise<void> {
    const known = this.desk.timeline(id);
    if (!known.loaded) await this.fetch(id);
    await this.watch(id);
  }

  /** Have a conversation's messages at hand, without being seen looking. */
  async fetch(id: string): Promise<void> {
    if (this.desk.timeline(id).loaded) return;
    const page = await asking.messages(id).catch(() => null);
    if (page !== null) this.desk.putTimeline(id, timelines.withPage(this.desk.timeline(id), page));
  }

  async older(id: string): Promise<void> {
    const { before } = this.desk.timeline(id);
    if (before === null) return;
    const page = await asking.messages(id, { before }).catch(() => null);
    if (page !== null) this.desk.putTimeline(id, timelines.withPage(this.desk.timeline(id), page));
  }

  unfollow(id: string): void {
    const row = this.desk.rows[id];
    if (row?.owner === "agent" && row.agent === this.desk.username) return;
    if (this.watched.delete(id)) this.line.unwatch(id);
  }

  typingNow(id: string, on: boolean): void {
    this.line.typing(id, on);
  }

  seen(id: string): void {
    const row = this.desk.rows[id];
    const seq = timelines.lastSeq(this.desk.timeline(id));
    if (row === undefined || seq === 0 || row.unread === 0) return;
    this.line.seen(id, seq);
    this.desk.changeRow(id, { unread: 0 });
  }

  be(status: Status): void {
    this.desk.status = status;
    keep("status", status);
    void this.line.present(status);
  }

  watchWall(on: boolean): void {
    this.wantsWall = on;
    this.line.wall(on);
  }

  connected(): void {
    this.desk.link = "online";
    this.renew();
    if (this.wantsWall) this.line.wall(true);
    if (this.wasDown) void this.comeBack();
    else if (this.desk.loaded) for (const id of this.watched) void this.watch(id);
    else void this.reload();
    flushAll();
  }

  disconnected(): void {
    this.desk.link = "offline";
    this.desk.typing = {};
    this.wasDown = true;
  }

  row(row: Row): void {
    const before = this.desk.rows[row.id];
    this.desk.putRow(row);
    const after = this.desk.rows[row.id];
    if (after === before) return;
    if (row.owner === "queue" && before?.owner !== "queue" && this.desk.loaded) this.tellOfWaiting(row);
    if (before !== undefined && this.isTakenFromMe(before, row)) this.tellOfLoss(row);
    if (row.agent === this.desk.username && before?.agent !== row.agent) void this.follow(row.id);
  }

  gone(id: string): void {
    if (this.desk.current !== id) this.desk.dropRow(id);
  }

  queues(queues: readonly DeskQueue[]): void {
    this.desk.queues = queues;
  }

  message(id: string, message: Message): void {
    this.desk.hear(id, message);
    this.mindTheGap(id);
    if (message.author !== "customer") return;
    this.endTyping(id);
    const row = this.desk.rows[id];
    if (row?.agent === this.desk.username) this.tellOfMessage(row, message);
  }

  note(id: string, note: Note): void {
    const known = this.desk.timeline(id);
    if (known.loaded) this.desk.putTimeline(id, timelines.withNote(known, note));
  }

  retracted(id: string, seq: number, at: string): void {
    this.desk.putTimeline(id, timelines.withRetracted(this.desk.timeline(id), seq, at));
  }

  typing({ conversation_id: id, who, name, on }: Typing): void {
    this.endTyping(id);
    if (!on) return;
    const said = who === "customer" ? (this.desk.rows[id]?.customer.name ?? name) : name;
    this.desk.typing[id] = said;
    this.typingEnds.set(id, setTimeout(() => this.endTyping(id), TYPING_MS));
  }

  customerSeen(id: string, seq: number): void {
    const known = this.desk.rows[id]?.customer_seen_seq ?? 0;
    if (seq > known) this.desk.changeRow(id, { customer_seen_seq: seq });
  }

  suggestions(id: string, suggestions: readonly Suggestion[]): void {
    this.desk.suggestions[id] = suggestions;
  }

  offered(id: string, until: string): void {
    this.desk.changeRow(id, { offered_to: this.desk.username, offered_until: until });
    const row = this.desk.rows[id];
    this.ring("offered", id, row?.customer.name ?? "", row?.reason_text ?? "");
  }

  alert({ kind, text, conversation_id: id, ticket_no }: Alert): void {
    useToasts().say(text, { tone: kind === "sla" || kind === "breach" ? "bad" : "plain" });
    this.ring(kind, id ?? ticket_no ?? kind, "", text);
  }

  status(status: Status): void {
    this.desk.status = status;
  }

  wall(wall: Wall): void {
    this.desk.wall = wall;
  }

  signedOut(): void {
    this.stop();
    useSession().forget();
    window.location.assign("/console/sign-in?ended=1");
  }

  private renew(): void {
    if (this.desk.status !== "offline") void this.line.present(this.desk.status);
  }

  /** The line was down: everything is asked for anew, and what was missed is marked. */
  private async comeBack(): Promise<void> {
    this.wasDown = false;
    const again = [...this.watched];
    this.watched.clear();
    await Promise.all([this.refresh(), ...again.map((id) => this.watch(id, true))]);
    for (const { id } of this.desk.lists.mine) if (!this.watched.has(id)) void this.follow(id);
  }

  private async watch(id: string, wasDown = false): Promise<void> {
    this.watched.add(id);
    const known = this.desk.timeline(id);
    if (!known.loaded) return;
    const news = await this.line.watch(id, timelines.lastSeq(known));
    if (news === null) return;
    const add = wasDown ? timelines.withMissed : timelines.withCatchUp;
    this.desk.putTimeline(id, add(this.desk.timeline(id), news));
  }

  /** The missing message is often only a moment late; if not, it is asked for. */
  private mindTheGap(id: string): void {
    if (!timelines.hasGap(this.desk.timeline(id))) return;
    setTimeout(() => void this.fillTheGap(id), GAP_PATIENCE_MS);
  }

  private async fillTheGap(id: string): Promise<void> {
    const known = this.desk.timeline(id);
    if (!timelines.hasGap(known)) return;
    const page = await asking.messages(id, { after: known.completeTo }).catch(() => null);
    if (page !== null) this.desk.putTimeline(id, timelines.withCatchUp(this.desk.timeline(id), page));
  }

  private endTyping(id: string): void {
    clearTimeout(this.typingEnds.get(id));
    this.desk.typing = Object.fromEntries(Object.entries(this.desk.typing).filter(([other]) => other !== id));
  }

  private tellOfWaiting(row: Row): void {
    if (this.desk.status !== "available") return;
    this.ring("waiting", row.id, row.customer.name, row.reason_text ?? row.last_message?.text ?? "");
  }

  /** What I let go of myself is no longer mine here by the time the server tells of it. */
  private isTakenFromMe(before: Row, row: Row): boolean {
    const me = this.desk.username;
    return before.owner === "agent" && before.agent === me && row.owner === "agent" && row.agent !== me;
  }

  private tellOfLoss(row: Row): void {
    const facts = { name: row.customer.name, by: row.agent_name ?? row.agent ?? "" };
    useToasts().say(i18n.global.t("desk.deed.lost", facts));
  }

  private tellOfMessage(row: Row, message: Message): void {
    if (document.visibilityState === "visible" && this.desk.current === row.id) return;
    this.ring("message", row.id, row.customer.name, message.text);
  }

  private ring(word: string, id: string, name: string, body: string): void {
    const title = i18n.global.t(`desk.bell.${word}`, { name });
    useBell().tell({ title, body, tag: id, open: () => this.open(id) });
  }
}

function statusBefore(): Status {
  const before = kept("status");
  return before !== null && STATUSES.includes(before) ? (before as Status) : "available";
}
