import { answered, api, type Schemas } from "@/api/client";

import { allOf } from "../office/pages";

export type Person = Schemas["PersonOut"];
export type Team = Schemas["TeamOut"];
export type Member = Schemas["MemberOut"] & { chats?: number };

/** The roles a person may have, the least first. */
export const ROLES = ["agent", "lead", "trainer", "manager", "admin"] as const;

export function everybody(): Promise<Person[]> {
  return allOf(async (cursor) => {
    const query = { limit: 100, ...(cursor === null ? {} : { cursor }) };
    const page = await answered(api.GET("/api/people", { params: { query } }));
    return { items: page.people, next: page.next_cursor };
  });
}

/** People by what they are called or sign in as. */
export function matching(people: readonly Person[], wanted: string): Person[] {
  const words = wanted.trim().toLowerCase();
  return people.filter((person) => `${person.username} ${person.display_name}`.toLowerCase().includes(words));
}

/** Words between commas, each once. */
export function listOf(text: string): string[] {
  return [...new Set(text.split(/[,，、;；\s]+/).filter((word) => word !== ""))];
}
