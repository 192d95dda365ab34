/** What widget and chat say to each other; nothing from, or to, any other window or origin. */
export const PROTOCOL = "yiwen-chat-1";

/** A customer the host page's server vouches for (`docs/widget.md`). */
export interface Identity {
  readonly id: string;
  readonly name: string;
  readonly vip: boolean;
  readonly at: number;
  readonly signature: string;
}

export interface ChatListener {
  ready(): void;
  unread(count: number): void;
  close(): void;
  refused(code: string, detail: string): void;
}

/** One chat in its frame. */
export class Wire {
  private readonly onMessage: (event: MessageEvent<unknown>) => void;

  constructor(
    private readonly frame: HTMLIFrameElement,
    private readonly house: string,
    listener: ChatListener,
    private readonly around: Window = window,
  ) {
    this.onMessage = (event) => {
      if (event.origin !== house || event.source !== frame.contentWindow) return;
      hear(event.data, listener);
    };
    around.addEventListener("message", this.onMessage);
  }

  say(type: "hello" | "identify" | "shown", fields: Record<string, unknown>): void {
    if (this.frame.contentWindow === null) return;
    this.frame.contentWindow.postMessage({ yiwen: PROTOCOL, type, ...fields }, this.house);
  }

  cut(): void {
    this.around.removeEventListener("message", this.onMessage);
  }
}

/** An identity as a host page gives it, or null; only the server can tell whether it is true. */
export function readIdentity(raw: unknown): Identity | null {
  const fields = (typeof raw === "object" && raw !== null ? raw : {}) as Record<string, unknown>;
  const at = Number(fields.at);
  if (typeof fields.id !== "string" || fields.id === "" || typeof fields.signature !== "string") return null;
  if (!isFinite(at) || Math.floor(at) !== at) return null;
  const name = typeof fields.name === "string" ? fields.name : "";
  return { id: fields.id, name, vip: fields.vip === true, at, signature: fields.signature };
}

function hear(raw: unknown, listener: ChatListener): void {
  const fields = (typeof raw === "object" && raw !== null ? raw : {}) as Record<string, unknown>;
  if (fields.yiwen !== PROTOCOL) return;
  if (fields.type === "ready") listener.ready();
  if (fields.type === "close") listener.close();
  if (fields.type === "unread" && typeof fields.count === "number") listener.unread(Math.max(0, fields.count));
  if (fields.type === "refused") listener.refused(String(fields.code), String(fields.detail));
}
