import { answered, api, type Schemas } from "@/api/client";

import { onceKey } from "../office/saving";

type Once = { "idempotency-key": string };

const once = (): Once => ({ "idempotency-key": onceKey() });

/** What is done to a step of a ticket, seen at a version. */
export interface Place {
  readonly ticketNo: string;
  readonly step: string;
  readonly version: number;
}

const at = (place: Place): { path: { ticket_no: string; step: string } } => ({ path: { ticket_no: place.ticketNo, step: place.step } });

export function claim(place: Place): Promise<unknown> {
  const body = { version: place.version, note: "" };
  return answered(api.POST("/api/tickets/{ticket_no}/steps/{step}/claim", { params: at(place), body }));
}

export function release(place: Place, note: string): Promise<unknown> {
  const body = { version: place.version, note };
  return answered(api.POST("/api/tickets/{ticket_no}/steps/{step}/release", { params: at(place), body }));
}

export function assign(place: Place, assignee: string, note: string): Promise<unknown> {
  const body = { version: place.version, assignee, note };
  return answered(api.POST("/api/tickets/{ticket_no}/steps/{step}/assign", { params: at(place), body }));
}

export function handOver(place: Place, queue: string, note: string): Promise<unknown> {
  const body = { version: place.version, queue, note };
  return answered(api.POST("/api/tickets/{ticket_no}/steps/{step}/hand-over", { params: at(place), body }));
}

export function sendBack(place: Place, to: string, reason: string): Promise<unknown> {
  const body = { version: place.version, to, reason };
  return answered(api.POST("/api/tickets/{ticket_no}/steps/{step}/send-back", { params: at(place), body }));
}

export function complete(place: Place, data: Record<string, unknown>, note: string): Promise<unknown> {
  const body = { version: place.version, data, note };
  return answered(api.POST("/api/tickets/{ticket_no}/steps/{step}/complete", { params: at(place), body }));
}

export function changePriority(ticketNo: string, priority: Schemas["Priority"], version: number | null): Promise<unknown> {
  const params = { path: { ticket_no: ticketNo } };
  return answered(api.POST("/api/tickets/{ticket_no}/priority", { params, body: { priority, version } }));
}

export function note(ticketNo: string, text: string): Promise<unknown> {
  const params = { path: { ticket_no: ticketNo }, header: once() };
  return answered(api.POST("/api/tickets/{ticket_no}/notes", { params, body: { text } }));
}

export function merge(ticketNo: string, into: string, version: number): Promise<Schemas["MergedOut"]> {
  const params = { path: { ticket_no: ticketNo }, header: once() };
  return answered(api.POST("/api/tickets/{ticket_no}/merge", { params, body: { into, version } }));
}

export function split(ticketNo: string, part: Schemas["SplitIn"]): Promise<Schemas["SplitOut"]> {
  const params = { path: { ticket_no: ticketNo }, header: once() };
  return answered(api.POST("/api/tickets/{ticket_no}/split", { params, body: part }));
}

export function reopen(ticketNo: string, reason: string, version: number): Promise<Schemas["ReopenedOut"]> {
  const params = { path: { ticket_no: ticketNo }, header: once() };
  return answered(api.POST("/api/tickets/{ticket_no}/reopen", { params, body: { reason, version } }));
}

export type Relation = "parent" | "duplicate" | "caused_by";

export function link(ticketNo: string, other: string, relation: Relation): Promise<Schemas["LinkOut"][]> {
  const params = { path: { ticket_no: ticketNo } };
  return answered(api.POST("/api/tickets/{ticket_no}/links", { params, body: { other, relation } }));
}

export function unlink(ticketNo: string, other: string, relation: Relation): Promise<Schemas["LinkOut"][]> {
  const params = { path: { ticket_no: ticketNo, relation, other_no: other } };
  return answered(api.DELETE("/api/tickets/{ticket_no}/links/{relation}/{other_no}", { params }));
}

export function pauseClocks(ticketNo: string): Promise<unknown> {
  return answered(api.POST("/api/sla/tickets/{ticket_no}/pause", { params: { path: { ticket_no: ticketNo } } }));
}

export function resumeClocks(ticketNo: string): Promise<unknown> {
  return answered(api.POST("/api/sla/tickets/{ticket_no}/resume", { params: { path: { ticket_no: ticketNo } } }));
}
