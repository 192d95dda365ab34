import { answered, api, type Schemas } from "@/api/client";

export type TableDetail = Schemas["TableDetailOut"];

const at = (table: string, version: string): { path: { table: string; version: string } } => ({ path: { table, version } });

export function tables(): Promise<Schemas["TableOut"][]> {
  return answered(api.GET("/api/rules"));
}

export function tableOf(table: string): Promise<TableDetail> {
  return answered(api.GET("/api/rules/{table}", { params: { path: { table } } }));
}

export function sheetOf(table: string, version: string): Promise<Schemas["SheetOut"]> {
  return answered(api.GET("/api/rules/{table}/versions/{version}", { params: at(table, version) }));
}

export function dmnOf(table: string, version: string): Promise<string> {
  return answered(api.GET("/api/rules/{table}/versions/{version}/dmn", { params: at(table, version), parseAs: "text" })) as Promise<string>;
}

export function keep(table: string, xml: string, note: string): Promise<Schemas["ticketing__rules__schemas__ReceivedOut"]> {
  const headers = { "Content-Type": "application/xml" };
  const params = { path: { table }, query: { note } };
  return answered(api.POST("/api/rules/{table}/versions", { params, body: xml, bodySerializer: (body: unknown) => body as string, headers }));
}

export function activate(table: string, version: string, replaces: string): Promise<TableDetail> {
  return answered(api.POST("/api/rules/{table}/versions/{version}/activate", { params: at(table, version), body: { replaces } }));
}

export function tryCase(table: string, facts: Record<string, string | number | boolean | null>, version: string): Promise<Schemas["TriedOut"]> {
  return answered(api.POST("/api/rules/{table}/try", { params: { path: { table } }, body: { facts, version } }));
}

export function replay(table: string, version: string, body: Schemas["ReplayIn"]): Promise<Schemas["ComparisonOut"]> {
  return answered(api.POST("/api/rules/{table}/versions/{version}/replay", { params: at(table, version), body }));
}
