import { describe, expect, it } from "vitest";

import { readCard } from "../../src/chat/card";
import { readMessage, readUtterance } from "../../src/chat/message";
import { type MessageRow, rowsOf } from "../../src/chat/rows";
import { answerOf, scoreGiven } from "../../src/chat/survey";
import { inkOn, styleOf } from "../../src/chat/theme";
import { countUnread, EMPTY_TIMELINE, withMessage, withoutWords } from "../../src/chat/timeline";
import { message } from "./fakes";

const AT = "2026-11-22T06:05:00+00:00";
const survey = { type: "survey", about: "ticket" } as const;

describe("cards beside words", () => {
  it("are a file with its size on the screen", () => {
    const raw = { type: "file", file_id: "f1", media_type: "image/jpeg", size: 9, name: "a.jpg", width: 30, height: 20 };
    expect(readCard(raw)).toEqual({
      type: "file", fileId: "f1", mediaType: "image/jpeg", size: 9, name: "a.jpg", width: 30, height: 20,
    });
    expect(readCard({ type: "file" })).toBeNull();
  });

  it("are a guide to the photos that are asked for, all of them where none is named", () => {
    expect(readCard({ type: "photo_guide", wanted: ["label", "roof"] })).toMatchObject({ wanted: ["label"] });
    expect(readCard({ type: "photo_guide" })).toMatchObject({ wanted: ["outer", "label", "inner"] });
  });

  it("are a ticket that waits for a photo", () => {
    const raw = { type: "ticket", ticket_no: "T1", photo_guide: { wanted: ["inner"] } };
    expect(readCard(raw)).toMatchObject({ ticketNo: "T1", guide: { wanted: ["inner"] } });
    expect(readCard({ type: "ticket" })).toMatchObject({ guide: null });
  });
});

describe("a message of a person", () => {
  const told = { seq: 4, at: AT, author: "agent", agent_name: "小安", quoted: { seq: 2, author: "customer", text: "碎了" } };

  it("names who says it, and to what", () => {
    const read = readUtterance({ text: "马上处理", metadata: told });
    expect(read).toMatchObject({ agentName: "小安", quoted: { seq: 2, author: "customer", text: "碎了" } });
  });

  it("says nothing after it was taken back, whatever the server still tells", () => {
    const read = readMessage({ ...told, text: "说错了", card: survey, retracted: true });
    expect(read).toMatchObject({ text: "", card: null, quoted: null, retracted: true });
  });

  it("is taken back in its place", () => {
    const timeline = [message(1), message(2, { text: "说错了" })].reduce(withMessage, EMPTY_TIMELINE);
    const after = withoutWords(timeline, 2);
    expect(after.messages.map(({ text, retracted }) => [text, retracted])).toEqual([["第 1 条", false], ["", true]]);
    expect(after.completeTo).toBe(2);
  });

  it("begins a run of its own when another person goes on", () => {
    const spoken = [message(1, { author: "agent", agentName: "小安" }), message(2, { author: "agent", agentName: "小北" })];
    const rows = rowsOf(spoken.reduce(withMessage, EMPTY_TIMELINE), [], new Date(AT));
    const starts = rows.filter((row): row is MessageRow => row.kind === "message").map((row) => row.startsRun);
    expect(starts).toEqual([true, true]);
  });
});

describe("a survey", () => {
  it("is answered in words the server knows", () => {
    expect(answerOf(5, "  ")).toBe("评分 5 分");
    expect(answerOf(2, " 太慢了 ")).toBe("评分 2 分：太慢了");
  });

  it("shows the first score that was given after it, typed or tapped", () => {
    const own = (seq: number, text: string): ReturnType<typeof message> => message(seq, { author: "customer", text });
    const asked = message(1, { card: survey });
    expect(scoreGiven([asked, own(2, "快递呢"), own(3, "评分 4 分：好"), own(4, "1分")], 0)).toBe(4);
    expect(scoreGiven([asked, own(2, "3 分吧")], 0)).toBe(3);
    expect(scoreGiven([asked, message(2, { card: survey }), own(3, "5分")], 0)).toBeNull();
    expect(scoreGiven([asked, message(2, { text: "5分" })], 0)).toBeNull();
  });

  it("takes the place of the buttons that other clients show", () => {
    const buttons = [{ title: "5 分 非常满意", payload: "5分" }];
    const timeline = withMessage(EMPTY_TIMELINE, message(1, { card: survey, buttons }));
    const row = rowsOf(timeline, [], new Date(AT)).find((each): each is MessageRow => each.kind === "message");
    expect(row).toMatchObject({ replies: [], score: null });
  });
});

describe("what is unread", () => {
  it("are messages of others after the last one seen", () => {
    const timeline = [message(1), message(2, { author: "customer" }), message(3), message(4)].reduce(withMessage, EMPTY_TIMELINE);
    expect(countUnread(timeline, 1)).toBe(2);
    expect(countUnread(timeline, 4)).toBe(0);
  });
});

describe("a site's colour", () => {
  it.each([["#b91c1c", "#ffffff"], ["#ffe08a", "#10181b"], ["#0b6b66", "#ffffff"]])("%s is written on in %s", (colour, ink) => {
    expect(inkOn(colour)).toBe(ink);
  });

  it("is the ink of words only where it can be read", () => {
    expect(styleOf("#b91c1c")).toContain("--yw-brand:#b91c1c");
    expect(styleOf("#ffe08a")).not.toContain("--yw-brand:");
    expect(styleOf("red;}body{display:none")).toBe("");
  });
});
