import { describe, expect, it } from "vitest";

import type { Message } from "../../src/chat/message";
import type { Unsent } from "../../src/chat/outbox";
import { marksOf, type MessageRow, type Row, rowsOf } from "../../src/chat/rows";
import { EMPTY_TIMELINE, withMessage } from "../../src/chat/timeline";
import { message } from "./fakes";

const NOW = new Date("2026-11-22T06:30:00Z");
const choice = [{ title: "好的", payload: "好的" }, { title: "不用了", payload: "不用了" }];

function timelineOf(...messages: Message[]): typeof EMPTY_TIMELINE {
  return messages.reduce(withMessage, EMPTY_TIMELINE);
}

function messageRows(rows: readonly Row[]): MessageRow[] {
  return rows.filter((row): row is MessageRow => row.kind === "message");
}

function unsent(changes: Partial<Unsent> = {}): Unsent {
  return { messageId: "web-1", text: "还没发", writtenAt: "2026-11-22T06:29:00Z", tries: 0, failure: null, ...changes };
}

describe("the rows of the log", () => {
  it("separate the days of Shanghai", () => {
    const rows = rowsOf(timelineOf(message(1, { at: "2026-11-21T15:59:00Z" }), message(2, { at: "2026-11-21T16:00:00Z" })), [], NOW);
    expect(rows.map((row) => (row.kind === "day" ? row.label : row.message.seq))).toEqual(["昨天", 1, "今天", 2]);
  });

  it("show what is not sent below everything that is", () => {
    const rows = messageRows(rowsOf(timelineOf(message(1)), [unsent()], NOW));
    expect(rows.map(({ delivery }) => delivery)).toEqual(["sent", "sending"]);
  });

  it("open no day for a message left over from yesterday", () => {
    const rows = rowsOf(timelineOf(message(1)), [unsent({ writtenAt: "2026-11-21T01:00:00Z", failure: "没有发出" })], NOW);
    expect(rows.map(({ kind }) => kind)).toEqual(["day", "message", "message"]);
    expect(messageRows(rows)[1]).toMatchObject({ delivery: "failed", failure: "没有发出" });
  });

  it("show a message once when it is stored and still in the outbox", () => {
    const stored = message(1, { author: "customer", messageId: "web-1", text: "还没发" });
    expect(messageRows(rowsOf(timelineOf(stored), [unsent()], NOW))).toHaveLength(1);
  });

  it("keep their key when a message is acknowledged, so that it does not flicker", () => {
    const before = messageRows(rowsOf(EMPTY_TIMELINE, [unsent()], NOW))[0];
    const after = messageRows(rowsOf(timelineOf(message(1, { author: "customer", messageId: "web-1" })), [], NOW))[0];
    expect(after?.key).toBe(before?.key);
  });

  it("let quick replies be pressed until the customer has answered", () => {
    const asked = timelineOf(message(1, { buttons: choice }), message(2, { text: "工单有新进展" }));
    expect(messageRows(rowsOf(asked, [], NOW))[0]?.replies.map(({ disabled }) => disabled)).toEqual([false, false]);
  });

  it("mark the quick reply that was chosen and disable its group, already while it is being sent", () => {
    const row = messageRows(rowsOf(timelineOf(message(1, { buttons: choice })), [unsent({ text: "好的" })], NOW))[0];
    expect(row?.replies).toEqual([
      { title: "好的", payload: "好的", used: true, disabled: true },
      { title: "不用了", payload: "不用了", used: false, disabled: true },
    ]);
  });

  it("are drawn again only where something has changed", () => {
    const before = timelineOf(message(1, { buttons: choice }), message(2));
    const answered = withMessage(before, message(3, { author: "customer", text: "好的" }));
    const marks = (known: typeof before): unknown[] => messageRows(rowsOf(known, [], NOW)).map(marksOf);
    expect(marks(answered)[1]).toEqual(marks(before)[1]);
    expect(marks(answered)[0]).not.toEqual(marks(before)[0]);
  });

  it("name the author once a run and the time once a minute", () => {
    const at = "2026-11-22T06:00:10Z";
    const rows = messageRows(rowsOf(timelineOf(message(1, { at }), message(2, { at }), message(3, { at, author: "agent" })), [], NOW));
    expect(rows.map(({ startsRun }) => startsRun)).toEqual([true, false, true]);
    expect(rows.map(({ showsTime }) => showsTime)).toEqual([false, true, true]);
  });
});
