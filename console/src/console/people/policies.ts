import type { Schemas } from "@/api/client";

import { secondsOf } from "../office/times";

export type Rule = Schemas["PolicyRule"];
export const TARGETS = ["claim", "first_response", "step", "solution", "promise", "confirmation"] as const;
export type Target = (typeof TARGETS)[number];

const SPECIFIC = ["*", "low", "normal", "high", "urgent"];
const LONGEST = 90 * 24 * 3600;

export function keyOf(rule: Rule): string {
  return `${rule.kind ?? "*"}/${rule.priority ?? "*"}`;
}

/** The least specific first, as they are read. */
export function sorted(rules: readonly Rule[]): Rule[] {
  return [...rules].sort((a, b) => rank(a) - rank(b) || keyOf(a).localeCompare(keyOf(b)));
}

function rank(rule: Rule): number {
  return (rule.kind === undefined || rule.kind === "*" ? 0 : 100) + SPECIFIC.indexOf(rule.priority ?? "*");
}

/** A row with a target changed; an empty one is taken from a less specific row. */
export function withTarget(rule: Rule, target: Target, duration: string): Rule {
  const others = Object.entries(rule.targets ?? {}).filter(([name]) => name !== target);
  const text = duration.trim().toUpperCase();
  return { ...rule, targets: Object.fromEntries(text === "" ? others : [...others, [target, text]]) };
}

/** The targets of a row that are no length of time. */
export function wrongTargets(rule: Rule): string[] {
  return Object.entries(rule.targets ?? {}).filter(([, text]) => !isLength(text)).map(([name]) => name);
}

function isLength(text: string): boolean {
  const seconds = secondsOf(text);
  return seconds !== null && seconds > 0 && seconds <= LONGEST;
}

/** Whether a target's clock runs day and night, so that its days are days. */
export function runsAlways(rules: readonly Rule[], target: Target): boolean {
  return rules.find((rule) => keyOf(rule) === "*/*")?.calendars?.[target] === "always";
}

/** Two rows for the same tickets. */
export function doubled(rules: readonly Rule[]): string[] {
  const keys = rules.map(keyOf);
  return [...new Set(keys.filter((key, place) => keys.indexOf(key) !== place))];
}

/** What a target is for a kind and a priority, and the row that says so. */
export function inForce(rules: readonly Rule[], target: Target, kind: string, priority: string): { duration: string; from: string } | null {
  const wanted = [`${kind}/${priority}`, `${kind}/*`, `*/${priority}`, "*/*"];
  for (const key of wanted) {
    const duration = rules.find((rule) => keyOf(rule) === key)?.targets?.[target];
    if (duration !== undefined) return { duration, from: key };
  }
  return null;
}
