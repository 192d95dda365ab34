import type { Schemas } from "@/api/client";

export function step(changes: Partial<Schemas["OpenStepOut"]> = {}): Schemas["OpenStepOut"] {
  return {
    id: 1, step: "accept", label: "受理", role: "customer_service", queue: "customer_service", skill: null, assignee: null,
    form: "accept", waits_for: null, entered_at: "2026-11-22T01:00:00Z", due_at: null, ...changes,
  };
}

export function row(no: number, changes: Partial<Schemas["RowOut"]> = {}): Schemas["RowOut"] {
  return {
    ticket_no: `T20261122${String(no).padStart(6, "0")}`, kind: "damage", kind_label: "破损", priority: "normal", state: "open", state_label: "处理中",
    waybill_no: "SF1", carrier_code: "SF", carrier_name: "顺丰", severity: "normal", red_flag: false, vip: false, region: null, queue: "customer_service",
    assignee: null, due_at: null, opened_at: "2026-11-22T01:00:00Z", responded_at: null, resolved_at: null, updated_at: "2026-11-22T01:00:00Z",
    closed_at: null, reopened_count: 0, version: 1, steps: [], open_steps: [step()], description: "外箱破了", links: [], ...changes,
  };
}

export function ticket(changes: Partial<Schemas["TicketDetailOut"]> = {}): Schemas["TicketDetailOut"] {
  const head = row(1);
  return {
    ...head, role: "receiver", words: [head.description], contact_phone: null, details: {}, snapshot: {} as Record<string, never>,
    process_id: "damage", process_version: "0123456789abcdef", changes: [], ...changes,
  };
}

export function clock(changes: Partial<Schemas["ClockOut"]> = {}): Schemas["ClockOut"] {
  return {
    id: 1, clock: "solution", label: "解决", audience: "staff", policy: "*/*", calendar: "office", calendar_label: "工作日", started_at: "2026-11-22T01:00:00Z",
    target_seconds: 3600, used_seconds: 900, remaining_seconds: 2700, due_at: "2026-11-22T08:00:00Z", warn_at: "2026-11-22T07:30:00Z", escalate_at: [],
    explanation: "", pauses: [], days: [], warnings: [], step_id: null, timer_name: null, level: 0, next_at: null, outcome: null, warned_at: null,
    breached_at: null, stopped_at: null, ...changes,
  };
}
