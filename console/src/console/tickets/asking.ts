import { answered, api, type Schemas } from "@/api/client";

import { allOf } from "../office/pages";

export type Ticket = Schemas["TicketDetailOut"];
export type Fact = Schemas["FactOut"];

export function ticketOf(ticketNo: string): Promise<Ticket> {
  return answered(api.GET("/api/tickets/{ticket_no}", { params: { path: { ticket_no: ticketNo } } }));
}

export function clocksOf(ticketNo: string): Promise<Schemas["TicketClocksOut"]> {
  return answered(api.GET("/api/sla/tickets/{ticket_no}", { params: { path: { ticket_no: ticketNo } } }));
}

export function pageOf(question: Record<string, string | boolean>, cursor: string | null, limit: number): Promise<Schemas["PageOut"]> {
  const query = { ...question, limit, ...(cursor === null ? {} : { cursor }) };
  if (typeof question.q === "string") return answered(api.GET("/api/tickets/search", { params: { query: { ...query, q: question.q } } }));
  return answered(api.GET("/api/tickets", { params: { query } }));
}

/** The words for what stands in tickets: kinds, priorities, regions and the like. */
let facts: Promise<Fact[]> | null = null;

export function knownFacts(): Promise<Fact[]> {
  facts ??= answered(api.GET("/api/rules/facts")).catch((error: unknown) => {
    facts = null;
    throw error;
  });
  return facts;
}

export async function wordsFor(name: string): Promise<Readonly<Record<string, string>>> {
  return (await knownFacts()).find((fact) => fact.name === name)?.values ?? {};
}

export function queuesOf(): Promise<Schemas["QueueOut"][]> {
  return answered(api.GET("/api/queues"));
}

export function teamsOf(): Promise<Schemas["TeamOut"][]> {
  return answered(api.GET("/api/teams"));
}

/** Whom a step may be given to: everybody of some team. */
export function peopleIn(teams: readonly Schemas["TeamOut"][]): string[] {
  const names = teams.flatMap((team) => team.members.filter((member) => member.active !== false).map((member) => member.username));
  return [...new Set(names)].sort();
}

export function evaluationsOf(ticketNo: string): Promise<Schemas["EvaluationOut"][]> {
  return allOf(async (cursor) => {
    const query = { subject: ticketNo, limit: 100, ...(cursor === null ? {} : { cursor }) };
    const page = await answered(api.GET("/api/rules/evaluations", { params: { query } }));
    return { items: page.evaluations, next: page.next_cursor };
  });
}

export function routingOf(ticketNo: string): Promise<Schemas["RoutingLineOut"][]> {
  return allOf(async (cursor) => {
    const query = { ticket_no: ticketNo, limit: 100, ...(cursor === null ? {} : { cursor }) };
    const page = await answered(api.GET("/api/routing/log", { params: { query } }));
    return { items: page.lines, next: page.next_cursor };
  });
}

export async function formOf(name: string): Promise<unknown> {
  const form = await answered(api.GET("/api/forms/{name}", { params: { path: { name } } }));
  return form.schema;
}

export async function upload(file: File): Promise<Schemas["FileOut"]> {
  const form = new FormData();
  form.append("file", file);
  return answered(api.POST("/api/files", { body: form as never, bodySerializer: (body: unknown) => body as FormData }));
}

/** The text of a file the house keeps, such as a process. */
export function bpmnOf(process: string, version: string): Promise<string> {
  const path = { process_id: process, version };
  return answered(api.GET("/api/processes/{process_id}/versions/{version}/bpmn", { params: { path }, parseAs: "text" })) as Promise<string>;
}
