/** Whom a delivery is for: `person:li`, `queue:claims`, `webhook:…`. */
export interface Addressee {
  readonly kind: string;
  readonly name: string;
}

/** A recipient taken apart; the number of a subscription says nothing to people. */
export function addresseeOf(recipient: string): Addressee {
  const at = recipient.indexOf(":");
  const kind = at < 0 ? "" : recipient.slice(0, at);
  return { kind, name: kind === "webhook" ? "" : recipient.slice(at + 1) };
}

/** What a subscriber is told: facts by their names, in the order people read them. */
export interface Told {
  readonly facts: readonly (readonly [name: string, value: string])[];
}

const READ = ["ticket_no", "kind", "waybill_no", "state", "priority", "queue", "assignee", "due_at"] as const;

/** The facts in a webhook's body; null for every text that is none. */
export function toldIn(text: string | null): Told | null {
  if (text === null || !text.startsWith("{")) return null;
  try {
    const { data } = JSON.parse(text) as { data?: Record<string, unknown> };
    if (typeof data !== "object" || data === null) return null;
    const facts = READ.map((name) => [name, data[name]] as const).filter((fact): fact is [typeof fact[0], string] => typeof fact[1] === "string" && fact[1] !== "");
    return { facts };
  } catch {
    return null;
  }
}

/** A body as people look at it who want it whole. */
export function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** What went wrong: the word for it, and what the provider said beyond that. */
export function errorIn(error: string): { readonly word: string; readonly said: string } {
  const at = error.indexOf(":");
  return at < 0 ? { word: error, said: "" } : { word: error.slice(0, at), said: error.slice(at + 1) };
}

export interface Receipt {
  readonly at: string;
  readonly code: string;
  readonly isDelivered: boolean;
}

/** A provider's receipt as it was kept. */
export function receiptOf(raw: Readonly<Record<string, unknown>>): Receipt {
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return { at: text(raw.at), code: text(raw.code), isDelivered: raw.delivered === true };
}
