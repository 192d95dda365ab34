import { useRouter } from "vue-router";

import { useSession } from "../shell/session";
import * as asking from "./asking";
import { Live } from "./live";
import { deskLine } from "./socket";
import { useDesk } from "./store";

let live: Live | null = null;

/** Begin listening, once, for everybody who talks to customers; whatever page they are on. */
export function startDesk(open: (id: string) => void): void {
  if (live !== null || !useSession().may("talk")) return;
  live = new Live(deskLine(), open);
  live.start();
  window.addEventListener("online", () => live?.hurry());
}

export function stopDesk(): void {
  live?.stop();
  live = null;
  useDesk().$reset();
}

export function theLine(): Live | null {
  return live;
}

/** Show a conversation: at once what is at hand, then what is new. */
export async function openTalk(id: string): Promise<void> {
  const desk = useDesk();
  const before = desk.current;
  desk.turnTo(id);
  if (before !== null && before !== id) live?.unfollow(before);
  if (desk.rows[id] === undefined) {
    const row = await asking.talk(id).catch(() => null);
    if (row !== null) desk.putRow(row);
  }
  await Promise.all([live?.follow(id), freshContext(id), freshSuggestions(id)]);
  if (desk.current === id) live?.seen(id);
}

export async function freshContext(id: string): Promise<void> {
  const found = await asking.context(id).catch(() => null);
  if (found !== null) useDesk().contexts[id] = found;
}

async function freshSuggestions(id: string): Promise<void> {
  const found = await asking.suggestions(id).catch(() => null);
  if (found !== null) useDesk().suggestions[id] = found;
}

/** Fetch a conversation somebody is about to open. */
export function prefetch(id: string): void {
  void live?.fetch(id);
}

/** The address of a conversation is the page's: back and forward work. */
export function useTalks(): { go: (id: string | null) => void } {
  const router = useRouter();
  return { go: (id) => void router.push(id === null ? "/desk" : `/desk/${id}`) };
}
