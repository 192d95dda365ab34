// @vitest-environment happy-dom
import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ApiProblem } from "../../../src/api/client";
import * as asking from "../../../src/console/desk/asking";
import { close, decline, giveBack, take, transfer } from "../../../src/console/desk/deeds";
import { discard, flushAll, leaveNote, mayRetract, retract, retry, say } from "../../../src/console/desk/sending";
import { useDesk } from "../../../src/console/desk/store";
import { withPage } from "../../../src/console/desk/timeline";
import type { Message, Row } from "../../../src/console/desk/types";
import { useToasts } from "../../../src/console/shell/toasts";
import { at, message, note, page, row, settled } from "../fakes/made";

vi.mock("../../../src/console/desk/asking");
const asked = vi.mocked(asking);
const TAKEN = new ApiProblem(409, "taken_by_another", "已由李静接待", { agent: "li" });
const OFFLINE = new ApiProblem(0, "offline", "网络连接不上，请稍后再试");

beforeEach(() => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  const desk = useDesk();
  desk.username = "me";
  desk.putRow(row("w"));
  desk.putRow(row("a", { owner: "agent", agent: "me", owner_epoch: 4 }));
  desk.putTimeline("a", withPage(desk.timeline("a"), page([1])));
});

afterEach(() => {
  vi.useRealTimers();
  vi.resetAllMocks();
});

const toast = (): string | undefined => useToasts().list.at(-1)?.text;

describe("taking", () => {
  it("shows at once what the server is only asked for", async () => {
    let answer: (taken: Row) => void = () => undefined;
    asked.take.mockReturnValue(new Promise((resolve) => (answer = resolve)));
    const done = take("w");
    expect(useDesk().rows.w).toMatchObject({ owner: "agent", agent: "me" });
    expect(asked.take).toHaveBeenCalledWith("w", 1);
    answer(row("w", { owner: "agent", agent: "me", agent_name: "我", owner_epoch: 2 }));
    expect(await done).toBe(true);
    expect(useDesk().rows.w?.agent_name).toBe("我");
    expect(useDesk().lists.mine.map(({ id }) => id)).toContain("w");
  });

  it("says who was quicker, and shows them", async () => {
    asked.take.mockRejectedValue(TAKEN);
    asked.talk.mockResolvedValue(row("w", { owner: "agent", agent: "li", agent_name: "李静", owner_epoch: 2 }));
    expect(await take("w")).toBe(false);
    expect(toast()).toBe("已由李静接待");
    expect(useDesk().rows.w).toMatchObject({ agent: "li", owner_epoch: 2 });
    expect(useDesk().lists.others.map(({ id }) => id)).toEqual(["w"]);
  });

  it("is taken back where nobody answers", async () => {
    asked.take.mockRejectedValue(OFFLINE);
    await take("w");
    expect(useDesk().rows.w).toEqual(row("w"));
    expect(asked.talk).not.toHaveBeenCalled();
  });

  it("does not undo what the server has told meanwhile", async () => {
    asked.take.mockImplementation(() => {
      useDesk().putRow(row("w", { owner: "agent", agent: "li", owner_epoch: 2 }));
      return Promise.reject(OFFLINE);
    });
    await take("w");
    expect(useDesk().rows.w?.agent).toBe("li");
  });

  it("can be undone: the conversation is put back", async () => {
    asked.take.mockResolvedValue(row("w", { owner: "agent", agent: "me", owner_epoch: 2 }));
    asked.putBack.mockResolvedValue(row("w", { owner_epoch: 3 }));
    await take("w");
    useToasts().undoLast();
    await settled();
    expect(asked.putBack).toHaveBeenCalledWith("w", 2);
    expect(useDesk().lists.waiting.map(({ id }) => id)).toEqual(["w"]);
  });

  it("does nothing for a conversation nobody knows", async () => {
    expect(await take("unknown")).toBe(false);
    expect(asked.take).not.toHaveBeenCalled();
  });
});

describe("letting go", () => {
  it("passes an offer on", async () => {
    useDesk().changeRow("w", { offered_to: "me", offered_until: at(1) });
    asked.decline.mockResolvedValue(row("w"));
    await decline("w");
    expect(useDesk().rows.w?.offered_to).toBeNull();
  });

  it("hands over to a colleague with a note", async () => {
    const goal = { to_agent: "li", to_queue: null, note: "要赔付" };
    asked.transfer.mockResolvedValue(row("a", { owner: "agent", agent: "li", owner_epoch: 5 }));
    expect(await transfer("a", goal, "李静")).toBe(true);
    expect(asked.transfer).toHaveBeenCalledWith("a", 4, goal);
    expect(toast()).toContain("李静");
  });

  it("gives back with what was agreed, and takes again when that was a mistake", async () => {
    asked.giveBack.mockResolvedValue(row("a", { owner: "bot", owner_epoch: 5 }));
    asked.take.mockResolvedValue(row("a", { owner: "agent", agent: "me", owner_epoch: 6 }));
    await giveBack("a", "明天回电");
    expect(asked.giveBack).toHaveBeenCalledWith("a", 4, "明天回电");
    useToasts().undoLast();
    await settled();
    expect(asked.take).toHaveBeenCalledWith("a", 5);
  });

  it("offers the way back of the last deed only", async () => {
    asked.giveBack.mockResolvedValue(row("a", { owner: "bot", owner_epoch: 5 }));
    useToasts().say("已接待", { about: "a", undo: () => undefined });
    await giveBack("a", "");
    expect(useToasts().list.filter(({ undo }) => undo !== null)).toHaveLength(1);
  });

  it("closes for good: there is no undo", async () => {
    asked.close.mockResolvedValue(row("a", { owner: "closed", owner_epoch: 5 }));
    await close("a", "");
    expect(useDesk().lists.mine).toEqual([]);
    expect(useToasts().list.at(-1)?.undo).toBeNull();
  });
});

describe("saying something", () => {
  const stored = (seq: number, text: string): Message => message(seq, { author: "agent", said_by: "me", text });

  it("is shown at once, and stands in the log when the server has it", async () => {
    asked.reply.mockResolvedValue(stored(2, "您好"));
    say("a", { text: "您好" });
    expect(useDesk().outboxes.a).toMatchObject([{ text: "您好", afterSeq: 1, flying: true }]);
    await settled();
    expect(useDesk().outboxes.a).toEqual([]);
    expect(useDesk().timeline("a").messages.map(({ text }) => text)).toEqual(["第 1 条", "您好"]);
    expect(asked.reply.mock.calls[0]?.[1]).toMatchObject({ epoch: 4, text: "您好", quoted_seq: null, file_id: null });
  });

  it("goes one after the other", async () => {
    let answer: (said: Message) => void = () => undefined;
    asked.reply.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    asked.reply.mockResolvedValueOnce(stored(3, "二"));
    say("a", { text: "一" });
    say("a", { text: "二" });
    await settled();
    expect(asked.reply).toHaveBeenCalledTimes(1);
    answer(stored(2, "一"));
    await settled();
    expect(asked.reply).toHaveBeenCalledTimes(2);
  });

  it("is sent again under the same id when nobody answered", async () => {
    asked.reply.mockRejectedValueOnce(OFFLINE).mockResolvedValueOnce(stored(2, "您好"));
    say("a", { text: "您好" });
    await vi.advanceTimersByTimeAsync(2_000);
    const ids = asked.reply.mock.calls.map(([, { message_id }]) => message_id);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
    expect(useDesk().outboxes.a).toEqual([]);
  });

  it("waits for the writer after three tries, and goes on when asked", async () => {
    asked.reply.mockRejectedValue(OFFLINE);
    say("a", { text: "您好" });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.reply).toHaveBeenCalledTimes(3);
    const kept = useDesk().outboxes.a?.[0];
    expect(kept?.failure).toBe("网络连接不上，请稍后再试");
    asked.reply.mockResolvedValue(stored(2, "您好"));
    retry("a", kept?.messageId ?? "");
    await settled();
    expect(useDesk().outboxes.a).toEqual([]);
  });

  it("is not tried again where it was refused, and can be thrown away", async () => {
    asked.reply.mockRejectedValue(new ApiProblem(409, "not_in_your_hands", "这个会话现在不由您接待"));
    say("a", { text: "您好" });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.reply).toHaveBeenCalledTimes(1);
    const kept = useDesk().outboxes.a?.[0];
    expect(kept?.failure).toBe("这个会话现在不由您接待");
    discard("a", kept?.messageId ?? "");
    expect(useDesk().outboxes.a).toEqual([]);
  });

  it("goes out when the line is back", async () => {
    asked.reply.mockRejectedValueOnce(OFFLINE).mockResolvedValueOnce(stored(2, "您好"));
    say("a", { text: "您好" });
    await settled();
    flushAll();
    await settled();
    expect(asked.reply).toHaveBeenCalledTimes(2);
  });

  it("brings a file to the server once, however often the words are sent", async () => {
    asked.upload.mockResolvedValue("f1");
    asked.reply.mockRejectedValueOnce(OFFLINE).mockResolvedValueOnce(stored(2, ""));
    say("a", { text: "", file: new File(["x"], "破损.png", { type: "image/png" }) });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked.upload).toHaveBeenCalledTimes(1);
    expect(asked.reply.mock.calls.map(([, { file_id }]) => file_id)).toEqual(["f1", "f1"]);
  });

  it("quotes what it answers", async () => {
    asked.reply.mockResolvedValue(stored(2, "是的"));
    say("a", { text: "是的", quoted: { seq: 1, author: "customer", text: "第 1 条" } });
    await settled();
    expect(asked.reply.mock.calls[0]?.[1].quoted_seq).toBe(1);
  });
});

describe("among ourselves", () => {
  it("a note stands in the log at once", async () => {
    asked.note.mockResolvedValue(note(7, 1));
    expect(await leaveNote("a", "小心", "note")).toBe(true);
    expect(useDesk().timeline("a").notes.map(({ id }) => id)).toEqual([7]);
  });

  it("a note that failed is still the writer's", async () => {
    asked.note.mockRejectedValue(OFFLINE);
    expect(await leaveNote("a", "小心", "note")).toBe(false);
    expect(toast()).toBe("网络连接不上，请稍后再试");
  });
});

describe("taking words back", () => {
  it("is possible for two minutes", () => {
    expect(mayRetract(at(0), Date.parse(at(0)) + 119_000)).toBe(true);
    expect(mayRetract(at(0), Date.parse(at(2)))).toBe(false);
  });

  it("shows at once, and is undone when it came too late", async () => {
    asked.retract.mockRejectedValue(new ApiProblem(409, "too_late", "超过两分钟，不能撤回"));
    const done = retract("a", 1);
    expect(useDesk().timeline("a").messages[0]?.retracted_at).not.toBeNull();
    await done;
    expect(useDesk().timeline("a").messages[0]?.retracted_at).toBeNull();
    expect(toast()).toBe("超过两分钟，不能撤回");
  });
});
