import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Conversation } from "../../src/chat/conversation";
import { type Keep, memoryKeep } from "../../src/chat/storage";
import { FakeConnection, message, settled } from "./fakes";

const AT = "2026-11-22T06:00:00+00:00";

interface Visit {
  readonly connection: FakeConnection;
  readonly conversation: Conversation;
}

function visit(keep: Keep): Visit {
  const connection = new FakeConnection();
  const conversation = new Conversation(connection, keep);
  conversation.open();
  return { connection, conversation };
}

const shown = ({ conversation }: Visit): string[] => conversation.state.timeline.messages.map(({ text }) => text);

describe("a customer's conversation", () => {
  let keep: Keep;

  beforeEach(() => {
    vi.useFakeTimers();
    keep = memoryKeep();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("asks for a new session and the whole history on the first visit", () => {
    const { connection, conversation } = visit(keep);
    connection.welcome("secret");
    expect(connection.requests).toEqual([{ after: 0 }]);
    expect(conversation.state).toMatchObject({ link: "online", loaded: true });
  });

  it("comes back to the same session after a reload", () => {
    visit(keep).connection.welcome("secret");
    const again = visit(keep);
    again.connection.welcome("secret", [message(1), message(2)]);
    expect(again.connection.requests).toEqual([{ session_id: "secret", after: 0 }]);
    expect(shown(again)).toEqual(["第 1 条", "第 2 条"]);
  });

  it("asks for the next page while there is more", () => {
    const { connection, conversation } = visit(keep);
    connection.listener?.connected();
    connection.listener?.sessionConfirmed("secret");
    connection.listener?.history({ messages: [message(1), message(2)], lastSeq: 3, more: true, seenSeq: 0 });
    expect(connection.requests[1]).toEqual({ session_id: "secret", after: 2 });
    expect(conversation.state.loaded).toBe(false);
    connection.listener?.history({ messages: [message(3)], lastSeq: 3, more: false, seenSeq: 0 });
    expect(conversation.state.loaded).toBe(true);
  });

  it("asks again after the last complete number when a live message is missing", () => {
    const { connection } = visit(keep);
    connection.welcome("secret", [message(1)]);
    connection.listener?.message(message(3));
    vi.advanceTimersByTime(1_000);
    expect(connection.requests.at(-1)).toEqual({ session_id: "secret", after: 1 });
  });

  it("asks nothing when the missing message is only a moment late", () => {
    const { connection } = visit(keep);
    connection.welcome("secret", [message(1)]);
    connection.listener?.message(message(3));
    connection.listener?.message(message(2));
    vi.advanceTimersByTime(1_000);
    expect(connection.requests).toHaveLength(1);
  });

  it("asks only for what came after when the line is back", () => {
    const { connection, conversation } = visit(keep);
    connection.welcome("secret", [message(1), message(2)]);
    connection.drop();
    expect(conversation.state.link).toBe("offline");
    connection.listener?.connected();
    expect(connection.requests.at(-1)).toEqual({ session_id: "secret", after: 2 });
  });

  it("sends one message after the other, the next when the one before is stored", async () => {
    const { connection, conversation } = visit(keep);
    connection.welcome("secret");
    conversation.say("一");
    conversation.say("二");
    expect(connection.uttered.map(({ utterance }) => utterance.message)).toEqual(["一"]);
    await connection.answer(0, { outcome: "stored", seq: 1, at: AT });
    expect(connection.uttered.map(({ utterance }) => utterance.message)).toEqual(["一", "二"]);
  });

  it("does not send an empty message", () => {
    const { connection, conversation } = visit(keep);
    connection.welcome("secret");
    expect(conversation.say("  \n")).toBe(false);
    expect(connection.uttered).toEqual([]);
  });

  it("keeps a message written offline over a reload and sends it under the same id", async () => {
    const before = visit(keep);
    before.conversation.say("离线时写的");
    const written = before.conversation.state.outbox[0];
    const after = visit(keep);
    after.connection.welcome("secret");
    expect(after.connection.uttered[0]?.utterance).toEqual({
      message: "离线时写的", session_id: "secret", message_id: written?.messageId,
    });
    await after.connection.answer(0, { outcome: "stored", seq: 1, at: AT });
    expect(after.conversation.state.outbox).toEqual([]);
    expect(visit(keep).conversation.state.outbox).toEqual([]);
  });

  it("sends again under the same id when the line broke before the acknowledgement", async () => {
    const { connection, conversation } = visit(keep);
    connection.welcome("secret");
    conversation.say("你好");
    connection.drop();
    await settled();
    connection.welcome("secret");
    const ids = connection.uttered.map(({ utterance }) => utterance.message_id);
    expect(ids).toHaveLength(2);
    expect(ids[1]).toBe(ids[0]);
  });

  it("does not send again what the history shows to be stored", async () => {
    const { connection, conversation } = visit(keep);
    connection.welcome("secret");
    conversation.say("你好");
    const messageId = connection.uttered[0]?.utterance.message_id ?? "";
    connection.listener?.history({
      messages: [message(1, { author: "customer", text: "你好", messageId })], lastSeq: 1, more: false, seenSeq: 0,
    });
    await connection.answer(0, { outcome: "unanswered" });
    expect(conversation.state.outbox).toEqual([]);
    expect(connection.uttered).toHaveLength(1);
  });

  it("fails after three unanswered tries and goes out again when the customer asks", async () => {
    const { connection, conversation } = visit(keep);
    connection.welcome("secret");
    conversation.say("你好");
    for (const index of [0, 1, 2]) await connection.answer(index, { outcome: "unanswered" });
    const failed = conversation.state.outbox[0];
    expect(failed?.failure).toBe("没有收到服务器的回应");
    conversation.retry(failed?.messageId ?? "");
    expect(connection.uttered[3]?.utterance.message_id).toBe(failed?.messageId);
  });

  it("shows why a message was refused and lets the customer delete it", async () => {
    const { connection, conversation } = visit(keep);
    connection.welcome("secret");
    conversation.say("你好");
    await connection.answer(0, { outcome: "refused", detail: "您发送得太快了" });
    expect(conversation.state.outbox[0]?.failure).toBe("您发送得太快了");
    conversation.discard(conversation.state.outbox[0]?.messageId ?? "");
    expect(visit(keep).conversation.state.outbox).toEqual([]);
  });

  it("starts afresh when the server does not know the session any more", () => {
    visit(keep).connection.welcome("lost");
    const again = visit(keep);
    again.connection.welcome("lost", [message(1)]);
    again.connection.drop();
    again.connection.welcome("new");
    expect(keep.get("yiwen.chat.session")).toBe("new");
    expect(shown(again)).toEqual([]);
  });

  it("loses no history that came before the confirmation of a new session", () => {
    const { connection } = visit(keep);
    connection.listener?.connected();
    connection.listener?.history({ messages: [message(1)], lastSeq: 1, more: false, seenSeq: 0 });
    connection.listener?.sessionConfirmed("secret");
    expect(connection.requests.at(-1)).toEqual({ session_id: "secret", after: 0 });
  });

  it("joins the conversation another tab has opened meanwhile", () => {
    const slow = visit(keep);
    slow.connection.listener?.connected();
    visit(keep).connection.welcome("first");
    slow.connection.listener?.sessionConfirmed("second");
    expect(keep.get("yiwen.chat.session")).toBe("first");
    expect(slow.connection.requests.at(-1)).toEqual({ session_id: "first", after: 0 });
  });

  it("hangs up and calls again when the server stays silent", () => {
    const { connection } = visit(keep);
    connection.listener?.connected();
    vi.advanceTimersByTime(8_000);
    expect(connection.restarts).toBe(1);
    expect(connection.requests).toHaveLength(2);
  });

  it("stops showing that the other side is typing when a message or too much time has come", () => {
    const { connection, conversation } = visit(keep);
    connection.welcome("secret");
    connection.listener?.typing(true);
    connection.listener?.message(message(1));
    expect(conversation.state.typing).toBe(false);
    connection.listener?.typing(true);
    vi.advanceTimersByTime(20_000);
    expect(conversation.state.typing).toBe(false);
  });

  it("tells the server once how far the customer has seen", () => {
    const { connection, conversation } = visit(keep);
    connection.welcome("secret", [message(1), message(2)]);
    conversation.markShown();
    conversation.markShown();
    expect(connection.seenTo).toEqual([2]);
  });

  it("knows what was read on another device", () => {
    const { connection, conversation } = visit(keep);
    connection.listener?.connected();
    connection.listener?.sessionConfirmed("secret");
    connection.listener?.history({
      messages: [message(1), message(2), message(3)], lastSeq: 3, more: false, seenSeq: 2,
    });
    expect(conversation.state.unread).toBe(1);
    conversation.markShown();
    expect(conversation.state.unread).toBe(0);
  });

  it("takes a message back when the server says so", () => {
    const { connection, conversation } = visit(keep);
    connection.welcome("secret", [message(1), message(2)]);
    connection.listener?.retracted(2);
    expect(conversation.state.timeline.messages[1]).toMatchObject({ text: "", retracted: true });
  });

  it("tells now and then that the customer writes, and when they stop", () => {
    const { connection, conversation } = visit(keep);
    connection.welcome("secret");
    conversation.writing(true);
    conversation.writing(true);
    vi.advanceTimersByTime(2_900);
    conversation.writing(true);
    expect(connection.writings).toEqual([true]);
    vi.advanceTimersByTime(3_000);
    expect(connection.writings).toEqual([true, false]);
    conversation.writing(true);
    conversation.say("写好了");
    expect(connection.writings).toEqual([true, false, true, false]);
  });

  it("has a secret for files only while the conversation is open", () => {
    const { connection, conversation } = visit(keep);
    expect(conversation.token()).toBeNull();
    connection.welcome("secret");
    expect(conversation.token()).toBe("secret");
    conversation.refresh();
    expect(connection.requests).toHaveLength(2);
    connection.drop();
    expect(conversation.token()).toBeNull();
  });
});
