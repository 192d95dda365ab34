import { defineStore } from "pinia";
import { markRaw } from "vue";

import * as rows from "./rows";
import * as timelines from "./timeline";
import type { Canned, Context, Desk, DeskQueue, Message, Row, Status, Suggestion, Wall } from "./types";
import { type Outbox, withoutUnsent, withUnsent, type Unsent } from "./unsent";

export type Link = "connecting" | "online" | "offline";
export type Mode = "reply" | "note" | "whisper";
export type Dialog = "transfer" | "give_back" | "close";

/** What somebody has begun to write in a conversation. */
export interface Draft {
  readonly text: string;
  readonly quotedSeq: number | null;
  readonly mode: Mode;
  /** The ready-made reply it began with. */
  readonly cannedId: number | null;
}

export const NO_DRAFT: Draft = { text: "", quotedSeq: null, mode: "reply", cannedId: null };
/** So many messages of a conversation nobody looks at stay at hand. */
const CACHED_MESSAGES = 200;

interface State {
  link: Link;
  loaded: boolean;
  username: string;
  status: Status | "offline";
  chats: number;
  rows: rows.Rows;
  queues: readonly DeskQueue[];
  current: string | null;
  search: string;
  timelines: Record<string, timelines.Timeline>;
  outboxes: Record<string, Outbox>;
  drafts: Record<string, Draft>;
  contexts: Record<string, Context>;
  suggestions: Record<string, readonly Suggestion[]>;
  typing: Record<string, string>;
  canned: readonly Canned[] | null;
  wall: Wall | null;
  dialog: Dialog | null;
}

/** What the desk knows. Who asks the server, and who listens to it, puts it in here. */
export const useDesk = defineStore("desk", {
  state: (): State => ({
    link: "connecting",
    loaded: false,
    username: "",
    status: "offline",
    chats: 0,
    rows: markRaw({}),
    queues: [],
    current: null,
    search: "",
    timelines: {},
    outboxes: {},
    drafts: {},
    contexts: {},
    suggestions: {},
    typing: {},
    canned: null,
    wall: null,
    dialog: null,
  }),
  getters: {
    lists: (state): rows.Lists => rows.listsOf(state.rows, state.username, state.search),
    row: (state): Row | null => state.rows[state.current ?? ""] ?? null,
    isMine(): boolean {
      return this.row?.owner === "agent" && this.row.agent === this.username;
    },
    /** What colleagues are called, as far as the lists tell. */
    names: (state): Record<string, string> =>
      Object.fromEntries(Object.values(state.rows).flatMap(({ agent, agent_name }) => (agent && agent_name ? [[agent, agent_name]] : []))),
    mode: (state): Mode => state.drafts[state.current ?? ""]?.mode ?? "reply",
    unread: (state): number =>
      rows.listsOf(state.rows, state.username).mine.reduce((sum, { unread }) => sum + unread, 0),
  },
  actions: {
    begin(desk: Desk): void {
      this.username = desk.username;
      this.chats = desk.chats;
      this.queues = desk.queues;
      if (desk.status !== "offline" || this.status === "offline") this.status = desk.status;
      const listed = [...desk.mine, ...desk.waiting, ...desk.others];
      this.rows = markRaw(rows.afterReload(this.rows, listed, this.current === null ? [] : [this.current]));
      this.loaded = true;
    },
    putRow(row: Row): void {
      this.rows = markRaw(rows.withRow(this.rows, row));
    },
    forceRow(row: Row): void {
      this.rows = markRaw(rows.withForced(this.rows, row));
    },
    changeRow(id: string, change: Partial<Row>): void {
      this.rows = markRaw(rows.withChange(this.rows, id, change));
    },
    dropRow(id: string): void {
      this.rows = markRaw(rows.withoutRow(this.rows, id));
    },
    timeline(id: string): timelines.Timeline {
      return this.timelines[id] ?? timelines.EMPTY;
    },
    putTimeline(id: string, timeline: timelines.Timeline): void {
      this.timelines[id] = markRaw(timeline);
    },
    hear(id: string, message: Message): void {
      const { seq, author, text, at } = message;
      this.rows = markRaw(rows.withLastMessage(this.rows, id, { seq, author, text, at }));
      const known = this.timeline(id);
      if (known.loaded) this.putTimeline(id, timelines.withMessage(known, message));
    },
    /** Turn to a conversation; what the one before has too much of is let go. */
    turnTo(id: string | null): void {
      const before = this.current;
      this.current = id;
      if (before === null || before === id || this.timelines[before] === undefined) return;
      const left = timelines.withoutMissed(this.timeline(before));
      this.putTimeline(before, timelines.trimmed(left, CACHED_MESSAGES));
    },
    putUnsent(id: string, unsent: Unsent): void {
      this.outboxes[id] = withUnsent(this.outboxes[id] ?? [], markRaw(unsent));
    },
    dropUnsent(id: string, messageId: string): void {
      this.outboxes[id] = withoutUnsent(this.outboxes[id] ?? [], messageId);
    },
    draft(id: string): Draft {
      return this.drafts[id] ?? NO_DRAFT;
    },
    write(id: string, change: Partial<Draft>): void {
      this.drafts[id] = { ...this.draft(id), ...change };
    },
  },
});

export type DeskStore = ReturnType<typeof useDesk>;
