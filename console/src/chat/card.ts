import { fieldsOf, type Fields, listOf, momentOf, textOf, textOrNull, wordOf } from "./reading";

export interface ParcelEvent {
  readonly at: string | null;
  readonly place: string;
  readonly text: string;
}

export interface ParcelCard {
  readonly type: "parcel";
  readonly waybillNo: string;
  readonly carrierName: string;
  readonly status: string;
  readonly statusLabel: string;
  readonly city: string | null;
  readonly eta: string | null;
  readonly disclosure: "full" | "state_and_city";
  /** Newest first. */
  readonly events: readonly ParcelEvent[];
}

export interface TicketStep {
  readonly step: string;
  readonly label: string;
  readonly state: "done" | "current" | "waiting";
  readonly at: string | null;
}

export interface TicketCard {
  readonly type: "ticket";
  readonly ticketNo: string;
  readonly kindLabel: string;
  readonly priority: "normal" | "high";
  readonly state: "open" | "paused" | "resolved" | "closed";
  readonly stateLabel: string;
  readonly waybillNo: string | null;
  readonly carrierName: string | null;
  readonly openedAt: string | null;
  readonly updatedAt: string | null;
  readonly steps: readonly TicketStep[];
}

export type Card = ParcelCard | TicketCard;

/** A card as it crosses the wire, or null for a kind this page does not know. */
export function readCard(raw: unknown): Card | null {
  const fields = fieldsOf(raw);
  if (fields === null) return null;
  if (fields.type === "parcel") return readParcel(fields);
  if (fields.type === "ticket") return readTicket(fields);
  return null;
}

function readParcel(fields: Fields): ParcelCard {
  return {
    type: "parcel",
    waybillNo: textOf(fields.waybill_no),
    carrierName: textOf(fields.carrier_name),
    status: textOf(fields.status),
    statusLabel: textOf(fields.status_label),
    city: textOrNull(fields.city),
    eta: momentOf(fields.eta),
    disclosure: wordOf(fields.disclosure, ["full", "state_and_city"] as const, "state_and_city"),
    events: newestFirst(listOf(fields.events, readEvent)),
  };
}

function readEvent(raw: unknown): ParcelEvent | null {
  const fields = fieldsOf(raw);
  if (fields === null) return null;
  return { at: momentOf(fields.at), place: textOf(fields.place), text: textOf(fields.text) };
}

function newestFirst(events: readonly ParcelEvent[]): ParcelEvent[] {
  const moment = (event: ParcelEvent): number => (event.at === null ? 0 : Date.parse(event.at));
  return [...events].sort((one, other) => moment(other) - moment(one));
}

function readTicket(fields: Fields): TicketCard {
  return {
    type: "ticket",
    ticketNo: textOf(fields.ticket_no),
    kindLabel: textOf(fields.kind_label),
    priority: wordOf(fields.priority, ["normal", "high"] as const, "normal"),
    state: wordOf(fields.state, ["open", "paused", "resolved", "closed"] as const, "open"),
    stateLabel: textOf(fields.state_label),
    waybillNo: textOrNull(fields.waybill_no),
    carrierName: textOrNull(fields.carrier_name),
    openedAt: momentOf(fields.opened_at),
    updatedAt: momentOf(fields.updated_at),
    steps: listOf(fields.steps, readStep),
  };
}

function readStep(raw: unknown): TicketStep | null {
  const fields = fieldsOf(raw);
  if (fields === null) return null;
  return {
    step: textOf(fields.step),
    label: textOf(fields.label),
    state: wordOf(fields.state, ["done", "current", "waiting"] as const, "waiting"),
    at: momentOf(fields.at),
  };
}
