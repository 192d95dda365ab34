import type { Message, Note, Page, Row } from "../../../src/console/desk/types";

const START = Date.parse("2026-11-22T06:00:00Z");

/** A moment so many minutes after the start of the tests' day. */
export function at(minutes: number): string {
  return new Date(START + minutes * 60_000).toISOString();
}

export function row(id: string, changes: Partial<Row> = {}): Row {
  return {
    id,
    channel: "web",
    customer: { id: `customer-${id}`, name: `客户${id}`, is_verified: false, vip: false },
    owner: "queue",
    owner_epoch: 1,
    queue: "service",
    queue_label: "客服",
    agent: null,
    agent_name: null,
    offered_to: null,
    offered_until: null,
    reason: "asked",
    reason_text: "客户要求人工",
    priority: "normal",
    queued_at: at(0),
    taken_at: null,
    due_at: null,
    waiting_since: at(0),
    last_message: { seq: 1, author: "customer", text: "在吗", at: at(0) },
    last_seq: 1,
    customer_seen_seq: 0,
    unread: 0,
    watchers: [],
    watcher_names: [],
    ...changes,
  };
}

export function message(seq: number, changes: Partial<Message> = {}): Message {
  return {
    seq,
    author: "customer",
    said_by: null,
    said_by_name: null,
    text: `第 ${seq} 条`,
    buttons: [],
    card: null,
    at: at(seq),
    quoted: null,
    retracted_at: null,
    intent: null,
    confidence: null,
    ...changes,
  };
}

export function note(id: number, after_seq: number, changes: Partial<Note> = {}): Note {
  return { id, after_seq, kind: "note", by: "li", by_name: "李静", text: `备注 ${id}`, at: at(after_seq), ...changes };
}

export function page(seqs: readonly number[], before: number | null = null, notes: Note[] = []): Page {
  return { messages: seqs.map((seq) => message(seq)), notes, before };
}

/** Let every promise that can go on do so. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}
