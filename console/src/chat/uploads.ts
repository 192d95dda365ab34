import { shallowReactive } from "vue";

import { newMessageId } from "./messageId";
import { TEXTS } from "./texts";

export const MOST_FILES = 10;
export const LARGEST_BYTES = 20 * 1024 * 1024;
/** What phones turn their own formats into when they are asked for these. */
export const ACCEPTED = "image/jpeg,image/png,image/webp,video/mp4,video/quicktime,application/pdf";

const AT_ONCE = 2;
const KNOWN = new Set(ACCEPTED.split(","));
const PICTURE = /^image\/(jpeg|png|webp|gif)$/;

/** A file on its way; `failure` is a sentence for the customer, null while it goes well. */
export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly isPicture: boolean;
  /** Something to show of a picture before the server has it. */
  readonly preview: string | null;
  readonly state: "waiting" | "sending" | "failed";
  /** From 0 to 1. */
  readonly progress: number;
  readonly failure: string | null;
  readonly mayRetry: boolean;
}

export type Outcome =
  | { readonly outcome: "kept" }
  | { readonly outcome: "refused"; readonly detail: string; readonly mayRetry: boolean }
  | { readonly outcome: "broken" };

export interface Sending {
  readonly done: Promise<Outcome>;
  cancel(): void;
}

/** The way a file takes to the server. */
export type Sender = (file: File, progress: (share: number) => void) => Sending;

export interface Pictures {
  show(file: File): string | null;
  forget(url: string): void;
}

/** Files the customer has chosen: sent two at a time, in order, each with its own progress. */
export class Uploads {
  readonly state = shallowReactive<{ list: readonly Upload[]; notice: string | null }>({ list: [], notice: null });
  private readonly files = new Map<string, File>();
  private readonly sendings = new Map<string, Sending>();

  constructor(
    private readonly send: Sender,
    private readonly kept: () => void,
    private readonly pictures: Pictures = browserPictures(),
  ) {}

  /** Take files in and send them; more than ten at once are refused, as are those that are too large. */
  add(files: readonly File[]): void {
    this.state.notice = null;
    const room = MOST_FILES - this.state.list.length;
    if (files.length > room) this.state.notice = TEXTS.upload.tooMany(MOST_FILES);
    for (const file of files.slice(0, Math.max(0, room))) this.addOne(file);
    this.goOn();
  }

  cancel(id: string): void {
    const sending = this.sendings.get(id);
    this.remove(id);
    sending?.cancel();
    this.goOn();
  }

  retry(id: string): void {
    this.change(id, { state: "waiting", progress: 0, failure: null });
    this.goOn();
  }

  dismissNotice(): void {
    this.state.notice = null;
  }

  close(): void {
    for (const { id } of [...this.state.list]) this.cancel(id);
  }

  private addOne(file: File): void {
    const id = newMessageId();
    const failure = faultOf(file);
    const isPicture = PICTURE.test(file.type);
    this.files.set(id, file);
    const upload: Upload = {
      id,
      name: file.name,
      size: file.size,
      isPicture,
      preview: isPicture && failure === null ? this.pictures.show(file) : null,
      state: failure === null ? "waiting" : "failed",
      progress: 0,
      failure,
      mayRetry: failure === null,
    };
    this.state.list = [...this.state.list, upload];
  }

  private goOn(): void {
    for (const upload of this.state.list) {
      if (this.sendings.size >= AT_ONCE) return;
      if (upload.state === "waiting") void this.sendOne(upload.id);
    }
  }

  private async sendOne(id: string): Promise<void> {
    const file = this.files.get(id);
    if (file === undefined) return;
    const sending = this.send(file, (progress) => this.change(id, { progress }));
    this.sendings.set(id, sending);
    this.change(id, { state: "sending" });
    const result = await sending.done;
    // Cancelled meanwhile, and perhaps even sent anew: this is no longer about it.
    if (this.sendings.get(id) !== sending) return;
    this.sendings.delete(id);
    this.settle(id, result);
    this.goOn();
  }

  private settle(id: string, result: Outcome): void {
    if (result.outcome === "kept") {
      this.remove(id);
      this.kept();
      return;
    }
    const isBroken = result.outcome === "broken";
    const failure = isBroken ? TEXTS.upload.broken : result.detail;
    this.change(id, { state: "failed", failure, mayRetry: isBroken || result.mayRetry });
  }

  private change(id: string, changes: Partial<Upload>): void {
    this.state.list = this.state.list.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload));
  }

  private remove(id: string): void {
    const upload = this.state.list.find((each) => each.id === id);
    if (upload?.preview) this.pictures.forget(upload.preview);
    this.files.delete(id);
    this.sendings.delete(id);
    this.state.list = this.state.list.filter((each) => each.id !== id);
  }
}

/** What is wrong with a file before it is sent; the server looks at its content again. */
export function faultOf(file: Pick<File, "name" | "size" | "type">): string | null {
  if (file.size === 0) return TEXTS.upload.empty;
  if (file.size > LARGEST_BYTES) return TEXTS.upload.tooLarge(LARGEST_BYTES / 1024 / 1024);
  // Some browsers name no type; then the server tells.
  if (file.type !== "" && !KNOWN.has(file.type)) return TEXTS.upload.notAllowed;
  return null;
}

function browserPictures(): Pictures {
  return { show: (file) => URL.createObjectURL(file), forget: (url) => URL.revokeObjectURL(url) };
}
