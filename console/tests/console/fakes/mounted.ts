import { mount, type VueWrapper } from "@vue/test-utils";
import { createPinia, setActivePinia } from "pinia";
import type { Component } from "vue";
import { createMemoryHistory, createRouter, type Router } from "vue-router";

import { i18n } from "../../../src/console/i18n";
import { type Me, useSession } from "../../../src/console/shell/session";

export const ME: Me = {
  name: "me", display_name: "周敏", role: "lead", has_second_factor: false, permissions: ["talk", "tickets", "lead", "own"],
};

/** A house of its own for each test: somebody signed in, and nothing known yet. */
export function freshHouse(changes: Partial<Me> = {}): void {
  setActivePinia(createPinia());
  useSession().welcome({ ...ME, ...changes });
}

export function testRouter(): Router {
  const page = { template: "<i></i>" };
  return createRouter({ history: createMemoryHistory(), routes: [{ path: "/:rest(.*)", component: page }] });
}

export function shown(component: Component, props: Record<string, unknown> = {}, router = testRouter()): VueWrapper {
  return mount(component, { props, attachTo: document.body, global: { plugins: [i18n, router] } });
}

export const tid = (name: string): string => `[data-testid="${name}"]`;
