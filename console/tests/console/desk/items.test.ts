import { describe, expect, it } from "vitest";

import { type Item, itemsOf } from "../../../src/console/desk/items";
import { EMPTY, withMissed, withNote, withPage } from "../../../src/console/desk/timeline";
import { at, message, note, page } from "../fakes/made";

const kinds = (items: readonly Item[]): string[] => items.map(({ kind, key }) => (kind === "message" ? key : kind));

describe("the rows of the log", () => {
  it("begin each day with its name", () => {
    const next = { ...page([1]), messages: [message(1), message(2, { at: at(24 * 60) })] };
    expect(kinds(itemsOf(withPage(EMPTY, next), []))).toEqual(["day", "m1", "day", "m2"]);
  });

  it("put notes right after what they were left at", () => {
    const noted = [note(1, 1), note(2, 2)].reduce(withNote, withPage(EMPTY, page([1, 2])));
    expect(kinds(itemsOf(noted, []))).toEqual(["day", "m1", "note", "m2", "note"]);
  });

  it("keep back notes of messages further up, but not one at the very edge", () => {
    const noted = [note(1, 1), note(2, 4)].reduce(withNote, withPage(EMPTY, page([5, 6], 5)));
    expect(kinds(itemsOf(noted, []))).toEqual(["day", "note", "m5", "m6"]);
  });

  it("show notes where nothing was said", () => {
    expect(kinds(itemsOf(withNote(withPage(EMPTY, page([])), note(1, 0)), []))).toEqual(["day", "note"]);
  });

  it("draw a line above what came while the line was down", () => {
    const back = withMissed(withPage(EMPTY, page([1, 2])), page([3, 4]));
    expect(kinds(itemsOf(back, []))).toEqual(["day", "m1", "m2", "missed", "m3", "m4"]);
  });

  it("name the speaker where the speaker changes", () => {
    const said = [
      message(1), message(2), message(3, { author: "agent", said_by: "li" }), message(4, { author: "agent", said_by: "me" }),
      message(5, { author: "agent", said_by: "me" }),
    ];
    const items = itemsOf(withPage(EMPTY, { ...page([]), messages: said }), []);
    const starts = items.flatMap((item) => (item.kind === "message" ? [item.startsRun] : []));
    expect(starts).toEqual([true, false, true, true, false]);
  });

  it("end with what is not sent", () => {
    const unsent = {
      messageId: "u1", text: "好", at: at(3), afterSeq: 1, quoted: null, file: null, preview: null, cannedId: null, fileId: null, tries: 0,
      failure: null, flying: true,
    };
    expect(itemsOf(withPage(EMPTY, page([1])), [unsent]).at(-1)).toMatchObject({ kind: "unsent", key: "u1" });
  });
});
