type Schema = Record<string, unknown>;

/** What the editor writes down for itself and the house does not know. */
const NOT_KEPT = new Set(["exporter", "executionPlatform", "executionPlatformVersion", "generatedFrom", "versionTag"]);
const NOT_KEPT_IN_FIELDS = new Set(["layout"]);

/** A schema as the house keeps it: without what the editor adds to every file. */
export function tidied(schema: Schema): Schema {
  const kept = without(schema, NOT_KEPT);
  return Array.isArray(kept.components) ? { ...kept, components: kept.components.map(component) } : kept;
}

function component(raw: unknown): unknown {
  if (typeof raw !== "object" || raw === null) return raw;
  const kept = without(raw as Schema, NOT_KEPT_IN_FIELDS);
  return Array.isArray(kept.components) ? { ...kept, components: kept.components.map(component) } : kept;
}

function without(schema: Schema, names: ReadonlySet<string>): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !names.has(name)));
}

/** The problems an upload was refused with, where they are and what they say. */
export function faultsOf(facts: Readonly<Record<string, unknown>>): { where: string; problem: string }[] {
  const told = Array.isArray(facts.problems) ? facts.problems : [];
  return told.map((each: { where?: unknown; problem?: unknown }) => ({ where: String(each.where ?? ""), problem: String(each.problem ?? "") }));
}
