import { ref, type Ref, shallowRef, type ShallowRef } from "vue";

import { ApiProblem } from "@/api/client";

/** Something asked of the house: what it answered, what went wrong, whether it is still asked. */
export interface Loaded<T> {
  readonly data: ShallowRef<T | null>;
  readonly problem: Ref<string>;
  readonly isLoading: Ref<boolean>;
  /** Ask again; an answer that a later question has overtaken is dropped. */
  reload(): Promise<void>;
}

export function useLoaded<T>(ask: () => Promise<T>): Loaded<T> {
  const data = shallowRef<T | null>(null);
  const problem = ref("");
  const isLoading = ref(false);
  let asked = 0;

  async function reload(): Promise<void> {
    const mine = (asked += 1);
    isLoading.value = true;
    try {
      const answer = await ask();
      if (mine !== asked) return;
      data.value = answer;
      problem.value = "";
    } catch (error) {
      if (mine === asked) problem.value = wordsOf(error);
    } finally {
      if (mine === asked) isLoading.value = false;
    }
  }

  return { data, problem, isLoading, reload };
}

/** What to tell people of an error: the house's own words where it has some. */
export function wordsOf(error: unknown): string {
  if (error instanceof ApiProblem) return error.detail;
  return error instanceof Error ? error.message : String(error);
}
