import type { Schemas } from "@/api/client";

export type Row = Schemas["RowOut"];
export type OpenStep = Schemas["OpenStepOut"];

/** A ticket on the board, in the column of one of its open steps. */
export interface Card {
  readonly ticket: Row;
  readonly step: OpenStep | null;
}

export interface Column {
  readonly key: string;
  readonly label: string;
  readonly cards: readonly Card[];
  readonly late: number;
  readonly unassigned: number;
}

/** The step whose column holds tickets nobody has anything to do about. */
export const NO_STEP = "";

/** Tickets by the steps they stand at, in the order of the process; a ticket in two branches is in both. */
export function columnsOf(rows: readonly Row[], order: readonly string[], now: Date): Column[] {
  const held = new Map<string, Card[]>();
  for (const card of rows.flatMap(cardsOf)) {
    const key = card.step?.step ?? NO_STEP;
    held.set(key, [...(held.get(key) ?? []), card]);
  }
  const places = new Map(order.map((step, place) => [step, place]));
  const keys = [...held.keys()].sort((a, b) => placeOf(a, places) - placeOf(b, places));
  return keys.map((key) => columnOf(key, held.get(key) ?? [], now));
}

function cardsOf(ticket: Row): Card[] {
  if (ticket.open_steps.length === 0) return [{ ticket, step: null }];
  return ticket.open_steps.map((step) => ({ ticket, step }));
}

function placeOf(key: string, places: ReadonlyMap<string, number>): number {
  if (key === NO_STEP) return Number.MAX_SAFE_INTEGER;
  return places.get(key) ?? places.size;
}

function columnOf(key: string, cards: readonly Card[], now: Date): Column {
  return {
    key,
    label: cards[0]?.step?.label ?? "",
    cards,
    late: cards.filter((card) => isLate(dueOf(card), now)).length,
    unassigned: cards.filter((card) => card.step !== null && card.step.assignee === null).length,
  };
}

export function dueOf(card: Card): string | null {
  return card.step?.due_at ?? card.ticket.due_at;
}

export function isLate(due: string | null, now: Date): boolean {
  return due !== null && new Date(due) < now;
}

/** The order of steps over several processes: that of each, those known earlier first. */
export function orderOf(processes: readonly (readonly string[])[]): string[] {
  return [...new Set(processes.flat())];
}
