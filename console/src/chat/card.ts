import { countOf, fieldsOf, type Fields, listOf, momentOf, textOf, textOrNull, wordOf } from "./reading";

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
  /** What the ticket waits for, where it is a photo of the customer's. */
  readonly guide: PhotoGuideCard | null;
}

export const SHOTS = ["outer", "label", "inner"] as const;

export type Shot = (typeof SHOTS)[number];

/** Which photos are asked for, to be shown with how to take them. */
export interface PhotoGuideCard {
  readonly type: "photo_guide";
  readonly wanted: readonly Shot[];
}

/** A photo, video or paper; its content is fetched by a link that is good for a short time. */
export interface FileCard {
  readonly type: "file";
  readonly fileId: string;
  readonly mediaType: string;
  readonly size: number;
  readonly name: string;
  readonly width: number | null;
  readonly height: number | null;
}

export interface SurveyCard {
  readonly type: "survey";
  readonly about: "ticket" | "hand_over";
}

export type Card = ParcelCard | TicketCard | PhotoGuideCard | FileCard | SurveyCard;

/** A card as it crosses the wire, or null for a kind this page does not know. */
export function readCard(raw: unknown): Card | null {
  const fields = fieldsOf(raw);
  if (fields === null) return null;
  const read = READERS.get(textOf(fields.type));
  return read === undefined ? null : read(fields);
}

const READERS: ReadonlyMap<string, (fields: Fields) => Card | null> = new Map<
  string,
  (fields: Fields) => Card | null
>([
  ["parcel", readParcel],
  ["ticket", readTicket],
  ["photo_guide", readGuide],
  ["file", readFile],
  ["survey", readSurvey],
]);

function readGuide(fields: Fields): PhotoGuideCard {
  const wanted = listOf(fields.wanted, (raw) => SHOTS.find((shot) => shot === raw) ?? null);
  return { type: "photo_guide", wanted: wanted.length > 0 ? wanted : SHOTS };
}

function readFile(fields: Fields): FileCard | null {
  const fileId = textOrNull(fields.file_id);
  if (fileId === null) return null;
  return {
    type: "file",
    fileId,
    mediaType: textOf(fields.media_type),
    size: countOf(fields.size) ?? 0,
    name: textOf(fields.name),
    width: countOf(fields.width),
    height: countOf(fields.height),
  };
}

function readSurvey(fields: Fields): SurveyCard {
  return { type: "survey", about: wordOf(fields.about, ["ticket", "hand_over"] as const, "ticket") };
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
    guide: guideOf(fields.photo_guide),
  };
}

function guideOf(raw: unknown): PhotoGuideCard | null {
  const fields = fieldsOf(raw);
  return fields === null ? null : readGuide(fields);
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
