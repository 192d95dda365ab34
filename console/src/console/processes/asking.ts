import { answered, api, type Schemas } from "@/api/client";

import { allOf } from "../office/pages";

export type Process = Schemas["ProcessOut"];
export type Version = Schemas["ticketing__workflow__schemas__VersionOut"];

const XML = { "Content-Type": "application/xml" } as const;
const plain = (body: unknown): string => body as string;

export function processes(): Promise<Process[]> {
  return answered(api.GET("/api/processes"));
}

/** The forms' titles by their names. */
export async function formTitles(): Promise<Readonly<Record<string, string>>> {
  const { forms } = await answered(api.GET("/api/forms"));
  return Object.fromEntries(forms.map((form) => [form.name, form.title]));
}

export function process(processId: string): Promise<Schemas["ProcessDetailOut"]> {
  return answered(api.GET("/api/processes/{process_id}", { params: { path: { process_id: processId } } }));
}

export function versionsOf(processId: string): Promise<Version[]> {
  return allOf(async (cursor) => {
    const params = { path: { process_id: processId }, query: { limit: 100, ...(cursor === null ? {} : { cursor }) } };
    const page = await answered(api.GET("/api/processes/{process_id}/versions", { params }));
    return { items: page.versions, next: page.next_cursor };
  });
}

export function examine(xml: string): Promise<Schemas["ExaminedOut"]> {
  return answered(api.POST("/api/processes/check", { body: xml, bodySerializer: plain, headers: XML }));
}

export function keep(xml: string, note: string): Promise<Schemas["ticketing__workflow__schemas__ReceivedOut"]> {
  return answered(api.POST("/api/processes", { body: xml, bodySerializer: plain, headers: XML, params: { query: { note } } }));
}

export function activate(processId: string, version: string, replaces: string): Promise<Process> {
  const params = { path: { process_id: processId, version } };
  return answered(api.POST("/api/processes/{process_id}/versions/{version}/activate", { params, body: { replaces } }));
}

export function rollBack(processId: string, replaces: string): Promise<Process> {
  const params = { path: { process_id: processId } };
  return answered(api.POST("/api/processes/{process_id}/roll-back", { params, body: { replaces } }));
}
