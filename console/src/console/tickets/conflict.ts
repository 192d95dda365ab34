import { ApiProblem, type Schemas } from "@/api/client";

export type Ticket = Schemas["TicketDetailOut"];

/** Refusals that mean: somebody else was faster. */
const OVERTAKEN = new Set(["ticket_changed_meanwhile", "assignee_changed", "step_taken", "step_not_current", "step_not_open", "ticket_already_closed"]);

export function isOvertaken(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && OVERTAKEN.has(error.error);
}

/** Something that is another now than when it was looked at. */
export interface Differing {
  readonly name: string;
  readonly seen: string;
  readonly now: string;
}

const SHOWN = ["state_label", "priority", "severity", "queue", "assignee", "due_at", "waybill_no"] as const;

/** What differs between the ticket somebody looked at and the ticket as it is now. */
export function differences(seen: Ticket, now: Ticket): Differing[] {
  const plain = SHOWN.map((name) => ({ name, seen: seen[name] ?? "", now: now[name] ?? "" }));
  const steps = { name: "steps", seen: stepsOf(seen), now: stepsOf(now) };
  return [...plain, steps].filter((each) => each.seen !== each.now);
}

function stepsOf(ticket: Ticket): string {
  return ticket.open_steps.map((step) => (step.assignee === null ? step.label : `${step.label}（${step.assignee}）`)).join("、");
}

/** The lines written since. */
export function written(seen: Ticket, now: Ticket): Ticket["changes"] {
  return now.changes.slice(seen.changes.length);
}
