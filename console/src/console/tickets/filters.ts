/** Which tickets are wanted: what the address of the page says, and what a saved filter keeps. */
export interface Filters {
  q: string;
  state: string;
  kind: string;
  queue: string;
  assignee: string;
  team: string;
  priority: string;
  severity: string;
  waybill_no: string;
  region: string;
  opened_from: string;
  opened_before: string;
  unassigned: boolean;
  overdue: boolean;
  red_flag: boolean;
  sort: string;
}

export const NOTHING_WANTED: Filters = {
  q: "",
  state: "",
  kind: "",
  queue: "",
  assignee: "",
  team: "",
  priority: "",
  severity: "",
  waybill_no: "",
  region: "",
  opened_from: "",
  opened_before: "",
  unassigned: false,
  overdue: false,
  red_flag: false,
  sort: "newest",
};

export const STATES = ["open", "paused", "resolved", "closed"] as const;
export const PRIORITIES = ["urgent", "high", "normal", "low"] as const;
export const SEVERITIES = ["critical", "major", "normal", "minor"] as const;
export const SORTS = ["newest", "due", "priority"] as const;

type Said = Readonly<Record<string, unknown>>;
type Switch = "unassigned" | "overdue" | "red_flag";
type TextFilter = Exclude<keyof Filters, Switch>;

const SWITCHES: readonly Switch[] = ["unassigned", "overdue", "red_flag"];
const TEXTS = (Object.keys(NOTHING_WANTED) as (keyof Filters)[]).filter(
  (name): name is TextFilter => !SWITCHES.includes(name as Switch),
);
const CHOICES: Partial<Record<TextFilter, readonly string[]>> = {
  state: STATES,
  priority: PRIORITIES,
  severity: SEVERITIES,
  sort: SORTS,
};
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What an address or a saved filter asks for; what it says wrongly is left out. */
export function read(said: Said): Filters {
  const wanted: Filters = { ...NOTHING_WANTED };
  for (const name of TEXTS) wanted[name] = textOf(name, said[name]);
  for (const name of SWITCHES) wanted[name] = said[name] === "true" || said[name] === true;
  return wanted;
}

function textOf(name: TextFilter, said: unknown): string {
  const text = typeof said === "string" ? said.trim().slice(0, 100) : "";
  const allowed = CHOICES[name];
  if (allowed !== undefined && !allowed.includes(text)) return NOTHING_WANTED[name];
  if ((name === "opened_from" || name === "opened_before") && !DAY.test(text)) return "";
  return text;
}

/** The same as words for an address or a saved filter: only what differs from asking for all. */
export function write(filters: Filters): Record<string, string> {
  const said: Record<string, string> = {};
  for (const name of TEXTS) if (filters[name] !== NOTHING_WANTED[name]) said[name] = filters[name];
  for (const name of SWITCHES) if (filters[name]) said[name] = "true";
  return said;
}

export function same(one: Filters, other: Filters): boolean {
  const [a, b] = [write(one), write(other)];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}

/** How many things are asked for, the order aside. */
export function howMany(filters: Filters): number {
  return Object.keys(write(filters)).filter((name) => name !== "sort" && name !== "q").length;
}

/** What the house is asked; days are those of Shanghai, the last one included. */
export function question(filters: Filters): Record<string, string | boolean> {
  const { q, opened_from, opened_before, sort, ...rest } = filters;
  const asked: Record<string, string | boolean> = {};
  for (const [name, value] of Object.entries(rest)) if (value !== "" && value !== false) asked[name] = value;
  if (opened_from !== "") asked.opened_from = `${opened_from}T00:00:00+08:00`;
  if (opened_before !== "") asked.opened_before = `${dayAfter(opened_before)}T00:00:00+08:00`;
  if (q.trim() === "") asked.sort = sort;
  else asked.q = q.trim();
  return asked;
}

function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}
