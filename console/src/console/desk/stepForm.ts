import { fieldsOf, listOf, textOf, textOrNull } from "@/chat/reading";

export type Value = string | number | boolean | readonly string[] | null;
export type Values = Readonly<Record<string, Value>>;

export interface Choice {
  readonly label: string;
  readonly value: string | boolean;
}

/** One question of a step's form, as this page can ask it. */
export interface FormField {
  readonly key: string;
  readonly type: "text" | "long" | "number" | "yes_no" | "choice" | "choices" | "moment" | "files";
  readonly label: string;
  readonly hint: string;
  readonly required: boolean;
  readonly choices: readonly Choice[];
  readonly suffix: string;
  readonly multiple: boolean;
  readonly subtype: string;
  /** form-js' own condition: hidden while it holds; empty: always shown. */
  readonly hide: string;
}

const TYPES: Readonly<Record<string, FormField["type"]>> = {
  textfield: "text", textarea: "long", number: "number", checkbox: "yes_no", radio: "choice", select: "choice",
  checklist: "choices", taglist: "choices", datetime: "moment", filepicker: "files",
};

/** The questions of a form-js schema; a component this page does not know is left out. */
export function fieldsOfForm(schema: unknown): readonly FormField[] {
  return listOf(fieldsOf(schema)?.components, readField);
}

function readField(raw: unknown): FormField | null {
  const fields = fieldsOf(raw);
  const key = textOrNull(fields?.key);
  const type = TYPES[textOf(fields?.type)];
  if (fields === null || key === null || type === undefined) return null;
  return {
    key,
    type,
    label: textOrNull(fields.label) ?? textOrNull(fields.dateLabel) ?? textOrNull(fields.timeLabel) ?? key,
    hint: textOf(fields.description),
    required: fieldsOf(fields.validate)?.required === true,
    choices: listOf(fields.values, readChoice),
    suffix: textOf(fieldsOf(fields.appearance)?.suffixAdorner),
    multiple: fields.multiple === true,
    subtype: textOf(fields.subtype),
    hide: textOf(fieldsOf(fields.conditional)?.hide),
  };
}

function readChoice(raw: unknown): Choice | null {
  const fields = fieldsOf(raw);
  const value = fields?.value;
  if (typeof value !== "string" && typeof value !== "boolean") return null;
  return { value, label: textOrNull(fields?.label) ?? String(value) };
}

/** The questions to be asked now, given what was answered before. */
export function shownFields(fields: readonly FormField[], values: Values): readonly FormField[] {
  return fields.filter(({ hide }) => hide === "" || !holds(hide, values));
}

/** The labels of questions that must be answered and are not. */
export function unanswered(fields: readonly FormField[], values: Values): readonly string[] {
  return shownFields(fields, values)
    .filter((field) => field.required && isEmpty(values[field.key]))
    .map(({ label }) => label);
}

/** What is sent: only what is shown, and answered. */
export function dataOf(fields: readonly FormField[], values: Values): Record<string, unknown> {
  const answeredFields = shownFields(fields, values).filter(({ key }) => !isEmpty(values[key]));
  return Object.fromEntries(answeredFields.map(({ key }) => [key, values[key]]));
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

/** The conditions our forms are written in: `=a = "b"`, `!=`, `not(…)`, `and`, `or`. Others hide nothing. */
export function holds(condition: string, values: Values): boolean {
  return meaning(condition.replace(/^=/, "").trim(), values) ?? false;
}

function meaning(said: string, values: Values): boolean | null {
  const negated = /^not\(([^()]*)\)$/.exec(said);
  if (negated !== null) {
    const inner = meaning((negated[1] ?? "").trim(), values);
    return inner === null ? null : !inner;
  }
  const either = said.split(/\s+or\s+/);
  if (either.length > 1) return either.some((part) => meaning(part, values) === true);
  const both = said.split(/\s+and\s+/);
  if (both.length > 1) return both.every((part) => meaning(part, values) === true);
  return comparison(said, values);
}

function comparison(said: string, values: Values): boolean | null {
  const parts = /^(\w+)\s*(!?=)\s*(?:"([^"]*)"|(true|false|null|-?\d+(?:\.\d+)?))$/.exec(said.trim());
  if (parts === null) return null;
  const [, key = "", sign, words, plain = "null"] = parts;
  const wanted: unknown = words ?? (JSON.parse(plain) as unknown);
  const isSame = (values[key] ?? null) === wanted;
  return sign === "=" ? isSame : !isSame;
}
