import type { Element } from "./compare";

/** A problem the house has with a process, and the elements it speaks of. */
export interface Problem {
  readonly words: string;
  readonly elements: readonly string[];
}

const QUOTED = /「([^」]+)」/g;

/** The house names elements by id or label in 「」: find them, so that they can be shown. */
export function located(problems: readonly string[], elements: readonly Element[]): Problem[] {
  return problems.map((words) => {
    const named = [...words.matchAll(QUOTED)].map((match) => match[1] ?? "");
    return { words, elements: [...new Set(named.flatMap((name) => idsOf(name, elements)))] };
  });
}

function idsOf(name: string, elements: readonly Element[]): string[] {
  const byId = elements.filter((element) => element.id === name);
  const found = byId.length > 0 ? byId : elements.filter((element) => element.label === name);
  return found.map((element) => element.id);
}

/** The ids that anything is wrong with. */
export function troubled(problems: readonly Problem[]): string[] {
  return [...new Set(problems.flatMap((problem) => problem.elements))];
}
