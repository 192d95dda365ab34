// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import SecondFactorCard from "../../../src/console/account/SecondFactorCard.vue";
import SessionsCard from "../../../src/console/account/SessionsCard.vue";
import SignInPage from "../../../src/console/account/SignInPage.vue";
import { useSession } from "../../../src/console/shell/session";
import { useToasts } from "../../../src/console/shell/toasts";
import { answer } from "../fakes/routes";
import { freshHouse, ME, shown, testRouter, tid } from "../fakes/mounted";

const { send } = vi.hoisted(() => {
  const send = vi.fn<(request: Request) => Promise<Response>>();
  globalThis.fetch = ((request: Request) => send(request)) as typeof fetch;
  return { send };
});

enableAutoUnmount(afterEach);

/** The house of the preview answers. */
async function fromMemory(request: Request): Promise<Response> {
  const text = await request.text();
  const [status, body] = answer(request.method, request.url, text === "" ? {} : (JSON.parse(text) as Record<string, unknown>));
  return new Response(body === null ? null : JSON.stringify(body), { status });
}

beforeEach(() => {
  freshHouse();
  send.mockImplementation(fromMemory);
});

afterEach(() => {
  send.mockReset();
});

async function signIn(password: string, to = "/sign-in?to=/desk/1") {
  useSession().forget();
  const router = testRouter();
  await router.push(to);
  const page = shown(SignInPage, {}, router);
  await page.find(tid("username")).setValue("me");
  await page.find(tid("password")).setValue(password);
  await page.find("form").trigger("submit");
  await flushPromises();
  return { page, router };
}

describe("signing in", () => {
  it("asks for the second factor where one is needed, then goes where one wanted to go", async () => {
    const { page, router } = await signIn("right");
    expect(page.find(tid("sign-in-problem")).exists()).toBe(false);
    await page.find(tid("code")).setValue("123456");
    await page.find("form").trigger("submit");
    await flushPromises();
    expect(useSession().me?.name).toBe("me");
    expect(router.currentRoute.value.fullPath).toBe("/desk/1");
  });

  it("says what was wrong", async () => {
    const { page } = await signIn("wrong");
    expect(page.find(tid("sign-in-problem")).text()).toBe("用户名或密码不对");
    expect(useSession().me).toBeNull();
  });

  it("offers single sign-on where there is one, and says why somebody is here", async () => {
    const { page } = await signIn("wrong", "/sign-in?ended=1&to=//evil.example");
    expect(page.find(tid("sso")).attributes("href")).toBe("/api/session/oidc?to=%2Fconsole%2F");
    expect(page.text()).toContain("您已在别处被退出");
  });

  it("marks what it asks as asked by the console", async () => {
    await signIn("wrong");
    expect(send.mock.calls.every(([request]) => request.headers.get("X-Yiwen") === "console")).toBe(true);
  });
});

describe("the second factor", () => {
  it("is shown as a picture with its recovery codes, and counts once confirmed", async () => {
    const card = shown(SecondFactorCard);
    await card.find(tid("factor-begin")).trigger("click");
    await flushPromises();
    expect(card.find(tid("qr")).attributes("src")).toMatch(/^data:image\/svg\+xml/);
    expect(card.findAll(`${tid("recovery-codes")} li`)).toHaveLength(4);
    await card.find(tid("factor-code")).setValue("123456");
    await card.find("form").trigger("submit");
    await flushPromises();
    expect(useSession().me).toEqual({ ...ME, has_second_factor: true });
    expect(card.find(tid("factor-remove")).exists()).toBe(true);
  });
});

describe("sessions", () => {
  it("can be ended, except the one that is being used", async () => {
    const card = shown(SessionsCard);
    await flushPromises();
    expect(card.findAll("li")).toHaveLength(2);
    expect(card.findAll(tid("end-session"))).toHaveLength(1);
    await card.find(tid("end-session")).trigger("click");
    await flushPromises();
    expect(card.findAll("li")).toHaveLength(1);
  });

  it("come back into the list when ending them failed", async () => {
    const card = shown(SessionsCard);
    await flushPromises();
    send.mockResolvedValue(new Response(JSON.stringify({ error: "x", detail: "稍后再试" }), { status: 503 }));
    await card.find(tid("end-session")).trigger("click");
    await flushPromises();
    expect(card.findAll("li")).toHaveLength(2);
    expect(useToasts().list.at(-1)?.text).toBe("稍后再试");
  });
});
