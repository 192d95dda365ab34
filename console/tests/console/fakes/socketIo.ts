import { world } from "./world";

type Handler = (body: never) => void;

/** Stands in for `socket.io-client` in the preview: as much of it as the desk uses. */
class FakeSocket {
  connected = false;
  active = true;
  private readonly handlers = new Map<string, Handler>();

  on(event: string, handler: Handler): this {
    this.handlers.set(event, handler);
    return this;
  }

  hasListeners(event: string): boolean {
    return this.handlers.has(event);
  }

  connect(): this {
    world.hear = (event, body) => this.tell(event, body);
    setTimeout(() => {
      this.connected = true;
      this.tell("connect", undefined);
    }, 60);
    return this;
  }

  disconnect(): this {
    this.connected = false;
    return this;
  }

  removeAllListeners(): this {
    this.handlers.clear();
    return this;
  }

  emit(): this {
    return this;
  }

  timeout(): this {
    return this;
  }

  emitWithAck(event: string, body: { conversation_id?: string; after?: number; status?: "busy" }): Promise<unknown> {
    if (event === "present" && body.status !== undefined) world.status = body.status;
    if (event !== "watch") return Promise.resolve({ ok: true });
    const talk = world.talks.get(body.conversation_id ?? "");
    const messages = talk?.messages.filter(({ seq }) => seq > (body.after ?? 0)) ?? [];
    return Promise.resolve({ ok: true, messages, notes: talk?.notes ?? [] });
  }

  /** Break the line for a moment, and let something happen meanwhile: for pictures of it. */
  drop(ms: number): void {
    this.connected = false;
    this.tell("disconnect", "transport close");
    world.hear = () => undefined;
    setTimeout(() => this.connect(), ms);
  }

  private tell(event: string, body: unknown): void {
    this.handlers.get(event)?.(body as never);
  }
}

export type Socket = FakeSocket;

export function io(): FakeSocket {
  const socket = new FakeSocket();
  Object.assign(window, { fakeSocket: socket, fakeWorld: world });
  return socket;
}
