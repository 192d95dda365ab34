import type { Schemas } from "@/api/client";

type Column = Pick<Schemas["SheetOut"]["inputs"][number], "name" | "values" | "type">;

/** What cells say beside the labels of values. */
export interface CellWords {
  readonly yes: string;
  readonly no: string;
  readonly nothing: string;
  readonly unchanged: string;
  but(listed: string): string;
  label(column: string, value: string): string;
}

const QUOTED = /"((?:[^"\\]|\\.)*)"/g;
const LISTED = /^(?:(?:"(?:[^"\\]|\\.)*"|null)\s*,\s*)*(?:"(?:[^"\\]|\\.)*"|null)$/;

/** A cell of a table in words: what stands in quotes by its label, one after the other. */
export function readable(cell: string, column: Column, words: CellWords): string {
  const text = cell.trim();
  if (text === "-" || text === "") return "—";
  if (text === column.name) return words.unchanged;
  if (column.type === "boolean" && (text === "true" || text === "false")) return text === "true" ? words.yes : words.no;
  const excepted = /^not\((.+)\)$/.exec(text)?.[1]?.trim() ?? "";
  if (LISTED.test(excepted)) return words.but(listed(excepted, column, words));
  return LISTED.test(text) ? listed(text, column, words) : labelled(text, column, words);
}

function listed(text: string, column: Column, words: CellWords): string {
  const values = text.match(/"(?:[^"\\]|\\.)*"|null/g) ?? [];
  return values.map((value) => (value === "null" ? words.nothing : labelled(value, column, words))).join("、");
}

function labelled(text: string, column: Column, words: CellWords): string {
  return text.replace(QUOTED, (_, value: string) => column.values[value] ?? words.label(column.name, value));
}
