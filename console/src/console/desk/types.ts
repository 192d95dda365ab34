import type { Schemas } from "@/api/client";

export type Row = Schemas["ConversationRowOut"];
export type Message = Schemas["DeskMessageOut"];
export type Note = Schemas["NoteOut"];
export type Page = Schemas["MessagePageOut"];
export type Context = Schemas["ContextOut"];
export type Suggestion = Schemas["SuggestionOut"];
export type Canned = Schemas["CannedReplyOut"];
export type DeskQueue = Schemas["DeskQueueOut"];
export type Desk = Schemas["DeskOut"];
export type Wall = Schemas["WallOut"];
export type Ticket = Schemas["TicketBriefOut"];
export type Parcel = Schemas["ParcelOut"];
export type Quoted = Schemas["QuotedOut"];

/** What somebody says of themselves; `offline` is what the house sees when they are not there. */
export type Status = "available" | "busy" | "away";
