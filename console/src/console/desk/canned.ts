import type { Canned } from "./types";

export type Blanks = Readonly<Partial<Record<"customer" | "agent" | "waybill_no" | "ticket_no", string>>>;

export interface Filled {
  readonly text: string;
  /** Where the first blank stands that nothing was known for; null: all are filled. */
  readonly open: { readonly start: number; readonly end: number } | null;
}

const BLANK = /\{(customer|agent|waybill_no|ticket_no)\}/g;
/** What stands in a blank that the agent fills by hand. */
export const OPEN_BLANK = "____";

/** What is looked for when the composer holds `/…` and nothing else; null: no looking. */
export function searchOf(written: string): string | null {
  const found = /^[/／](\S*)$/.exec(written);
  return found === null ? null : (found[1] ?? "").toLowerCase();
}

/** Replies whose shortcut begins so, then those whose title or text holds it; the most used first. */
export function matching(replies: readonly Canned[], search: string): readonly Canned[] {
  const rank = (reply: Canned): number => {
    if (reply.shortcut.toLowerCase().startsWith(search)) return 0;
    if (reply.title.toLowerCase().includes(search)) return 1;
    return reply.text.toLowerCase().includes(search) ? 2 : 3;
  };
  return [...replies]
    .filter((reply) => rank(reply) < 3)
    .sort((one, other) => rank(one) - rank(other) || other.uses - one.uses);
}

export function filled(text: string, blanks: Blanks): Filled {
  const whole = text.replace(BLANK, (_, name: keyof Blanks) => blanks[name] ?? OPEN_BLANK);
  const start = whole.indexOf(OPEN_BLANK);
  return { text: whole, open: start === -1 ? null : { start, end: start + OPEN_BLANK.length } };
}
