import type { Memory } from "./memory";
import type { Settings, Theme } from "./settings";
import { View } from "./view";
import { type Identity, readIdentity, Wire } from "./wire";

export const EVENTS = ["ready", "open", "close", "unread", "refused"] as const;

export type EventName = (typeof EVENTS)[number];
export type Handler = (told: Readonly<Record<string, unknown>>) => void;

/** What somebody who begins to listen late is told all the same. */
const STATES: readonly EventName[] = ["ready", "unread", "refused"];
const TALKED = "talked";
const GREETED = "greeted";
const PHONE = "(max-width: 600px)";

/** The chat on a host page: a launcher, and the frame with the conversation once it is wanted. */
export class Widget {
  private readonly view: View;
  private readonly handlers: { name: EventName; handler: Handler }[] = [];
  private readonly happened: { [name in EventName]?: Readonly<Record<string, unknown>> } = {};
  private frame: HTMLIFrameElement | null = null;
  private wire: Wire | null = null;
  private isReady = false;
  private isOpen = false;
  private unread = 0;
  private scrolling = "";

  constructor(
    private readonly settings: Settings,
    theme: Theme,
    private readonly memory: Memory,
    private identity: Identity | null,
  ) {
    const deeds = { toggle: () => this.toggle(), dismissGreeting: () => this.dismissGreeting() };
    this.view = new View(theme, deeds, settings.hasLauncher);
  }

  /** Appear on the page. Who has talked before, or is known, is connected at once: answers may wait for them. */
  appear(): void {
    document.body.appendChild(this.view.root);
    if (!this.memory.has(GREETED)) this.view.greet();
    if (this.settings.opensAtOnce) this.open();
    else if (this.identity !== null || this.memory.has(TALKED)) this.load();
  }

  open(): void {
    if (this.isOpen) return;
    this.load();
    this.isOpen = true;
    this.memory.note(TALKED);
    this.memory.note(GREETED);
    this.view.show(true);
    this.count(0);
    this.keepPageStill(true);
    this.tellShown();
    if (this.frame !== null) this.frame.focus();
    this.emit("open", {});
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.view.show(false);
    this.keepPageStill(false);
    this.tellShown();
    this.view.focusLauncher();
    this.emit("close", {});
  }

  /** Say who visits, or with null that nobody known does any more; the chat turns to them at once. */
  identify(raw: unknown): void {
    const identity = readIdentity(raw);
    if (raw !== null && raw !== undefined && identity === null) {
      this.emit("refused", { code: "unreadable_identity", detail: "identify 需要 id、at（秒）和 signature" });
      return;
    }
    this.identity = identity;
    if (this.isReady && this.wire !== null) this.wire.say("identify", { identity });
    else if (identity !== null) this.load();
  }

  on(name: EventName, handler: Handler): () => void {
    const entry = { name, handler };
    this.handlers.push(entry);
    const missed = this.happened[name];
    if (missed !== undefined && STATES.indexOf(name) >= 0) handler(missed);
    return () => {
      const at = this.handlers.indexOf(entry);
      if (at >= 0) this.handlers.splice(at, 1);
    };
  }

  private toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  private dismissGreeting(): void {
    this.memory.note(GREETED);
    this.view.hideGreeting();
    this.view.focusLauncher();
  }

  private load(): void {
    if (this.frame !== null) return;
    const { house, site } = this.settings;
    const frame = document.createElement("iframe");
    const host = encodeURIComponent(window.location.origin);
    frame.src = `${house}/chat?site=${encodeURIComponent(site)}&host=${host}`;
    frame.setAttribute("allow", "camera; clipboard-write; autoplay");
    frame.setAttribute("data-testid", "widget-frame");
    this.frame = frame;
    this.wire = new Wire(frame, house, {
      ready: () => this.greetChat(),
      unread: (count) => this.count(this.isOpen ? 0 : count),
      close: () => this.close(),
      refused: (code, detail) => {
        this.identity = null;
        this.emit("refused", { code, detail });
      },
    });
    this.view.hold(frame);
  }

  private greetChat(): void {
    this.isReady = true;
    const page = window.location.href.split(/[?#]/)[0];
    if (this.wire !== null) this.wire.say("hello", { identity: this.identity, page });
    this.tellShown();
    this.emit("ready", {});
  }

  private tellShown(): void {
    if (this.isReady && this.wire !== null) this.wire.say("shown", { on: this.isOpen });
  }

  private count(unread: number): void {
    if (unread === this.unread) return;
    this.unread = unread;
    this.view.showUnread(unread);
    this.emit("unread", { count: unread });
  }

  /** On a phone the chat fills the screen: the page behind it must not scroll along. */
  private keepPageStill(still: boolean): void {
    const { style } = document.documentElement;
    if (still && window.matchMedia(PHONE).matches) {
      this.scrolling = style.overflow;
      style.overflow = "hidden";
    } else if (!still) {
      style.overflow = this.scrolling;
    }
  }

  private emit(name: EventName, told: Record<string, unknown>): void {
    this.happened[name] = told;
    for (const entry of this.handlers.slice()) {
      if (entry.name === name) entry.handler(told);
    }
  }
}
