import type { Customer } from "./connection";
import { fieldsOf, type Fields, listOf, textOf, textOrNull } from "./reading";

/** What the server wrote into the page of the site that carries us. */
export interface Site {
  readonly key: string;
  readonly origins: readonly string[];
  readonly colour: string;
  readonly title: string;
}

export interface Identity {
  readonly customer: Customer;
  readonly signature: string;
}

/** What the widget around us says. */
export interface HostListener {
  hello(identity: Identity | null, page: string): void;
  identify(identity: Identity | null): void;
  shown(isShown: boolean): void;
}

/** The widget around us; where there is none, nobody hears. */
export interface Host {
  readonly isThere: boolean;
  listen(listener: HostListener): void;
  tell(type: "ready" | "unread" | "close" | "refused", fields?: Fields): void;
}

export const PROTOCOL = "yiwen-chat-1";

export function readSite(json: string | null | undefined): Site | null {
  const fields = fieldsOf(parsed(json));
  const key = textOrNull(fields?.key);
  if (key === null) return null;
  const theme = fieldsOf(fields?.theme);
  return {
    key,
    origins: listOf(fields?.origins, textOrNull),
    colour: textOf(theme?.colour),
    title: textOf(theme?.title),
  };
}

export const NO_HOST: Host = { isThere: false, listen: () => undefined, tell: () => undefined };

/**
 * The window that frames us, if it is of the site's pages: `claimed` is the origin it says to have. Nothing is
 * sent to, or believed from, any other origin.
 */
export function framingHost(frame: Window, site: Site | null, claimed: string): Host {
  if (frame.parent === frame || site === null) return NO_HOST;
  const isOfSite = site.origins.includes(claimed) || claimed === frame.location.origin;
  if (!isOfSite) return NO_HOST;
  return {
    isThere: true,
    listen: (listener) => {
      frame.addEventListener("message", (event: MessageEvent<unknown>) => {
        if (event.origin !== claimed || event.source !== frame.parent) return;
        hear(fieldsOf(event.data), listener);
      });
    },
    tell: (type, fields = {}) => frame.parent.postMessage({ yiwen: PROTOCOL, type, ...fields }, claimed),
  };
}

function hear(fields: Fields | null, listener: HostListener): void {
  if (fields?.yiwen !== PROTOCOL) return;
  const identity = readIdentity(fields.identity);
  if (fields.type === "hello") listener.hello(identity, textOf(fields.page).slice(0, 500));
  if (fields.type === "identify") listener.identify(identity);
  if (fields.type === "shown") listener.shown(fields.on === true);
}

export function readIdentity(raw: unknown): Identity | null {
  const fields = fieldsOf(raw);
  const id = textOrNull(fields?.id);
  const at = fields?.at;
  if (fields === null || id === null || typeof at !== "number") return null;
  const customer = { id, name: textOf(fields.name), vip: fields.vip === true, at };
  return { customer, signature: textOf(fields.signature) };
}

function parsed(json: string | null | undefined): unknown {
  try {
    return JSON.parse(json ?? "null");
  } catch {
    return null;
  }
}
