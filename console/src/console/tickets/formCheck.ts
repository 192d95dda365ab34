import { type FormField, type FormItem, isAnswered, payload, visible } from "./formSchema";

/** What is wrong with an answer: a word of `tickets.form.*` and what to fill in. */
export interface Flaw {
  readonly word: "required" | "tick" | "shortest" | "longest" | "least" | "most" | "digits" | "whole" | "pattern" | "past" | "files";
  readonly facts: Readonly<Record<string, number>>;
}

export type Flaws = Readonly<Record<string, Flaw>>;

export const MOST_FILES = 9;

/** What is wrong with the answers, by key; the house checks again and has the last word. */
export function flawsOf(items: readonly FormItem[], answers: Readonly<Record<string, unknown>>, today: string): Flaws {
  const sent = payload(items, answers);
  const flaws: Record<string, Flaw> = {};
  for (const item of visible(items, answers)) {
    if (!("field" in item) || item.field.isFixed) continue;
    const flaw = flawOf(item.field, sent[item.field.key], today);
    if (flaw !== null) flaws[item.field.key] = flaw;
  }
  return flaws;
}

function flawOf(field: FormField, value: unknown, today: string): Flaw | null {
  if (field.kind === "tick" && field.required && value !== true) return flaw("tick");
  if (!isAnswered(value)) return field.required ? flaw("required") : null;
  if (typeof value === "number") return numberFlaw(field, value);
  if (Array.isArray(value)) return filesFlaw(field, value.length);
  if (typeof value !== "string") return null;
  if (field.notInThePast && value.slice(0, 10) < today) return flaw("past");
  return field.kind === "text" || field.kind === "long" ? textFlaw(field, value) : null;
}

function textFlaw(field: FormField, value: string): Flaw | null {
  const length = [...value].length;
  if (field.longest !== null && length > field.longest) return flaw("longest", field.longest);
  if (field.shortest !== null && length < field.shortest) return flaw("shortest", field.shortest);
  return field.pattern !== "" && !matches(field.pattern, value) ? flaw("pattern") : null;
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "u").test(value);
  } catch {
    return true;
  }
}

function numberFlaw(field: FormField, value: number): Flaw | null {
  if (field.min !== null && value < field.min) return flaw("least", field.min);
  if (field.max !== null && value > field.max) return flaw("most", field.max);
  if (field.digits !== null && Number(value.toFixed(field.digits)) !== value) {
    return field.digits === 0 ? flaw("whole") : flaw("digits", field.digits);
  }
  return null;
}

function filesFlaw(field: FormField, count: number): Flaw | null {
  const most = field.several ? MOST_FILES : 1;
  return field.kind === "files" && count > most ? flaw("files", most) : null;
}

function flaw(word: Flaw["word"], limit?: number): Flaw {
  return { word, facts: limit === undefined ? {} : { limit } };
}
