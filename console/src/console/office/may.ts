import { computed, type ComputedRef } from "vue";

import { useSession } from "../shell/session";

const BY_ROLE: Readonly<Record<string, readonly string[]>> = {
  agent: ["talk", "tickets", "own"],
  lead: ["talk", "tickets", "lead", "own"],
  manager: ["talk", "tickets", "lead", "manage", "people", "audit", "train", "own"],
  admin: ["talk", "tickets", "lead", "manage", "people", "audit", "train", "admin", "own"],
};

/** Whether somebody has a permission; a house that does not list them goes by the role. */
export function has(me: { readonly role: string; readonly permissions?: readonly string[] } | null, permission: string): boolean {
  if (me === null) return false;
  const listed = me.permissions ?? [];
  return (listed.length > 0 ? listed : (BY_ROLE[me.role] ?? [])).includes(permission);
}

export function useMay(permission: string): ComputedRef<boolean> {
  const session = useSession();
  return computed(() => has(session.me, permission));
}
