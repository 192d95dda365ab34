import { ref, type Ref, shallowRef, type ShallowRef } from "vue";

import { type Deeds, useDeeds } from "../office/deeds";
import { type Loaded, useLoaded } from "../office/loaded";
import { type Ticket, ticketOf } from "./asking";
import { isOvertaken } from "./conflict";

/** Two versions of a ticket: what was looked at, and what it is by now. */
export interface Conflict {
  readonly words: string;
  readonly seen: Ticket;
  readonly now: Ticket;
}

export interface TicketAtHand {
  readonly ticket: Loaded<Ticket>;
  readonly deeds: Deeds;
  readonly conflict: ShallowRef<Conflict | null>;
  /** How often the ticket was changed from here: what hangs on it is asked for again. */
  readonly changes: Ref<number>;
  /** Do something to the ticket, then look at it again. */
  act(deed: (seen: Ticket) => Promise<unknown>, done?: string): Promise<boolean>;
  /** Take the ticket as it is now. */
  settle(): void;
}

export function useTicket(ticketNo: () => string): TicketAtHand {
  const ticket = useLoaded(() => ticketOf(ticketNo()));
  const conflict = shallowRef<Conflict | null>(null);
  const changes = ref(0);
  const deeds = useDeeds((error) => {
    if (isOvertaken(error)) void compare(error.detail);
    return isOvertaken(error);
  });

  async function compare(words: string): Promise<void> {
    const seen = ticket.data.value;
    await ticket.reload();
    const now = ticket.data.value;
    if (seen !== null && now !== null) conflict.value = { words, seen, now };
    changes.value += 1;
  }

  async function act(deed: (seen: Ticket) => Promise<unknown>, done = ""): Promise<boolean> {
    const seen = ticket.data.value;
    if (seen === null) return false;
    const isDone = await deeds.run(() => deed(seen), done);
    if (!isDone) return false;
    await ticket.reload();
    changes.value += 1;
    return true;
  }

  function settle(): void {
    conflict.value = null;
  }

  return { ticket, deeds, conflict, changes, act, settle };
}
