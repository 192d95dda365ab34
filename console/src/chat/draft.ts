/** What the server accepts in one customer message, in characters (code points). */
export const MESSAGE_LIMIT = 2000;
/** What the text field holds at all. */
export const FIELD_LIMIT = 10_000;

const COUNT_FROM = MESSAGE_LIMIT - 200;
const VISIBLE = /[^\s\p{Cc}\p{Cf}]/u;

export type DraftState = "empty" | "ready" | "near_limit" | "too_long";

export interface Draft {
  readonly state: DraftState;
  /** The text as it would be sent. */
  readonly text: string;
  readonly length: number;
}

export function draftOf(written: string): Draft {
  const text = written.trim();
  const length = [...text].length;
  return { state: stateOf(text, length), text, length };
}

export function mayBeSent(draft: Draft): boolean {
  return draft.state === "ready" || draft.state === "near_limit";
}

/** Enter sends, except with Shift and while an input method is composing (229 is what Safari reports then). */
export function isSendKey(key: Pick<KeyboardEvent, "key" | "shiftKey" | "isComposing" | "keyCode">): boolean {
  return key.key === "Enter" && !key.shiftKey && !key.isComposing && key.keyCode !== 229;
}

function stateOf(text: string, length: number): DraftState {
  if (!VISIBLE.test(text)) return "empty";
  if (length > MESSAGE_LIMIT) return "too_long";
  return length >= COUNT_FROM ? "near_limit" : "ready";
}
