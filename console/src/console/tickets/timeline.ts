import type { Schemas } from "@/api/client";

export type Change = Schemas["ChangeOut"];

/** A line of a ticket's history: a word of `tickets.changes.*`, what to fill in, and what was said. */
export interface Line {
  readonly at: string;
  readonly by: string;
  readonly word: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly said: readonly string[];
  readonly answers: readonly (readonly [string, string])[];
  readonly tone: "plain" | "good" | "warn" | "bad";
}

const KNOWN = new Set([
  "opened", "joined", "said_more", "evidence_added", "file_added", "step_completed", "step_sent_back", "timer_fired", "assigned",
  "priority", "note", "merged", "merged_from", "split_off", "split_from", "linked", "unlinked", "caused", "asked_again",
  "reopened", "withdrawn", "sla_paused", "sla_resumed", "evidence_frozen", "survey_answered",
]);
const TONES: Readonly<Record<string, Line["tone"]>> = {
  step_completed: "good",
  step_sent_back: "warn",
  timer_fired: "bad",
  reopened: "warn",
  withdrawn: "warn",
  sla_paused: "warn",
};
const SPOKEN = ["text", "note", "reason", "description", "why"] as const;

/** The history for people, the newest first; steps by their labels. */
export function linesOf(changes: readonly Change[], labels: ReadonlyMap<string, string>): Line[] {
  return changes.map((change) => lineOf(change, labels)).reverse();
}

function lineOf(change: Change, labels: ReadonlyMap<string, string>): Line {
  return {
    at: change.at,
    by: change.by,
    word: KNOWN.has(change.what) ? change.what : "other",
    facts: factsOf(change, labels),
    said: saidIn(change.facts),
    answers: change.answers.map(({ label, value }) => [label, value] as const),
    tone: TONES[change.what] ?? "plain",
  };
}

function factsOf(change: Change, labels: ReadonlyMap<string, string>): Record<string, string> {
  const facts: Record<string, string> = { what: change.what };
  for (const [name, value] of Object.entries(change.facts)) if (isPlain(value)) facts[name] = String(value);
  for (const name of ["step", "to"]) {
    const step = facts[name];
    if (step !== undefined) facts[name] = labels.get(step) ?? step;
  }
  return { step: "", to: "", ticket_no: "", queue: "", assignee: "", before: "", after: "", label: "", relation: "", ...facts };
}

function saidIn(facts: Change["facts"]): string[] {
  const single = SPOKEN.map((name) => facts[name]).filter((said): said is string => typeof said === "string" && said !== "");
  const words = Array.isArray(facts.words) ? facts.words.filter((each): each is string => typeof each === "string") : [];
  return [...new Set([...single, ...words])];
}

function isPlain(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}
