export const STATES = ["dead", "failed", "queued", "held", "sending", "sent", "delivered", "merged"] as const;
export type DeliveryState = (typeof STATES)[number];

const TONES: Readonly<Record<DeliveryState, string>> = { dead: "bad", failed: "bad", queued: "", held: "warn", sending: "", sent: "good", delivered: "good", merged: "" };

export function toneOf(state: string): string {
  return TONES[state as DeliveryState] ?? "";
}

/** What was not delivered may be sent again. */
export function mayReplay(state: string): boolean {
  return state === "dead" || state === "failed";
}

/** The states with how many there are, those to look after first. */
export function counted(counts: Readonly<Record<string, number>>): { state: DeliveryState; count: number }[] {
  return STATES.map((state) => ({ state, count: counts[state] ?? 0 }));
}
