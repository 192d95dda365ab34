import { describe, expect, it } from "vitest";

import { readAcknowledgement } from "../../src/chat/connection";
import { readHistory, readMessage, readUtterance } from "../../src/chat/message";

const AT = "2026-11-22T06:05:00+00:00";

describe("what arrives over the wire", () => {
  it("is a live message in Rasa's shape", () => {
    const read = readUtterance({
      text: "您的包裹在武汉",
      quick_replies: [{ content_type: "text", title: "转人工", payload: "转人工" }],
      metadata: { seq: 3, at: AT, author: "bot" },
    });
    expect(read).toEqual({
      seq: 3, at: AT, author: "bot", text: "您的包裹在武汉", card: null, messageId: null, agentName: null, quoted: null, retracted: false,
      buttons: [{ title: "转人工", payload: "转人工" }],
    });
  });

  it("is a page of history, without the entries that make no sense", () => {
    const page = readHistory({ messages: [{ seq: 1, at: AT, author: "customer", text: "你好" }, null, { seq: "2" }], last_seq: 2 });
    expect(page?.messages.map(({ text }) => text)).toEqual(["你好"]);
    expect(page).toMatchObject({ lastSeq: 2, more: false, seenSeq: 0 });
  });

  it("is an unknown author that speaks as the system", () => {
    expect(readMessage({ seq: 1, at: AT, author: "survey", text: "请评价" })?.author).toBe("system");
  });

  it.each([null, "text", [], {}, { seq: 0, at: AT }, { seq: 1.5, at: AT }, { seq: 1, at: "soon" }])(
    "is no message when it is %j",
    (raw) => {
      expect(readMessage(raw)).toBeNull();
    },
  );

  it("is no live message without a number", () => {
    expect(readUtterance({ text: "你好" })).toBeNull();
  });

  it.each([
    [{ message_id: "m", seq: 4, at: AT }, { outcome: "stored", seq: 4, at: AT }],
    [{ error: "too_long", detail: "太长了" }, { outcome: "refused", detail: "太长了" }],
    [undefined, { outcome: "unanswered" }],
  ])("is the acknowledgement %j", (raw, expected) => {
    expect(readAcknowledgement(raw)).toEqual(expected);
  });
});
