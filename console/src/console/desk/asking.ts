import { answered, api } from "@/api/client";

import type { Canned, Context, Desk, Message, Note, Page, Row, Suggestion, Wall } from "./types";

/** The desk's questions and deeds over HTTP, one line each. */
const at = (id: string): { params: { path: { conversation_id: string } } } => ({
  params: { path: { conversation_id: id } },
});
const TALK = "/api/desk/conversations/{conversation_id}";

export interface Reply {
  readonly message_id: string;
  readonly epoch: number;
  readonly text: string;
  readonly quoted_seq: number | null;
  readonly file_id: string | null;
  /** The ready-made reply it was made of, so that its uses are counted. */
  readonly canned_id: number | null;
}

export interface Goal {
  readonly to_agent: string | null;
  readonly to_queue: string | null;
  readonly note: string;
}

export const desk = (): Promise<Desk> => answered(api.GET("/api/desk"));
export const wall = (): Promise<Wall> => answered(api.GET("/api/desk/wall"));
export const canned = (): Promise<Canned[]> => answered(api.GET("/api/canned-replies"));
export const talk = (id: string): Promise<Row> => answered(api.GET(TALK, at(id)));
export const context = (id: string): Promise<Context> => answered(api.GET(`${TALK}/context`, at(id)));
export const suggestions = (id: string): Promise<Suggestion[]> => answered(api.GET(`${TALK}/suggestions`, at(id)));

export function messages(id: string, query: { before?: number; after?: number } = {}): Promise<Page> {
  return answered(api.GET(`${TALK}/messages`, { params: { ...at(id).params, query } }));
}

export const take = (id: string, epoch: number): Promise<Row> =>
  answered(api.POST(`${TALK}/take`, { ...at(id), body: { epoch } }));
export const decline = (id: string, epoch: number): Promise<Row> =>
  answered(api.POST(`${TALK}/decline`, { ...at(id), body: { epoch } }));
export const putBack = (id: string, epoch: number): Promise<Row> =>
  answered(api.POST(`${TALK}/put-back`, { ...at(id), body: { epoch } }));
export const takeOver = (id: string, epoch: number): Promise<Row> =>
  answered(api.POST(`${TALK}/take-over`, { ...at(id), body: { epoch } }));
export const transfer = (id: string, epoch: number, goal: Goal): Promise<Row> =>
  answered(api.POST(`${TALK}/transfer`, { ...at(id), body: { epoch, ...goal } }));
export const giveBack = (id: string, epoch: number, agreed: string): Promise<Row> =>
  answered(api.POST(`${TALK}/give-back`, { ...at(id), body: { epoch, agreed } }));
export const close = (id: string, epoch: number, agreed: string): Promise<Row> =>
  answered(api.POST(`${TALK}/close`, { ...at(id), body: { epoch, agreed } }));

export const reply = (id: string, body: Reply): Promise<Message> =>
  answered(api.POST(`${TALK}/replies`, { ...at(id), body }));
export const note = (id: string, body: { note_id: string; text: string; kind: "note" | "whisper" }): Promise<Note> =>
  answered(api.POST(`${TALK}/notes`, { ...at(id), body }));
export const retract = (id: string, seq: number): Promise<Message> =>
  answered(api.POST(`${TALK}/messages/{seq}/retract`, { params: { path: { conversation_id: id, seq } } }));

/** Leave a file with the server; return its id. */
export async function upload(file: File): Promise<string> {
  const form = new FormData();
  form.append("file", file);
  const stored = await answered(
    api.POST("/api/files", { body: { file: "" }, bodySerializer: () => form }),
  );
  return stored.id;
}
