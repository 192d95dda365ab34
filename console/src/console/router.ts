import { createRouter, createWebHistory, type RouteRecordRaw } from "vue-router";

import { firstPage } from "./shell/pages";
import { useSession } from "./shell/session";

declare module "vue-router" {
  interface RouteMeta {
    /** Shown to people nobody has signed in. */
    open?: boolean;
    /** The permission without which the page is not shown (see docs/permissions.md). */
    needs?: string;
  }
}

/** Every page of the console; editors and big pages are fetched when they are first opened. */
export const routes: RouteRecordRaw[] = [
  { path: "/", component: () => import("./shell/NothingHere.vue") },
  { path: "/sign-in", component: () => import("./account/SignInPage.vue"), meta: { open: true } },
  { path: "/desk/:conversation?", component: () => import("./desk/DeskPage.vue"), meta: { needs: "talk" } },
  { path: "/wall", component: () => import("./wall/WallPage.vue"), meta: { needs: "lead" } },
  { path: "/tickets", component: () => import("./tickets/TicketListPage.vue"), meta: { needs: "tickets" } },
  { path: "/tickets/:ticketNo", component: () => import("./tickets/TicketPage.vue"), meta: { needs: "tickets" } },
  { path: "/processes/:process?", component: () => import("./processes/ProcessPage.vue"), meta: { needs: "manage" } },
  { path: "/rules/:table?", component: () => import("./rules/RulesPage.vue"), meta: { needs: "manage" } },
  { path: "/forms/:form?", component: () => import("./forms/FormsPage.vue"), meta: { needs: "manage" } },
  { path: "/people/:part?", component: () => import("./people/PeoplePage.vue"), meta: { needs: "lead" } },
  { path: "/messages/:part?", component: () => import("./messages/MessagesPage.vue"), meta: { needs: "lead" } },
  { path: "/account", component: () => import("./account/AccountPage.vue") },
  { path: "/:rest(.*)", component: () => import("./shell/NothingHere.vue") },
];

export const router = createRouter({ history: createWebHistory("/console/"), routes });

router.beforeEach(async (to) => {
  if (to.meta.open === true) return true;
  const session = useSession();
  const isUp = await session.load().then(() => true, () => false);
  if (!isUp) return { path: "/sign-in", query: { to: to.fullPath, down: "1" } };
  if (session.me === null) return { path: "/sign-in", query: { to: to.fullPath } };
  return to.path === "/" ? firstPage(session.may) : true;
});
