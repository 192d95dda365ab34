import { describe, expect, it } from "vitest";

import {
  afterReload, isStale, listsOf, neighbour, type Rows, withChange, withForced, withLastMessage, withoutRow, withRow,
} from "../../../src/console/desk/rows";
import { at, row } from "../fakes/made";

const rowsOf = (...all: ReturnType<typeof row>[]): Rows => Object.fromEntries(all.map((each) => [each.id, each]));
const ids = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);

describe("merging rows", () => {
  it("takes in a row that is not known", () => {
    expect(withRow({}, row("a"))).toMatchObject({ a: { id: "a" } });
  });

  it("keeps the row of the later owner, whichever comes last", () => {
    const newer = row("a", { owner_epoch: 3, owner: "agent", agent: "li" });
    const older = row("a", { owner_epoch: 2, last_seq: 9 });
    expect(withRow(rowsOf(newer), older).a).toEqual(newer);
    expect(withRow(rowsOf(older), newer).a).toMatchObject({ owner: "agent", last_seq: 1 });
  });

  it("keeps the row with the later message under one owner", () => {
    const newer = row("a", { last_seq: 5, unread: 2 });
    expect(withRow(rowsOf(newer), row("a", { last_seq: 4 })).a?.unread).toBe(2);
  });

  it("takes the one that came last where neither is newer", () => {
    expect(withRow(rowsOf(row("a", { unread: 2 })), row("a", { unread: 0 })).a?.unread).toBe(0);
  });

  it("never unreads what the customer has read", () => {
    const known = rowsOf(row("a", { customer_seen_seq: 7 }));
    expect(withRow(known, row("a", { customer_seen_seq: 5, last_seq: 8 })).a?.customer_seen_seq).toBe(7);
  });

  it("leaves what it was given untouched, and the same where nothing is new", () => {
    const known = rowsOf(row("a", { owner_epoch: 2 }));
    expect(withRow(known, row("a"))).toBe(known);
    expect(isStale(undefined, row("a"))).toBe(false);
  });

  it("changes a row by hand, but invents none", () => {
    expect(withChange(rowsOf(row("a")), "a", { unread: 4 }).a?.unread).toBe(4);
    expect(withChange({}, "a", { unread: 4 })).toEqual({});
  });

  it("puts a row back by force, and lets one go", () => {
    const known = rowsOf(row("a", { owner_epoch: 9 }), row("b"));
    expect(withForced(known, row("a")).a?.owner_epoch).toBe(1);
    expect(Object.keys(withoutRow(known, "a"))).toEqual(["b"]);
  });

  it("lists after a reload what the server lists, and what is open", () => {
    const known = rowsOf(row("gone"), row("open"), row("a", { last_seq: 8 }));
    const next = afterReload(known, [row("a", { last_seq: 3 }), row("new")], ["open", "never"]);
    expect(Object.keys(next).sort()).toEqual(["a", "new", "open"]);
    expect(next.a?.last_seq).toBe(8);
  });
});

describe("a message that came before its row", () => {
  const last = { seq: 2, author: "customer", text: "人呢", at: at(5) };

  it("counts as unread and starts the wait", () => {
    const known = rowsOf(row("a", { owner: "agent", waiting_since: null }));
    expect(withLastMessage(known, "a", last).a).toMatchObject({
      last_seq: 2, unread: 1, waiting_since: at(5), last_message: { text: "人呢" },
    });
  });

  it("does not shorten a wait that has begun", () => {
    expect(withLastMessage(rowsOf(row("a")), "a", last).a?.waiting_since).toBe(at(0));
  });

  it("ends the wait when an agent has answered, not when the bot has", () => {
    const known = rowsOf(row("a", { unread: 3 }));
    expect(withLastMessage(known, "a", { ...last, author: "agent" }).a).toMatchObject({ waiting_since: null, unread: 3 });
    expect(withLastMessage(known, "a", { ...last, author: "bot" }).a?.waiting_since).toBe(at(0));
  });

  it("changes nothing when it is known, or nobody's", () => {
    const known = rowsOf(row("a", { last_seq: 2 }));
    expect(withLastMessage(known, "a", last)).toBe(known);
    expect(withLastMessage(known, "b", last)).toBe(known);
  });
});

describe("the three lists", () => {
  const mine = (id: string, changes = {}) => row(id, { owner: "agent", agent: "me", ...changes });

  it("sort by whose a conversation is", () => {
    const lists = listsOf(
      rowsOf(mine("m"), row("w"), row("o", { owner: "agent", agent: "li" }), row("c", { owner: "closed" })), "me",
    );
    expect([ids(lists.mine), ids(lists.waiting), ids(lists.others)]).toEqual([["m"], ["w"], ["o"]]);
  });

  it("put an offer to me first, then the urgent, then the longest wait", () => {
    const lists = listsOf(
      rowsOf(
        row("late", { queued_at: at(5) }),
        row("early", { queued_at: at(1) }),
        row("urgent", { queued_at: at(9), priority: "high" }),
        row("offered", { queued_at: at(10), offered_to: "me" }),
      ), "me",
    );
    expect(ids(lists.waiting)).toEqual(["offered", "urgent", "early", "late"]);
  });

  it("put whoever waits for me above who does not, the longest wait first", () => {
    const lists = listsOf(
      rowsOf(
        mine("answered", { waiting_since: null }),
        mine("short", { waiting_since: at(8) }),
        mine("long", { waiting_since: at(2) }),
      ), "me",
    );
    expect(ids(lists.mine)).toEqual(["long", "short", "answered"]);
  });

  it("put the newest word first where nobody waits", () => {
    const quiet = (id: string, minute: number) =>
      mine(id, { waiting_since: null, last_message: { seq: 1, author: "agent", text: "", at: at(minute) } });
    expect(ids(listsOf(rowsOf(quiet("old", 1), quiet("new", 9)), "me").mine)).toEqual(["new", "old"]);
  });

  it("find by customer, words, colleague and reason", () => {
    const known = rowsOf(
      mine("a", { customer: { id: null, name: "王芳", is_verified: true, vip: false } }),
      row("b", { reason_text: "客户生气" }),
      row("c", { owner: "agent", agent: "li", agent_name: "李静", reason_text: null }),
    );
    const found = (words: string): number => {
      const { mine: own, waiting, others } = listsOf(known, "me", words);
      return own.length + waiting.length + others.length;
    };
    expect([found(" 王芳 "), found("生气"), found("李静"), found("在吗"), found("不存在")]).toEqual([1, 1, 1, 3, 0]);
  });

  it("lead from one conversation to the next, round the ends", () => {
    const lists = listsOf(rowsOf(mine("m"), row("w")), "me");
    expect(neighbour(lists, "m", 1)).toBe("w");
    expect(neighbour(lists, "w", 1)).toBe("m");
    expect(neighbour(lists, "m", -1)).toBe("w");
    expect(neighbour(lists, null, 1)).toBe("m");
    expect(neighbour(lists, null, -1)).toBe("w");
    expect(neighbour(listsOf({}, "me"), null, 1)).toBeNull();
  });
});
