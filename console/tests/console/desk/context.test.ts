// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import ContextPane from "../../../src/console/desk/ContextPane.vue";
import { useDesk } from "../../../src/console/desk/store";
import StepForm from "../../../src/console/desk/StepForm.vue";
import TalkLog from "../../../src/console/desk/TalkLog.vue";
import { withMissed, withPage } from "../../../src/console/desk/timeline";
import { useToasts } from "../../../src/console/shell/toasts";
import { everybody } from "../fakes/people";
import { page, row } from "../fakes/made";
import { freshHouse, shown, tid } from "../fakes/mounted";
import { answer } from "../fakes/routes";

const { send } = vi.hoisted(() => {
  const send = vi.fn<(request: Request) => Promise<Response>>();
  globalThis.fetch = ((request: Request) => send(request)) as typeof fetch;
  return { send };
});

enableAutoUnmount(afterEach);
const [wang] = everybody();
if (wang === undefined) throw new Error("nobody is there");
const bodies: Record<string, unknown>[] = [];

beforeEach(() => {
  freshHouse();
  bodies.length = 0;
  send.mockImplementation(async (request) => {
    const text = await request.text();
    const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    if (request.method === "POST") bodies.push(body);
    const [status, found] = answer(request.method, request.url, body);
    return new Response(JSON.stringify(found), { status });
  });
});

describe("beside a conversation", () => {
  beforeEach(() => {
    useDesk().putRow(wang.row);
    useDesk().contexts[wang.row.id] = wang.context;
  });

  it("stand the customer on every channel, parcels with their route, tickets and past talks", async () => {
    const pane = shown(ContextPane, { id: wang.row.id });
    expect(pane.find(".dk-channels").text()).toContain("微信公众号");
    expect(pane.find(tid("route")).attributes("aria-label")).toBe("途经城市：深圳 → 广州 → 长沙 → 武汉 → 合肥 → 南京");
    expect(pane.findAll(tid("context-ticket"))).toHaveLength(2);
    expect(pane.findAll(tid("step-open"))).toHaveLength(1);
    expect(pane.find(tid("past-talk")).text()).toContain("补偿 20 元运费券");
    await pane.find(tid("past-talk")).trigger("click");
    expect(pane.emitted("open")?.[0]).toEqual(["00000000-0000-4000-8000-000000000021"]);
  });

  it("shows three scans first, and all when asked", async () => {
    const pane = shown(ContextPane, { id: wang.row.id });
    expect(pane.findAll(".dk-events li")).toHaveLength(3);
    await pane.find(tid("parcel-more")).trigger("click");
    expect(pane.findAll(".dk-events li")).toHaveLength(8);
  });
});

describe("the next step's form", () => {
  const ticket = wang.context.tickets[0];

  it("asks what is needed, then sends it with the version that was looked at", async () => {
    const form = shown(StepForm, { ticket });
    await flushPromises();
    await form.find("form").trigger("submit");
    expect(form.find(tid("step-problem")).text()).toContain("初审结论");
    expect(form.find(tid("field-reason")).exists()).toBe(false);
    await form.findAll("input[type=radio]")[2]?.trigger("change");
    await form.find(`${tid("field-reason")} textarea`).setValue("缺少内件照片");
    await form.find("form").trigger("submit");
    await flushPromises();
    expect(bodies).toEqual([{ version: 4, note: "", data: { decision: "reject", reason: "缺少内件照片" } }]);
    expect(form.emitted("done")).toHaveLength(1);
    expect(useToasts().list.at(-1)?.text).toBe("「客服初审」已完成");
  });

  it("says why a step was refused, and looks again when somebody else was quicker", async () => {
    const form = shown(StepForm, { ticket: { ...ticket, form: null } });
    const refusal = { error: "ticket_changed_meanwhile", detail: "工单已被别人更新" };
    send.mockResolvedValue(new Response(JSON.stringify(refusal), { status: 409 }));
    await form.find("form").trigger("submit");
    await flushPromises();
    expect(form.find(tid("step-problem")).text()).toBe("工单已被别人更新");
    expect(form.emitted("done")).toHaveLength(1);
  });
});

describe("the log", () => {
  it("draws the newest part of a long conversation, and more when asked", async () => {
    const desk = useDesk();
    const seqs = Array.from({ length: 150 }, (_, index) => index + 1);
    desk.putTimeline("a", withPage(desk.timeline("a"), page(seqs)));
    const log = shown(TalkLog, { id: "a", row: row("a") });
    expect(log.findAll(tid("message"))).toHaveLength(60);
    await log.find(tid("older")).trigger("click");
    await flushPromises();
    expect(log.findAll(tid("message"))).toHaveLength(120);
  });

  it("shows bones until the messages come, then where the line was down, and who types", async () => {
    const desk = useDesk();
    const log = shown(TalkLog, { id: "a", row: row("a") });
    expect(log.find(tid("log")).attributes("aria-busy")).toBe("true");
    desk.putTimeline("a", withMissed(withPage(desk.timeline("a"), page([1])), page([2])));
    desk.typing = { a: "王芳" };
    await flushPromises();
    expect(log.find(tid("missed")).text()).toBe("以下为离线期间的消息");
    expect(log.find(tid("typing")).text()).toContain("王芳 正在输入");
  });
});
