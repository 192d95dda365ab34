// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises, mount } from "@vue/test-utils";
import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { i18n } from "../../../src/console/i18n";
import { router } from "../../../src/console/router";
import App from "../../../src/console/shell/App.vue";
import { ME, tid } from "../fakes/mounted";

const { send } = vi.hoisted(() => {
  const send = vi.fn<(request: Request) => Promise<Response>>();
  globalThis.fetch = ((request: Request) => send(request)) as typeof fetch;
  return { send };
});
vi.mock("socket.io-client", () => import("../fakes/socketIo"));

enableAutoUnmount(afterEach);
// Pages are fetched when they are opened, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

/** The whole console as somebody opens it at an address; null: nobody is signed in. */
async function open(address: string, permissions: string[] | null) {
  const me = permissions === null ? { error: "not_signed_in", detail: "请先登录" } : { ...ME, permissions };
  document.cookie = permissions === null ? "yw_signed_in=; Max-Age=0; Path=/" : "yw_signed_in=1; Path=/";
  send.mockImplementation(({ url }) => {
    const found = url.endsWith("/api/me") ? me : { error: "not_found", detail: "" };
    const status = url.endsWith("/api/me") ? (permissions === null ? 401 : 200) : 404;
    return Promise.resolve(new Response(JSON.stringify(found), { status }));
  });
  await router.push(address);
  const app = mount(App, { attachTo: document.body, global: { plugins: [i18n, router] } });
  await flushPromises();
  return { app, path: router.currentRoute.value.fullPath };
}

describe("the pages", () => {
  beforeEach(() => {
    setActivePinia(createPinia());
  });

  it("ask nobody in particular to sign in first, and remember where they wanted to go", async () => {
    const { app, path } = await open("/account", null);
    expect(path).toBe("/sign-in?to=/account");
    expect(send.mock.calls.filter(([request]) => request.url.endsWith("/api/me"))).toEqual([]);
    expect(app.find(tid("sign-in-form")).exists()).toBe(true);
    expect(app.find(".yw-top").exists()).toBe(false);
  });

  it("begin with the first one somebody may open", async () => {
    expect((await open("/", ["own"])).path).toBe("/account");
  });

  it("are not shown to those who may not open them", async () => {
    const { app, path } = await open("/wall", ["tickets"]);
    expect(path).toBe("/wall");
    expect(app.find(tid("nothing-here")).text()).toContain("您不能打开这个页面");
    expect(app.find(tid("wall")).exists()).toBe(false);
  });

  it("are missed politely where there are none", async () => {
    const { app } = await open("/nowhere", ["tickets"]);
    expect(app.find(tid("nothing-here")).text()).toContain("没有这个页面");
  });

  it("say that the house cannot be reached, rather than nothing", async () => {
    send.mockRejectedValue(new TypeError("failed"));
    await router.push("/account");
    expect(router.currentRoute.value.fullPath).toBe("/sign-in?to=/account&down=1");
  });
});
