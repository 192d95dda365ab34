import type { Schemas } from "@/api/client";

export type Fact = Schemas["FactOut"];
type FactValue = string | number | boolean | null;

const WORD = /"(?:[^"\\]|\\.)*"|[a-z][a-z_]*/g;

/** The facts a table looks at, in the order of its columns. */
export function factsIn(columns: readonly { readonly name: string }[], known: readonly Fact[]): Fact[] {
  const byName = new Map(known.map((fact) => [fact.name, fact]));
  const named = columns.flatMap((column) => column.name.match(WORD) ?? []);
  return [...new Set(named)].map((name) => byName.get(name)).filter((fact): fact is Fact => fact !== undefined);
}

/** What is sent of a case somebody typed in: numbers as numbers, nothing where nothing was said. */
export function caseOf(facts: readonly Fact[], typed: Readonly<Record<string, string>>): Record<string, FactValue> {
  const said = facts.map((fact): [string, FactValue] => [fact.name, valueOf(fact, typed[fact.name]?.trim() ?? "")]);
  return Object.fromEntries(said.filter(([, value]) => value !== null));
}

function valueOf(fact: Fact, text: string): FactValue {
  if (text === "") return null;
  if (fact.type === "boolean") return text === "true";
  if (fact.type !== "number") return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}
