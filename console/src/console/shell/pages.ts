/** The pages of the bar at the top; each is shown to whoever may open it. */
export interface PageLink {
  readonly to: string;
  readonly word: string;
  readonly needs: string;
}

export const PAGES: readonly PageLink[] = [
  { to: "/desk", word: "desk", needs: "talk" },
  { to: "/tickets", word: "tickets", needs: "tickets" },
  { to: "/wall", word: "wall", needs: "lead" },
  { to: "/processes", word: "processes", needs: "manage" },
  { to: "/rules", word: "rules", needs: "manage" },
  { to: "/forms", word: "forms", needs: "manage" },
  { to: "/people", word: "people", needs: "lead" },
  { to: "/messages", word: "messages", needs: "lead" },
];

/** Where somebody begins: the first page they may open. */
export function firstPage(may: (permission: string) => boolean): string {
  return PAGES.find(({ needs }) => may(needs))?.to ?? "/account";
}
