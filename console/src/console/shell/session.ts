import { defineStore } from "pinia";
import { computed, ref } from "vue";

import { answered, api, ApiProblem, type Schemas, whenSignedOut } from "@/api/client";

export type Me = Schemas["MeOut"];

/** The server's mark that this browser has a session, which no script can read. */
const MARK = "yw_signed_in";
const isMarked = (): boolean => document.cookie.split("; ").includes(`${MARK}=1`);

/** Who is signed in; null is nobody. */
export const useSession = defineStore("session", () => {
  const me = ref<Me | null>(null);
  const permissions = computed(() => new Set(me.value?.permissions ?? []));
  let asked: Promise<void> | null = null;

  function load(): Promise<void> {
    asked ??= ask();
    return asked;
  }

  async function ask(): Promise<void> {
    if (!isMarked()) return;
    try {
      me.value = await answered(api.GET("/api/me"));
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.status === 401) return forget();
      // Asked once more at the next page: the house may be back by then.
      asked = null;
      throw problem;
    }
  }

  async function signIn(wanted: Schemas["SignInIn"]): Promise<void> {
    welcome(await answered(api.POST("/api/session", { body: wanted })));
  }

  async function signOut(): Promise<void> {
    await answered(api.DELETE("/api/session"));
    forget();
  }

  function welcome(who: Me): void {
    me.value = who;
    asked = Promise.resolve();
  }

  function forget(): void {
    me.value = null;
    document.cookie = `${MARK}=; Max-Age=0; Path=/; SameSite=Strict`;
  }

  function may(permission: string | undefined): boolean {
    return permission === undefined || permissions.value.has(permission);
  }

  whenSignedOut(forget);
  return { me, load, signIn, signOut, welcome, forget, may };
});
