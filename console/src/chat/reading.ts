/** Small readers for what arrives over the wire: nothing beyond them meets an `unknown`. */

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(raw: unknown): Fields | null {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw) ? (raw as Fields) : null;
}

export function textOf(raw: unknown): string {
  return typeof raw === "string" ? raw : "";
}

export function textOrNull(raw: unknown): string | null {
  return typeof raw === "string" && raw !== "" ? raw : null;
}

/** A whole number above zero, or null. */
export function countOf(raw: unknown): number | null {
  return typeof raw === "number" && Number.isSafeInteger(raw) && raw > 0 ? raw : null;
}

/** A moment as ISO 8601 text, or null where it is absent or no moment at all. */
export function momentOf(raw: unknown): string | null {
  return typeof raw === "string" && !Number.isNaN(Date.parse(raw)) ? raw : null;
}

export function listOf<T>(raw: unknown, read: (item: unknown) => T | null): T[] {
  if (!Array.isArray(raw)) return [];
  return raw.map(read).filter((item): item is T & NonNullable<unknown> => item !== null);
}

/** One of the known words, or the fallback for a word that a newer server may have added. */
export function wordOf<T extends string>(raw: unknown, known: readonly T[], fallback: T): T {
  return known.find((word) => word === raw) ?? fallback;
}
