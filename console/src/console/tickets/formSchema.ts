import { holds, type Values } from "./feel";

export type FieldKind = "text" | "long" | "number" | "tick" | "choice" | "choices" | "date" | "time" | "datetime" | "files";

export interface Choice {
  readonly value: string | boolean;
  readonly label: string;
}

/** One thing a form asks. */
export interface FormField {
  readonly key: string;
  readonly label: string;
  readonly hint: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly choices: readonly Choice[];
  readonly hide: readonly string[];
  readonly isFixed: boolean;
  readonly min: number | null;
  readonly max: number | null;
  readonly digits: number | null;
  readonly longest: number | null;
  readonly shortest: number | null;
  readonly pattern: string;
  readonly accept: string;
  readonly several: boolean;
  readonly notInThePast: boolean;
}

/** Words between the questions. */
export interface FormText {
  readonly text: string;
  readonly hide: readonly string[];
}

export type FormItem = { readonly field: FormField } | { readonly note: FormText };

type Raw = Readonly<Record<string, unknown>>;

const KINDS: Readonly<Record<string, FieldKind>> = {
  textfield: "text",
  textarea: "long",
  number: "number",
  checkbox: "tick",
  radio: "choice",
  select: "choice",
  checklist: "choices",
  taglist: "choices",
  datetime: "datetime",
  filepicker: "files",
};
const NESTS = new Set(["group", "default"]);

/** The questions and words of a form-js schema, in order; groups are opened, what shows nothing is left out. */
export function itemsOf(schema: unknown): FormItem[] {
  return within(raw(schema), []);
}

export function fieldsOf(schema: unknown): FormField[] {
  return itemsOf(schema).flatMap((item) => ("field" in item ? [item.field] : []));
}

function within(holder: Raw, hides: readonly string[]): FormItem[] {
  const components = Array.isArray(holder.components) ? holder.components : [];
  return components.flatMap((each) => read(raw(each), hides));
}

function read(component: Raw, above: readonly string[]): FormItem[] {
  const own = text(raw(component.conditional).hide);
  const hide = own === "" ? above : [...above, own];
  const type = text(component.type);
  if (NESTS.has(type)) return within(component, hide);
  if (type === "text") return [{ note: { text: text(component.text), hide } }];
  const kind = KINDS[type];
  const key = text(component.key);
  return kind === undefined || key === "" ? [] : [{ field: fieldOf(component, kind, hide) }];
}

function fieldOf(component: Raw, plain: FieldKind, hide: readonly string[]): FormField {
  const rules = raw(component.validate);
  const kind = plain === "datetime" ? timed(text(component.subtype)) : plain;
  const key = text(component.key);
  return {
    key,
    kind,
    hide,
    label: text(component.dateLabel) || text(component.timeLabel) || text(component.label) || key,
    hint: text(raw(component.properties).hint) || text(component.description),
    required: rules.required === true,
    choices: choicesOf(component.values),
    isFixed: component.disabled === true || component.readonly === true,
    min: number(rules.min),
    max: number(rules.max),
    digits: number(component.decimalDigits),
    longest: number(rules.maxLength),
    shortest: number(rules.minLength),
    pattern: text(rules.pattern),
    accept: text(component.accept),
    several: component.multiple === true,
    notInThePast: component.disallowPassedDates === true,
  };
}

function timed(subtype: string): FieldKind {
  return subtype === "date" || subtype === "time" ? subtype : "datetime";
}

/** `true` and `false` as the only choices are a yes and a no. */
function choicesOf(values: unknown): Choice[] {
  const listed = (Array.isArray(values) ? values : []).map(raw);
  const asked = listed.map((each) => ({ value: each.value, label: text(each.label) || String(each.value) }));
  const isYesOrNo = asked.length > 0 && asked.every(({ value }) => ["true", "false", true, false].includes(value as string));
  return asked.map(({ value, label }) => ({ label, value: isYesOrNo ? String(value) === "true" : String(value) }));
}

function raw(value: unknown): Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown): number | null {
  if (value === null || value === undefined || value === "") return null;
  const read = Number(value);
  return Number.isFinite(read) ? read : null;
}

/** What is shown with these answers, in order; answers to what is hidden do not count for what follows. */
export function visible(items: readonly FormItem[], answers: Values): FormItem[] {
  const counted: Record<string, unknown> = {};
  return items.filter((item) => {
    const hide = "field" in item ? item.field.hide : item.note.hide;
    if (hide.some((condition) => holds(condition, counted))) return false;
    if ("field" in item && !item.field.isFixed && isAnswered(answers[item.field.key])) {
      counted[item.field.key] = answers[item.field.key];
    }
    return true;
  });
}

export function isAnswered(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== "";
}

/** What is sent: the answers to what can be seen and changed. */
export function payload(items: readonly FormItem[], answers: Values): Record<string, unknown> {
  const sent: Record<string, unknown> = {};
  for (const item of visible(items, answers)) {
    if (!("field" in item) || item.field.isFixed) continue;
    const value = answers[item.field.key];
    if (isAnswered(value)) sent[item.field.key] = typeof value === "string" ? value.trim() : value;
  }
  return sent;
}
