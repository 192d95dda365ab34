import type { EventName, Handler, Widget } from "./widget";

/** `window.Yiwen`: may be used before the chat has come; what was asked for meanwhile is done then. */
export interface YiwenApi {
  open(): void;
  close(): void;
  identify(identity: unknown): void;
  on(name: EventName, handler: Handler): () => void;
}

type Call = (widget: Widget) => void;

/** The calls of the host page, held back until there is a widget. */
export class Calls implements YiwenApi {
  private waiting: Call[] = [];
  private widget: Widget | null = null;
  private readonly given = { open: () => this.open(), close: () => this.close() };

  /** The object host pages hold; its functions may be passed around. */
  asApi(): YiwenApi {
    const identify = (identity: unknown): void => this.identify(identity);
    return { ...this.given, identify, on: (name, handler) => this.on(name, handler) };
  }

  serve(widget: Widget): void {
    this.widget = widget;
    const waiting = this.waiting;
    this.waiting = [];
    for (const call of waiting) call(widget);
  }

  open(): void {
    this.do((widget) => widget.open());
  }

  close(): void {
    this.do((widget) => widget.close());
  }

  identify(identity: unknown): void {
    this.do((widget) => widget.identify(identity));
  }

  on(name: EventName, handler: Handler): () => void {
    let stop = (): void => undefined;
    let isStopped = false;
    this.do((widget) => {
      if (!isStopped) stop = widget.on(name, handler);
    });
    return () => {
      isStopped = true;
      stop();
    };
  }

  private do(call: Call): void {
    if (this.widget === null) this.waiting.push(call);
    else call(this.widget);
  }
}
