import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const ROOMS = resolve(import.meta.dirname, "../../../ticketing");

export interface Shipped {
  readonly name: string;
  readonly text: string;
}

function filesIn(folder: string, ending: string): Shipped[] {
  const names = readdirSync(`${ROOMS}/${folder}`).filter((name) => name.endsWith(ending)).sort();
  return names.map((name) => ({ name: name.slice(0, -ending.length), text: readFileSync(`${ROOMS}/${folder}/${name}`, "utf-8") }));
}

export function shippedProcesses(): Shipped[] {
  return filesIn("workflow/processes", ".bpmn");
}

export function shippedTables(): Shipped[] {
  return filesIn("rules/tables", ".dmn");
}

export function shippedForms(): { readonly name: string; readonly schema: object }[] {
  return filesIn("forms/schemas", ".json").map(({ name, text }) => ({ name, schema: JSON.parse(text) as object }));
}
