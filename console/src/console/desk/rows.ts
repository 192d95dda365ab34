import type { Row } from "./types";

/** The desk's conversations by id. Never changed, only replaced. */
export type Rows = Readonly<Record<string, Row>>;

export interface Lists {
  readonly mine: readonly Row[];
  readonly waiting: readonly Row[];
  readonly others: readonly Row[];
}

/** True when `row` was written before what is known already. */
export function isStale(known: Row | undefined, row: Row): boolean {
  if (known === undefined) return false;
  if (row.owner_epoch !== known.owner_epoch) return row.owner_epoch < known.owner_epoch;
  return row.last_seq < known.last_seq;
}

/** Take in a row unless a newer one is known; how far the customer has read never goes back. */
export function withRow(rows: Rows, row: Row): Rows {
  const known = rows[row.id];
  if (isStale(known, row)) return rows;
  const customer_seen_seq = Math.max(row.customer_seen_seq, known?.customer_seen_seq ?? 0);
  return { ...rows, [row.id]: { ...row, customer_seen_seq } };
}

/** Change a row by hand, until the server's own arrives. */
export function withChange(rows: Rows, id: string, change: Partial<Row>): Rows {
  const known = rows[id];
  return known === undefined ? rows : { ...rows, [id]: { ...known, ...change } };
}

/** Put a row in place whatever is known: after a deed the server refused. */
export function withForced(rows: Rows, row: Row): Rows {
  return { ...rows, [row.id]: row };
}

export function withoutRow(rows: Rows, id: string): Rows {
  return Object.fromEntries(Object.entries(rows).filter(([known]) => known !== id));
}

/** What the server lists is all there is; a row that grew newer meanwhile stays as it is. */
export function afterReload(rows: Rows, listed: readonly Row[], kept: readonly string[] = []): Rows {
  const start = Object.fromEntries(
    [...listed.map(({ id }) => id), ...kept].flatMap((id) => (rows[id] === undefined ? [] : [[id, rows[id]]])),
  ) as Rows;
  return listed.reduce(withRow, start);
}

/** A customer's word that came in, before the server has sent the row that tells of it. */
export function withLastMessage(rows: Rows, id: string, last: NonNullable<Row["last_message"]>): Rows {
  const known = rows[id];
  if (known === undefined || last.seq <= known.last_seq) return rows;
  const isCustomers = last.author === "customer";
  return withChange(rows, id, {
    last_seq: last.seq,
    last_message: last,
    unread: known.unread + (isCustomers ? 1 : 0),
    waiting_since: isCustomers ? (known.waiting_since ?? last.at) : last.author === "agent" ? null : known.waiting_since,
  });
}

/** The three lists of the desk, each in the order in which it wants attention. */
export function listsOf(rows: Rows, me: string, search = ""): Lists {
  const wanted = Object.values(rows).filter((row) => matches(row, search));
  return {
    mine: wanted.filter((row) => row.owner === "agent" && row.agent === me).sort(byAttention),
    waiting: wanted.filter(({ owner }) => owner === "queue").sort((one, other) => byWaiting(one, other, me)),
    others: wanted.filter((row) => isOthers(row, me)).sort(byAttention),
  };
}

function isOthers(row: Row, me: string): boolean {
  return row.owner === "agent" && row.agent !== me;
}

function matches(row: Row, search: string): boolean {
  const words = search.trim().toLowerCase();
  if (words === "") return true;
  const shown = [row.customer.name, row.last_message?.text, row.agent_name, row.queue_label, row.reason_text];
  return shown.some((text) => text?.toLowerCase().includes(words));
}

/** Offered to me first, then the urgent, then who has waited longest. */
function byWaiting(one: Row, other: Row, me: string): number {
  const rank = (row: Row): number => (row.offered_to === me ? 0 : row.priority === "high" ? 1 : 2);
  return rank(one) - rank(other) || moment(one.queued_at) - moment(other.queued_at);
}

/** Whoever waits for an answer stands above who does not; the longest wait first, else the newest word. */
function byAttention(one: Row, other: Row): number {
  if ((one.waiting_since === null) !== (other.waiting_since === null)) return one.waiting_since === null ? 1 : -1;
  if (one.waiting_since !== null) return moment(one.waiting_since) - moment(other.waiting_since);
  return moment(other.last_message?.at) - moment(one.last_message?.at);
}

function moment(at: string | null | undefined): number {
  return at === null || at === undefined ? 0 : Date.parse(at);
}

/** The conversation before or after one in the lists as they are shown; round the ends. */
export function neighbour(lists: Lists, current: string | null, step: 1 | -1): string | null {
  const ids = [...lists.mine, ...lists.waiting, ...lists.others].map(({ id }) => id);
  if (ids.length === 0) return null;
  const at = ids.indexOf(current ?? "");
  const next = at === -1 ? (step === 1 ? 0 : ids.length - 1) : (at + step + ids.length) % ids.length;
  return ids[next] ?? null;
}
