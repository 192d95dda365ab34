import type { Keep } from "./storage";

const TOKEN_KEY = "yiwen.chat.session";

/** The secret that opens this customer's conversation; whoever holds it is the customer. */
export interface Session {
  token(): string | null;
  keep(token: string): void;
}

export function keptSession(keep: Keep): Session {
  return {
    token: () => keep.get(TOKEN_KEY),
    keep: (token) => keep.set(TOKEN_KEY, token),
  };
}
