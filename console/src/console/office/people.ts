import { reactive } from "vue";

import { answered, api } from "@/api/client";

const called = reactive(new Map<string, string>());
let asking: Promise<void> | null = null;

/** What a colleague is called; their username where nothing else is known (yet). */
export function nameOf(username: string): string {
  asking ??= ask();
  return called.get(username) || username;
}

/** Forget everybody, so that they are asked for anew. */
export function forgetPeople(): void {
  asking = null;
  called.clear();
}

async function ask(): Promise<void> {
  const people = await answered(api.GET("/api/presence")).catch(() => []);
  for (const { username, display_name } of people) called.set(username, display_name);
}
