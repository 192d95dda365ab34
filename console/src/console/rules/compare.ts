import type { Schemas } from "@/api/client";

export type Sheet = Schemas["SheetOut"];
type Rule = Schemas["RuleOut"];

/** A row of either version, and what became of it. */
export interface ComparedRow {
  readonly id: string;
  readonly state: "same" | "added" | "removed" | "changed" | "moved";
  readonly before: Rule | null;
  readonly after: Rule | null;
  /** The columns, inputs first, where the row says something else. */
  readonly columns: readonly number[];
}

/** The rows of the newer version in order, then those that are gone. */
export function compareSheets(before: Sheet, after: Sheet): ComparedRow[] {
  const old = new Map(before.rules.map((rule) => [rule.id, rule]));
  const kept = after.rules.filter((rule) => old.has(rule.id)).map((rule) => rule.id);
  const order = before.rules.map((rule) => rule.id).filter((id) => kept.includes(id));
  const rows = after.rules.map((rule) => rowOf(old.get(rule.id) ?? null, rule, order.indexOf(rule.id) !== kept.indexOf(rule.id)));
  const fresh = new Set(after.rules.map((rule) => rule.id));
  const gone = before.rules.filter((rule) => !fresh.has(rule.id));
  return [...rows, ...gone.map((rule): ComparedRow => ({ id: rule.id, state: "removed", before: rule, after: null, columns: [] }))];
}

function rowOf(before: Rule | null, after: Rule, isMoved: boolean): ComparedRow {
  if (before === null) return { id: after.id, state: "added", before, after, columns: [] };
  const columns = differing(wordsOf(before), wordsOf(after));
  const state = columns.length > 0 || before.note !== after.note ? "changed" : isMoved ? "moved" : "same";
  return { id: after.id, state, before, after, columns };
}

export function wordsOf(rule: Rule): readonly string[] {
  return [...rule.cells, ...rule.answers];
}

function differing(before: readonly string[], after: readonly string[]): number[] {
  const places = Array.from({ length: Math.max(before.length, after.length) }, (_, place) => place);
  return places.filter((place) => before[place] !== after[place]);
}

export function isSame(rows: readonly ComparedRow[]): boolean {
  return rows.every((row) => row.state === "same");
}
