import type { CaughtUp, Line, Listener } from "../../../src/console/desk/socket";
import type { Status } from "../../../src/console/desk/types";

/** The server's end of the desk's line, played by a test. */
export class FakeLine implements Line {
  listener: Listener | null = null;
  readonly watched: { id: string; after: number }[] = [];
  readonly unwatched: string[] = [];
  readonly said: Status[] = [];
  readonly typed: { id: string; on: boolean }[] = [];
  readonly seenTo: Record<string, number> = {};
  readonly walls: boolean[] = [];
  hurries = 0;
  news: Record<string, CaughtUp> = {};

  open(listener: Listener): void {
    this.listener = listener;
  }

  close(): void {
    this.listener = null;
  }

  hurry(): void {
    this.hurries += 1;
  }

  present(status: Status): Promise<void> {
    this.said.push(status);
    return Promise.resolve();
  }

  watch(id: string, after: number): Promise<CaughtUp | null> {
    this.watched.push({ id, after });
    return Promise.resolve(this.news[id] ?? { messages: [], notes: [] });
  }

  unwatch(id: string): void {
    this.unwatched.push(id);
  }

  typing(id: string, on: boolean): void {
    this.typed.push({ id, on });
  }

  seen(id: string, seq: number): void {
    this.seenTo[id] = seq;
  }

  wall(on: boolean): void {
    this.walls.push(on);
  }
}
