import { computed, type ComputedRef } from "vue";

import { useSession } from "../shell/session";
import { type Blanks, filled, type Filled } from "./canned";
import { theLine } from "./desk";
import { takeFiles, waiting } from "./files";
import { leaveNote, say } from "./sending";
import { type Draft, type Mode, NO_DRAFT, useDesk } from "./store";
import type { Canned, Context, Quoted } from "./types";

const TYPING_EVERY_MS = 3_000;
const TYPING_ENDS_MS = 4_000;

interface Composing {
  readonly draft: ComputedRef<Draft>;
  readonly mode: ComputedRef<Mode>;
  readonly quoted: ComputedRef<Quoted | null>;
  readonly sendable: ComputedRef<boolean>;
  readonly write: (change: Partial<Draft>) => void;
  readonly send: () => Promise<boolean>;
  readonly fill: (reply: Canned) => Filled["open"];
}

/** What is being written in one conversation, and how it leaves. */
export function useComposing(props: Readonly<{ id: string; isMine: boolean }>): Composing {
  const desk = useDesk();
  const draft = computed(() => desk.draft(props.id));
  const mode = computed<Mode>(() => (draft.value.mode === "reply" && !props.isMine ? "note" : draft.value.mode));
  const quoted = computed(() => quotedOf(props.id, draft.value.quotedSeq));
  const files = computed(() => (mode.value === "reply" ? (waiting[props.id] ?? []) : []));
  const sendable = computed(() => draft.value.text.trim() !== "" || files.value.length > 0);
  const typing = typingTeller(props.id);

  function write(change: Partial<Draft>): void {
    desk.write(props.id, change);
    if (change.text !== undefined && mode.value === "reply") typing.write();
  }

  async function send(): Promise<boolean> {
    if (!sendable.value) return false;
    const before = draft.value;
    const kind = mode.value;
    desk.write(props.id, { ...NO_DRAFT, mode: before.mode });
    typing.end();
    if (kind === "reply") {
      sayAll(props.id, before);
      return true;
    }
    const isLeft = await leaveNote(props.id, before.text.trim(), kind);
    if (!isLeft) desk.write(props.id, before);
    else if (props.isMine) desk.write(props.id, { mode: "reply" });
    return true;
  }

  function fill(reply: Canned): Filled["open"] {
    const found = filled(reply.text, blanksOf(props.id));
    write({ text: found.text, cannedId: reply.id });
    return found.open;
  }

  return { draft, mode, quoted, sendable, write, send, fill };
}

/** The words go with the first file; each further file is a message of its own. */
function sayAll(id: string, { text, quotedSeq, cannedId }: Draft): void {
  const [first = null, ...more] = takeFiles(id);
  say(id, { text: text.trim(), quoted: quotedOf(id, quotedSeq), file: first, cannedId });
  for (const file of more) say(id, { text: "", file });
}

function quotedOf(id: string, seq: number | null): Quoted | null {
  if (seq === null) return null;
  const found = useDesk().timeline(id).messages.find((message) => message.seq === seq);
  return found === undefined ? null : { seq, author: found.author, text: found.text };
}

function blanksOf(id: string): Blanks {
  const desk = useDesk();
  const context: Context | undefined = desk.contexts[id];
  const known = {
    // Nobody is greeted as a visitor with four letters.
    customer: desk.rows[id]?.customer.id == null ? "" : desk.rows[id].customer.name,
    agent: useSession().me?.display_name,
    waybill_no: context?.parcels[0]?.waybill_no,
    ticket_no: context?.tickets[0]?.ticket_no,
  };
  return Object.fromEntries(Object.entries(known).filter(([name, text]) => text !== undefined && (name === "customer" || text !== "")));
}

/** Tells the customer that somebody is writing: now and then, and when it ends. */
function typingTeller(id: string): { write: () => void; end: () => void } {
  let toldAt = 0;
  let ending: ReturnType<typeof setTimeout> | undefined;
  function end(): void {
    clearTimeout(ending);
    if (toldAt > 0) theLine()?.typingNow(id, false);
    toldAt = 0;
  }
  function write(): void {
    clearTimeout(ending);
    ending = setTimeout(end, TYPING_ENDS_MS);
    if (Date.now() - toldAt < TYPING_EVERY_MS) return;
    toldAt = Date.now();
    theLine()?.typingNow(id, true);
  }
  return { write, end };
}
