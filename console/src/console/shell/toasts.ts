import { defineStore } from "pinia";

export type Tone = "plain" | "good" | "bad";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: Tone;
  readonly undo: (() => void) | null;
  /** What the deed was done to, whatever that is. */
  readonly about: string;
}

interface Wish {
  readonly tone?: Tone;
  readonly undo?: () => void;
  readonly about?: string;
}

const SHOWN_MS = 5_000;
const WITH_UNDO_MS = 8_000;
const MOST = 4;

/** Short words at the edge of the page; a deed that can be undone brings the way back with it. */
export const useToasts = defineStore("toasts", {
  state: () => ({ list: [] as Toast[], next: 1 }),
  actions: {
    say(text: string, { tone = "plain", undo, about = "" }: Wish = {}): void {
      const id = this.next;
      this.next += 1;
      this.list = [...this.list.slice(1 - MOST), { id, text, tone, undo: undo ?? null, about }];
      setTimeout(() => this.dismiss(id), undo === undefined ? SHOWN_MS : WITH_UNDO_MS);
    },
    dismiss(id: number): void {
      this.list = this.list.filter((toast) => toast.id !== id);
    },
    /** Something else is done to it: what was done before cannot be undone any more. */
    outdate(about: string): void {
      this.list = this.list.filter((toast) => toast.about !== about || toast.undo === null);
    },
    undo(id: number): void {
      const toast = this.list.find((other) => other.id === id);
      this.dismiss(id);
      toast?.undo?.();
    },
    undoLast(): void {
      const last = this.list.filter(({ undo }) => undo !== null).at(-1);
      if (last !== undefined) this.undo(last.id);
    },
  },
});
