import { newMessageId } from "@/chat/messageId";

import { detailOf, mayPass } from "../shell/problems";
import { useToasts } from "../shell/toasts";
import { i18n } from "../i18n";
import * as asking from "./asking";
import { useDesk } from "./store";
import { lastSeq, withMessage, withNote, withRetracted } from "./timeline";
import type { Quoted } from "./types";
import { failed, nextToSend, retried, triedInVain, type Unsent } from "./unsent";

const AGAIN_AFTER_MS = 1_500;
const RETRACT_WITHIN_MS = 2 * 60_000;

interface Words {
  readonly text: string;
  readonly quoted?: Quoted | null;
  readonly file?: File | null;
  readonly cannedId?: number | null;
}

/** Show what was said at once, and bring it to the server, once, in order. */
export function say(id: string, { text, quoted = null, file = null, cannedId = null }: Words): void {
  const desk = useDesk();
  desk.putUnsent(id, {
    messageId: newMessageId(),
    text,
    at: new Date().toISOString(),
    afterSeq: lastSeq(desk.timeline(id)),
    quoted,
    cannedId,
    file,
    preview: file?.type.startsWith("image/") ? URL.createObjectURL(file) : null,
    fileId: null,
    tries: 0,
    failure: null,
    flying: false,
  });
  void flush(id);
}

export function retry(id: string, messageId: string): void {
  const unsent = known(id, messageId);
  if (unsent === undefined) return;
  useDesk().putUnsent(id, retried(unsent));
  void flush(id);
}

export function discard(id: string, messageId: string): void {
  forget(id, messageId);
  void flush(id);
}

/** Send whatever waits anywhere: the line is back. */
export function flushAll(): void {
  for (const id of Object.keys(useDesk().outboxes)) void flush(id);
}

export async function flush(id: string): Promise<void> {
  const next = nextToSend(useDesk().outboxes[id] ?? []);
  if (next === null) return;
  const flying = { ...next, flying: true };
  useDesk().putUnsent(id, flying);
  const goesOn = await attempt(id, flying);
  if (goesOn) await flush(id);
}

/** True when the next one may go at once. */
async function attempt(id: string, unsent: Unsent): Promise<boolean> {
  const desk = useDesk();
  try {
    const { messageId, text, quoted, cannedId } = unsent;
    const fileId = await fileOf(id, unsent);
    const epoch = desk.rows[id]?.owner_epoch ?? 0;
    const about = { quoted_seq: quoted?.seq ?? null, file_id: fileId, canned_id: cannedId };
    const message = await asking.reply(id, { message_id: messageId, epoch, text, ...about });
    desk.hear(id, message);
    desk.putTimeline(id, withMessage(desk.timeline(id), message));
    forget(id, messageId);
    return true;
  } catch (problem) {
    const now = known(id, unsent.messageId);
    if (now === undefined) return true;
    const next = mayPass(problem) ? triedInVain(now, detailOf(problem)) : failed(now, detailOf(problem));
    desk.putUnsent(id, next);
    if (next.failure === null) setTimeout(() => void flush(id), AGAIN_AFTER_MS);
    return next.failure !== null;
  }
}

async function fileOf(id: string, unsent: Unsent): Promise<string | null> {
  if (unsent.file === null || unsent.fileId !== null) return unsent.fileId;
  const fileId = await asking.upload(unsent.file);
  const now = known(id, unsent.messageId);
  if (now !== undefined) useDesk().putUnsent(id, { ...now, fileId });
  return fileId;
}

function known(id: string, messageId: string): Unsent | undefined {
  return useDesk().outboxes[id]?.find((unsent) => unsent.messageId === messageId);
}

function forget(id: string, messageId: string): void {
  const preview = known(id, messageId)?.preview ?? null;
  useDesk().dropUnsent(id, messageId);
  if (preview !== null) URL.revokeObjectURL(preview);
}

/** Leave a note among ourselves; false, and the words are still the writer's, when it failed. */
export async function leaveNote(id: string, text: string, kind: "note" | "whisper"): Promise<boolean> {
  const desk = useDesk();
  try {
    const note = await asking.note(id, { note_id: newMessageId(), text, kind });
    desk.putTimeline(id, withNote(desk.timeline(id), note));
    return true;
  } catch (problem) {
    useToasts().say(detailOf(problem), { tone: "bad" });
    return false;
  }
}

export function mayRetract(at: string, now: number): boolean {
  return now - Date.parse(at) < RETRACT_WITHIN_MS;
}

export async function retract(id: string, seq: number): Promise<void> {
  const desk = useDesk();
  desk.putTimeline(id, withRetracted(desk.timeline(id), seq, new Date().toISOString()));
  try {
    desk.putTimeline(id, withMessage(desk.timeline(id), await asking.retract(id, seq)));
    useToasts().say(i18n.global.t("desk.deed.retracted"), { tone: "good" });
  } catch (problem) {
    desk.putTimeline(id, withRetracted(desk.timeline(id), seq, null));
    useToasts().say(detailOf(problem), { tone: "bad" });
  }
}
