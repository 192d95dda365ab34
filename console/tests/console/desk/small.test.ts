import { describe, expect, it } from "vitest";

import { clockOf, offerLeft, spanOf, toneOf, waitsSince } from "../../../src/console/desk/ages";
import { filled, matching, OPEN_BLANK, searchOf } from "../../../src/console/desk/canned";
import { MOST_BYTES, MOST_FILES, sizeOf, sorted } from "../../../src/console/desk/files";
import { readDeskCard } from "../../../src/console/desk/messageCard";
import { pathOf, pointsOf, stationsOf } from "../../../src/console/desk/route";
import { at, row } from "../fakes/made";

const minute = (minutes: number): number => Date.parse(at(minutes));

describe("ages", () => {
  it("are told in the biggest unit that fits", () => {
    expect([-5, 59_999, 60_000, 3_600_000, 90_000_000].map(spanOf)).toEqual([
      { unit: "seconds", count: 0 }, { unit: "seconds", count: 59 }, { unit: "minutes", count: 1 },
      { unit: "hours", count: 1 }, { unit: "days", count: 1 },
    ]);
  });

  it("colour a wait by the hour it is due", () => {
    const due = row("a", { queued_at: at(0), due_at: at(20) });
    expect([10, 16, 20].map((minutes) => toneOf(due, minute(minutes)))).toEqual(["calm", "soon", "late"]);
  });

  it("colour it by the usual patience where none is due, and not at all where nobody waits", () => {
    expect(toneOf(row("a"), minute(3))).toBe("late");
    const answered = row("a", { owner: "agent", waiting_since: null });
    expect(waitsSince(answered)).toBeNull();
    expect(toneOf(answered, minute(90))).toBe("calm");
  });

  it("count down what is offered to me, and to nobody else", () => {
    const offer = row("a", { offered_to: "me", offered_until: at(1) });
    expect(offerLeft(offer, "me", minute(0))).toBe(60);
    expect(offerLeft(offer, "li", minute(0))).toBeNull();
    expect(offerLeft(offer, "me", minute(1))).toBeNull();
    expect(offerLeft({ ...offer, owner: "agent" }, "me", minute(0))).toBeNull();
  });

  it("run as clocks", () => {
    expect([0, 65.9, 3_725].map(clockOf)).toEqual(["00:00", "01:05", "1:02:05"]);
  });
});

describe("canned replies", () => {
  const reply = (shortcut: string, title: string, text: string, uses: number) =>
    ({ id: uses, by: "li", scope: "all" as const, shortcut, title, text, uses });
  const replies = [
    reply("cd", "催单", "已为您催促", 3), reply("hello", "问候", "您好", 9), reply("pf", "赔付", "hello 之后赔付", 5),
  ];

  it("are looked for only by a slash and one word", () => {
    expect(["/he", "／你", "/", "a/b", "/a b", ""].map(searchOf)).toEqual(["he", "你", "", null, null, null]);
  });

  it("stand by shortcut first, then title, then text; the most used first", () => {
    expect(matching(replies, "hello").map(({ shortcut }) => shortcut)).toEqual(["hello", "pf"]);
    expect(matching(replies, "赔").map(({ shortcut }) => shortcut)).toEqual(["pf"]);
    expect(matching(replies, "").map(({ uses }) => uses)).toEqual([9, 5, 3]);
  });

  it("fill in what is known and show what is not", () => {
    const done = filled("{customer}您好，运单 {waybill_no}", { customer: "王芳" });
    expect(done.text).toBe(`王芳您好，运单 ${OPEN_BLANK}`);
    expect(done.text.slice(done.open?.start, done.open?.end)).toBe(OPEN_BLANK);
    expect(filled("{agent} {unknown}", { agent: "李静" })).toEqual({ text: "李静 {unknown}", open: null });
  });
});

describe("files", () => {
  const file = (name: string, size: number): File => ({ name, size }) as File;

  it("are refused when empty or too big, and beyond the most", () => {
    const mixed = [file("空", 0), file("大", MOST_BYTES + 1), file("好", MOST_BYTES)];
    expect(sorted(mixed, 0)).toMatchObject({ tooBig: ["空", "大"], tooMany: 0 });
    expect(sorted(mixed, MOST_FILES)).toMatchObject({ taken: [], tooMany: 1 });
  });

  it("have sizes one can read", () => {
    expect([900, 2_048, 3_355_443].map(sizeOf)).toEqual(["900 B", "2 KB", "3.2 MB"]);
  });
});

describe("cards", () => {
  it("are read for files and surveys, and left out when unknown", () => {
    expect(readDeskCard({ type: "file", file_id: "f1", media_type: "image/png", size: 9 })).toMatchObject({
      fileId: "f1", isImage: true, size: 9,
    });
    expect(readDeskCard({ type: "file" })).toBeNull();
    expect(readDeskCard({ type: "survey", title: "评价", score: 4 })).toMatchObject({ score: 4 });
    expect(readDeskCard({ type: "parcel", waybill_no: "SF1" })).toMatchObject({ type: "parcel", waybillNo: "SF1" });
    expect([readDeskCard({ type: "news" }), readDeskCard(null)]).toEqual([null, null]);
  });
});

describe("a parcel's way", () => {
  const scan = (city: string | null, minutes: number) =>
    ({ city, at: at(minutes), status: "moving", status_label: "运输中", text: "" });

  it("has a station for each stay, the first first", () => {
    const stations = stationsOf([scan("武汉", 30), scan(null, 20), scan("广州", 10), scan("广州", 5), scan("广州", 40)]);
    expect(stations.map(({ city, isCurrent }) => [city, isCurrent])).toEqual([
      ["广州", false], ["武汉", false], ["广州", true],
    ]);
    expect(stations[0]).toMatchObject({ from: at(5), to: at(10) });
    expect(stationsOf([])).toEqual([]);
  });

  it("turns round at the end of a row", () => {
    expect(pointsOf(4, 2, 100, 40)).toEqual([{ x: 25, y: 20 }, { x: 75, y: 20 }, { x: 75, y: 60 }, { x: 25, y: 60 }]);
  });

  it("is one road through all stations", () => {
    const path = pathOf(pointsOf(5, 2, 100, 40));
    expect(path.startsWith("M25 20C")).toBe(true);
    expect(path.match(/C/g)).toHaveLength(4);
    expect(path).not.toContain("NaN");
  });
});
