import { type Card, readCard } from "@/chat/card";
import { fieldsOf, textOf, textOrNull } from "@/chat/reading";

export interface FileCard {
  readonly type: "file";
  readonly fileId: string;
  readonly isImage: boolean;
  readonly name: string;
  readonly size: number;
}

export interface SurveyCard {
  readonly type: "survey";
  readonly title: string;
  readonly score: number | null;
}

export type DeskCard = Extract<Card, { type: "parcel" | "ticket" }> | FileCard | SurveyCard;

/** A message's card as the desk shows it; null for a kind this page does not know. */
export function readDeskCard(raw: unknown): DeskCard | null {
  const fields = fieldsOf(raw);
  if (fields === null) return null;
  if (fields.type === "file") {
    const fileId = textOrNull(fields.file_id);
    if (fileId === null) return null;
    return {
      type: "file",
      fileId,
      isImage: textOf(fields.media_type).startsWith("image/"),
      name: textOf(fields.name),
      size: typeof fields.size === "number" ? fields.size : 0,
    };
  }
  if (fields.type === "survey") {
    const score = typeof fields.score === "number" ? fields.score : null;
    return { type: "survey", title: textOf(fields.title), score };
  }
  const card = readCard(raw);
  return card !== null && (card.type === "parcel" || card.type === "ticket") ? card : null;
}

/** Where one of our people gets a file from. */
export function addressOf(fileId: string): string {
  return `/api/files/${encodeURIComponent(fileId)}/content`;
}
