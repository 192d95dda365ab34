import type { Theme } from "./settings";
import { styleOf } from "./style";
import { TEXTS } from "./texts";

const CHAT = '<path d="M4 5h16v11H10l-5 4v-4H4z"/><path d="M8 9h8M8 12h5"/>';
const DOWN = '<path d="m6 9 6 6 6-6"/>';

export interface Deeds {
  toggle(): void;
  dismissGreeting(): void;
}

/** What the widget draws on the host page: launcher, greeting, and the panel the chat is in. */
export class View {
  readonly root = document.createElement("div");
  private readonly all = element("div", "all");
  private readonly launcher = element("button", "launcher");
  private readonly icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  private readonly count = element("span", "count");
  private readonly said = element("div", "said");
  private readonly greeting = element("div", "greeting");
  private readonly panel = element("div", "panel");

  constructor(
    private readonly theme: Theme,
    private readonly deeds: Deeds,
    hasLauncher: boolean,
  ) {
    this.root.setAttribute("data-yiwen-widget", "");
    const shadow = this.root.attachShadow({ mode: "open" });
    const style = document.createElement("style");
    style.textContent = styleOf(theme);
    this.drawLauncher();
    this.drawGreeting();
    this.panel.setAttribute("role", "dialog");
    this.panel.setAttribute("aria-label", theme.title);
    this.panel.hidden = true;
    this.said.setAttribute("role", "status");
    // In this order the panel follows its launcher for the keyboard.
    for (const part of [this.greeting, ...(hasLauncher ? [this.launcher] : []), this.panel, this.said]) {
      this.all.appendChild(part);
    }
    shadow.appendChild(style);
    shadow.appendChild(this.all);
    this.show(false);
    this.showUnread(0);
  }

  /** Put a frame into the panel. */
  hold(frame: HTMLIFrameElement): void {
    frame.title = this.theme.title;
    this.panel.appendChild(frame);
  }

  show(isOpen: boolean): void {
    this.panel.hidden = !isOpen;
    this.all.className = isOpen ? "all open" : "all";
    this.launcher.setAttribute("aria-expanded", String(isOpen));
    this.icon.innerHTML = isOpen ? DOWN : CHAT;
    if (isOpen) this.greeting.hidden = true;
    this.label(isOpen, 0);
  }

  showUnread(count: number): void {
    this.count.hidden = count === 0;
    this.count.textContent = count > 99 ? TEXTS.most : String(count);
    this.said.textContent = count === 0 ? "" : TEXTS.unread(count);
    this.label(!this.panel.hidden, count);
  }

  greet(): void {
    this.greeting.hidden = this.theme.greeting === "";
  }

  hideGreeting(): void {
    this.greeting.hidden = true;
  }

  focusLauncher(): void {
    this.launcher.focus();
  }

  private label(isOpen: boolean, count: number): void {
    const { title } = this.theme;
    const closed = count === 0 ? TEXTS.open(title) : TEXTS.openWith(title, count);
    this.launcher.setAttribute("aria-label", isOpen ? TEXTS.close(title) : closed);
  }

  private drawLauncher(): void {
    this.launcher.setAttribute("type", "button");
    this.launcher.setAttribute("data-testid", "widget-launcher");
    this.launcher.setAttribute("aria-haspopup", "dialog");
    this.icon.setAttribute("viewBox", "0 0 24 24");
    this.icon.setAttribute("aria-hidden", "true");
    this.count.setAttribute("data-testid", "widget-unread");
    this.count.setAttribute("aria-hidden", "true");
    this.launcher.appendChild(this.icon);
    this.launcher.appendChild(this.count);
    this.launcher.addEventListener("click", () => this.deeds.toggle());
  }

  private drawGreeting(): void {
    const words = document.createElement("span");
    words.textContent = this.theme.greeting;
    const closer = element("button", "");
    closer.setAttribute("type", "button");
    closer.setAttribute("aria-label", TEXTS.dismiss);
    closer.textContent = "✕";
    closer.addEventListener("click", () => this.deeds.dismissGreeting());
    this.greeting.setAttribute("data-testid", "widget-greeting");
    this.greeting.appendChild(words);
    this.greeting.appendChild(closer);
    this.greeting.hidden = true;
  }
}

function element(tag: string, name: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  return made;
}
