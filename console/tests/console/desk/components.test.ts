// @vitest-environment happy-dom
import { enableAutoUnmount, flushPromises } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import * as asking from "../../../src/console/desk/asking";
import ComposerBox from "../../../src/console/desk/ComposerBox.vue";
import MessageItem from "../../../src/console/desk/MessageItem.vue";
import NoteItem from "../../../src/console/desk/NoteItem.vue";
import OfferBar from "../../../src/console/desk/OfferBar.vue";
import { useDesk } from "../../../src/console/desk/store";
import SuggestionBar from "../../../src/console/desk/SuggestionBar.vue";
import TalkHeader from "../../../src/console/desk/TalkHeader.vue";
import TalkRow from "../../../src/console/desk/TalkRow.vue";
import { withPage } from "../../../src/console/desk/timeline";
import type { Row } from "../../../src/console/desk/types";
import { message, note, page, row } from "../fakes/made";
import { freshHouse, shown, tid } from "../fakes/mounted";

vi.mock("../../../src/console/desk/asking");
const asked = vi.mocked(asking);
enableAutoUnmount(afterEach);

const mine = (changes: Partial<Row> = {}): Row => row("a", { owner: "agent", agent: "me", owner_epoch: 4, ...changes });

beforeEach(() => {
  freshHouse();
  const desk = useDesk();
  desk.username = "me";
  desk.putRow(mine());
  desk.current = "a";
  desk.putTimeline("a", withPage(desk.timeline("a"), page([1, 2])));
  asked.canned.mockResolvedValue([
    { id: 7, by: "lead", scope: "all", shortcut: "hello", title: "问候", text: "{customer}您好，单号 {waybill_no}", uses: 3 },
  ]);
  asked.reply.mockResolvedValue(message(3, { author: "agent", said_by: "me", text: "您好" }));
  asked.note.mockResolvedValue(note(1, 2));
});

afterEach(() => {
  vi.resetAllMocks();
});

describe("the composer", () => {
  const composer = (talk: Row = mine()) => shown(ComposerBox, { id: talk.id, row: talk, isMine: talk.agent === "me" });

  it("sends by Enter, and not by Shift and Enter", async () => {
    const box = composer();
    await box.find(tid("composer")).setValue("您好");
    await box.find(tid("composer")).trigger("keydown", { key: "Enter", shiftKey: true });
    expect(asked.reply).not.toHaveBeenCalled();
    await box.find(tid("composer")).trigger("keydown", { key: "Enter" });
    await flushPromises();
    expect(asked.reply.mock.calls[0]?.[1]).toMatchObject({ text: "您好", epoch: 4 });
    expect((box.find(tid("composer")).element as HTMLTextAreaElement).value).toBe("");
  });

  it("sends nothing while a word is being composed, nor when there is nothing to send", async () => {
    const box = composer();
    await box.find(tid("composer")).trigger("keydown", { key: "Enter" });
    await box.find(tid("composer")).setValue("nihao");
    await box.find(tid("composer")).trigger("keydown", { key: "Enter", isComposing: true });
    expect(asked.reply).not.toHaveBeenCalled();
  });

  it("greets nobody as a visitor with four letters", async () => {
    const visitor = { id: null, name: "访客 E634", is_verified: false, vip: false };
    useDesk().forceRow(mine({ customer: visitor }));
    const box = composer();
    await box.find(tid("composer")).setValue("/he");
    await flushPromises();
    await box.find(tid("composer")).trigger("keydown", { key: "Enter" });
    await flushPromises();
    expect(useDesk().draft("a").text).toBe("您好，单号 ____");
  });

  it("finds a ready-made reply by a slash, fills it in, and tells which it was", async () => {
    const box = composer();
    await box.find(tid("composer")).setValue("/he");
    await flushPromises();
    expect(box.findAll(tid("canned"))).toHaveLength(1);
    await box.find(tid("composer")).trigger("keydown", { key: "Enter" });
    await flushPromises();
    expect(useDesk().draft("a").text).toBe("客户a您好，单号 ____");
    expect(box.find(tid("canned-popup")).exists()).toBe(false);
    await box.find(tid("composer")).trigger("keydown", { key: "Enter" });
    await flushPromises();
    expect(asked.reply.mock.calls[0]?.[1].canned_id).toBe(7);
  });

  it("leaves notes, and turns back to replying", async () => {
    const box = composer();
    await box.find(tid("mode-note")).trigger("click");
    expect(box.find("form").classes()).toContain("dk-mode-note");
    await box.find(tid("composer")).setValue("老客户");
    await box.find(tid("send")).trigger("submit");
    await flushPromises();
    expect(asked.note.mock.calls[0]?.[1]).toMatchObject({ text: "老客户", kind: "note" });
    expect(asked.reply).not.toHaveBeenCalled();
    expect(useDesk().draft("a").mode).toBe("reply");
  });

  it("lets nobody answer a customer who is another's, but a lead may whisper", () => {
    const box = composer(mine({ agent: "li", agent_name: "李静" }));
    expect(box.find(tid("mode-reply")).attributes("disabled")).toBeDefined();
    expect(box.find("form").classes()).toContain("dk-mode-note");
    expect(box.find(tid("mode-whisper")).exists()).toBe(true);
    freshHouse({ permissions: ["talk"] });
    expect(composer(mine({ agent: "li" })).find(tid("mode-whisper")).exists()).toBe(false);
  });

  it("shows what it quotes, and lets go of it", async () => {
    useDesk().write("a", { quotedSeq: 2 });
    const box = composer();
    expect(box.find(tid("quoting")).text()).toContain("第 2 条");
    await box.find(`${tid("quoting")} button`).trigger("click");
    expect(box.find(tid("quoting")).exists()).toBe(false);
  });

  it("keeps what is written while one looks elsewhere", async () => {
    const box = composer();
    await box.find(tid("composer")).setValue("写到一半");
    box.unmount();
    expect((composer().find(tid("composer")).element as HTMLTextAreaElement).value).toBe("写到一半");
  });
});

describe("a message", () => {
  const item = (seq: number, changes = {}, props = {}) =>
    shown(MessageItem, {
      id: "a", message: message(seq, changes), startsRun: true, seen: false, customer: "王芳", now: new Date(), ...props,
    });
  const own = { author: "agent", said_by: "me", said_by_name: "周敏", at: new Date().toISOString() };

  it("of mine can be taken back for a while, and says whether it was read", () => {
    expect(item(3, own).find(tid("retract")).exists()).toBe(true);
    expect(item(3, { ...own, at: "2026-01-01T00:00:00Z" }).find(tid("retract")).exists()).toBe(false);
    expect(item(3, { ...own, said_by: "li" }).find(tid("retract")).exists()).toBe(false);
    expect(item(3, own).find(tid("read-mark")).attributes("data-seen")).toBe("false");
    expect(item(3, own, { seen: true }).find(tid("read-mark")).text()).toBe("已读");
  });

  it("that was taken back stays for our people, marked", () => {
    const gone = item(3, { ...own, retracted_at: own.at, text: "说错了" });
    expect(gone.find(tid("retracted")).exists()).toBe(true);
    expect(gone.text()).toContain("说错了");
    expect(gone.find(tid("retract")).exists()).toBe(false);
  });

  it("of a customer says what the bot understood", () => {
    expect(item(1, { intent: "track", confidence: 0.934 }).text()).toContain("track 93%");
    expect(item(1).find(tid("read-mark")).exists()).toBe(false);
  });

  it("with a picture shows the picture, not the words put in its place", () => {
    const card = { type: "file", file_id: "f1", media_type: "image/png", size: 9, name: "照片.png" };
    const picture = item(1, { text: "[图片]", card });
    expect(picture.find("img").attributes("src")).toBe("/api/files/f1/content");
    expect(picture.find(tid("message-text")).exists()).toBe(false);
    expect(item(1, { text: "看这个", card }).find(tid("message-text")).text()).toBe("看这个");
  });

  it("is quoted by a click", async () => {
    await item(2).find(tid("quote")).trigger("click");
    expect(useDesk().draft("a")).toMatchObject({ quotedSeq: 2, mode: "reply" });
  });
});

describe("notes", () => {
  it("look unlike whispers, and unlike what merely happened", () => {
    const kinds = (["note", "whisper", "event"] as const).map((kind) => shown(NoteItem, { note: note(1, 1, { kind }) }));
    const kindOf = (each: (typeof kinds)[number]) => each.findAll(tid("note")).map((found) => found.attributes("data-kind"));
    expect(kinds.flatMap(kindOf)).toEqual(["note", "whisper"]);
    expect(kinds[2]?.find(tid("event")).text()).toContain("备注 1");
  });
});

describe("the head of a conversation", () => {
  const verbs = (talk: Row): string[] =>
    ["take", "transfer", "give-back", "close", "whisper", "take-over"].filter((verb) =>
      shown(TalkHeader, { row: talk, isMine: talk.agent === "me" }).find(tid(verb)).exists(),
    );

  it("offers what may be done now", () => {
    expect(verbs(mine())).toEqual(["transfer", "give-back", "close"]);
    expect(verbs(row("w"))).toEqual(["take"]);
    expect(verbs(row("b", { owner: "bot" }))).toEqual(["take"]);
    expect(verbs(mine({ agent: "li" }))).toEqual(["whisper", "take-over"]);
    expect(verbs(row("c", { owner: "closed" }))).toEqual([]);
  });

  it("offers a colleague's conversation to leads only", () => {
    freshHouse({ permissions: ["talk"] });
    expect(verbs(mine({ agent: "li" }))).toEqual([]);
  });

  it("names who else looks on", () => {
    const head = shown(TalkHeader, { row: mine({ watchers: ["me", "chen"], watcher_names: ["我自己", "陈晨"] }), isMine: true });
    expect(head.find(".dk-watchers").text()).toBe("陈晨 正在看");
  });
});

describe("the lists", () => {
  it("show an offer with the time that is left, and pass it on", async () => {
    const until = new Date(Date.now() + 45_000).toISOString();
    useDesk().putRow(row("w", { offered_to: "me", offered_until: until }));
    asked.decline.mockResolvedValue(row("w"));
    const bar = shown(OfferBar);
    expect(bar.find(".dk-offer-clock").text()).toMatch(/^00:4\d$/);
    await bar.find(tid("decline")).trigger("click");
    await flushPromises();
    expect(asked.decline).toHaveBeenCalledWith("w", 1);
    expect(bar.find(tid("offer")).exists()).toBe(false);
  });

  it("colour a row by its wait, and count what is unread", () => {
    const late = shown(TalkRow, { row: row("w", { unread: 2 }), isCurrent: false });
    expect(late.find(tid("row")).attributes("data-tone")).toBe("late");
    expect(late.find(".yw-count-hot").text()).toBe("2");
  });

  it("take a waiting conversation by one click, without opening it twice", async () => {
    asked.take.mockResolvedValue(row("w", { owner: "agent", agent: "me", owner_epoch: 2 }));
    useDesk().putRow(row("w"));
    const line = shown(TalkRow, { row: row("w"), isCurrent: false });
    await line.find(tid("row-take")).trigger("click");
    await flushPromises();
    expect(asked.take).toHaveBeenCalledWith("w", 1);
    expect(line.emitted("open")).toHaveLength(1);
  });
});

describe("suggested replies", () => {
  it("go into the composer, where they can be changed", async () => {
    useDesk().suggestions.a = [{ source: "bot", text: "正在派送", why: "", for_seq: 2 }];
    useDesk().write("a", { text: "您好，" });
    await shown(SuggestionBar, { id: "a" }).find(tid("suggestion")).trigger("click");
    expect(useDesk().draft("a").text).toBe("您好，\n正在派送");
    expect(asked.reply).not.toHaveBeenCalled();
  });
});
