import { answered, api } from "@/api/client";

/** Words that ask for a person: the whole message, or somewhere in it. */
export interface HandoffWord {
  readonly text: string;
  readonly match: "whole" | "contains";
}

export const MATCHES = ["contains", "whole"] as const;
export const LONGEST = 20;

export async function handoffWords(): Promise<HandoffWord[]> {
  return (await answered(api.GET("/api/handoff-words"))).words;
}

export async function keepWords(words: readonly HandoffWord[]): Promise<HandoffWord[]> {
  return (await answered(api.PUT("/api/handoff-words", { body: { words: [...words] } }))).words;
}

/** The words with another one, or why not: empty, too long, or there already. */
export function withWord(words: readonly HandoffWord[], word: HandoffWord): { words: HandoffWord[]; problem: "" | "empty" | "long" | "twice" } {
  const text = word.text.trim();
  const kept = [...words];
  if (text === "") return { words: kept, problem: "empty" };
  if ([...text].length > LONGEST) return { words: kept, problem: "long" };
  if (words.some((each) => folded(each.text) === folded(text))) return { words: kept, problem: "twice" };
  return { words: [...kept, { text, match: word.match }], problem: "" };
}

function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
}
