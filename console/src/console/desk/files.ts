import { i18n } from "../i18n";
import { useToasts } from "../shell/toasts";
import { markRaw, shallowReactive } from "vue";

export const MOST_FILES = 10;
export const MOST_BYTES = 20 * 1024 * 1024;

export interface Waiting {
  readonly key: number;
  readonly file: File;
  readonly preview: string | null;
}

/** Files that were dropped, pasted or chosen and are not sent yet, by conversation. */
export const waiting = shallowReactive<Record<string, readonly Waiting[]>>({});
let next = 1;

export interface Sorted {
  readonly taken: readonly File[];
  readonly tooBig: readonly string[];
  readonly tooMany: number;
}

/** Which of some files may go along with so many that wait already. */
export function sorted(files: readonly File[], already: number): Sorted {
  const fitting = files.filter(({ size }) => size > 0 && size <= MOST_BYTES);
  const taken = fitting.slice(0, Math.max(0, MOST_FILES - already));
  return {
    taken,
    tooBig: files.filter((file) => !fitting.includes(file)).map(({ name }) => name),
    tooMany: fitting.length - taken.length,
  };
}

export function addFiles(id: string, added: Iterable<File> | null | undefined): void {
  const known = waiting[id] ?? [];
  const { taken, tooBig, tooMany } = sorted([...(added ?? [])], known.length);
  const say = (word: string, facts: Record<string, string | number>): void => {
    useToasts().say(i18n.global.t(`desk.files.${word}`, facts), { tone: "bad" });
  };
  if (tooBig.length > 0) say("too_big", { names: tooBig.join("、") });
  if (tooMany > 0) say("too_many", { most: MOST_FILES });
  waiting[id] = [...known, ...taken.map(asWaiting)];
}

function asWaiting(file: File): Waiting {
  const preview = file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
  next += 1;
  return { key: next, file: markRaw(file), preview };
}

export function removeFile(id: string, key: number): void {
  waiting[id] = (waiting[id] ?? []).filter((each) => each.key !== key || revoke(each));
}

/** Hand over what waits, and forget it. */
export function takeFiles(id: string): readonly File[] {
  const files = waiting[id] ?? [];
  waiting[id] = [];
  files.forEach(revoke);
  return files.map(({ file }) => file);
}

function revoke({ preview }: Waiting): false {
  if (preview !== null) URL.revokeObjectURL(preview);
  return false;
}

/** `3.2 MB` of a size in bytes. */
export function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
