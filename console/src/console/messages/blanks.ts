const BLANK = /\{(\w+)\}/g;

/** The blanks of a text, each once, in order. */
export function blanksOf(text: string): string[] {
  return [...new Set([...text.matchAll(BLANK)].map((match) => match[1] ?? ""))];
}

/** The blanks of a text that nothing fills in, and braces that are none. */
export function unknownBlanks(text: string, known: readonly string[]): string[] {
  const strange = blanksOf(text).filter((blank) => !known.includes(blank));
  const stray = /[{}]/.exec(text.replace(BLANK, ""));
  return stray === null ? strange : [...strange, stray[0]];
}

/** A text as it may arrive, with what is filled in shown in brackets. */
export function sample(text: string, words: Readonly<Record<string, string>>): string {
  return text.replace(BLANK, (_, name: string) => words[name] ?? `［${name}］`);
}
