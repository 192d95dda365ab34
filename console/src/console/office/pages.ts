/** A page of something, and where the next one begins. */
export interface Portion<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

const MOST_PAGES = 40;

/** Every item of a list that comes in pages. */
export async function allOf<T>(ask: (cursor: string | null) => Promise<Portion<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const portion: Portion<T> = await ask(cursor);
    items.push(...portion.items);
    if (portion.next === null) break;
    cursor = portion.next;
  }
  return items;
}
