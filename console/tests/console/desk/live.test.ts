// @vitest-environment happy-dom
import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import * as asking from "../../../src/console/desk/asking";
import { Live } from "../../../src/console/desk/live";
import { useDesk } from "../../../src/console/desk/store";
import type { Desk, Row } from "../../../src/console/desk/types";
import { useBell } from "../../../src/console/shell/bell";
import { useToasts } from "../../../src/console/shell/toasts";
import { FakeLine } from "../fakes/line";
import { at, message, note, page, row, settled } from "../fakes/made";

vi.mock("../../../src/console/desk/asking");
const asked = vi.mocked(asking);

function deskOf(mine: Row[], waiting: Row[] = []): Desk {
  return { username: "me", status: "available", chats: 5, mine, waiting, others: [], queues: [], at: at(0) };
}

const held = (id: string, changes: Partial<Row> = {}): Row => row(id, { owner: "agent", agent: "me", ...changes });

describe("the desk's ear", () => {
  let line: FakeLine;
  let live: Live;
  const rung: string[] = [];

  beforeEach(async () => {
    vi.useFakeTimers();
    localStorage.clear();
    setActivePinia(createPinia());
    rung.length = 0;
    vi.spyOn(useBell(), "tell").mockImplementation(({ tag }) => void rung.push(tag));
    asked.desk.mockResolvedValue(deskOf([held("a")], [row("w")]));
    asked.messages.mockResolvedValue(page([1, 2, 3]));
    line = new FakeLine();
    live = new Live(line, () => undefined);
    live.start();
    await settled();
    line.listener?.connected();
    await settled();
  });

  afterEach(() => {
    live.stop();
    vi.useRealTimers();
    vi.clearAllMocks();
  });

  const seqs = (id: string): number[] => useDesk().timeline(id).messages.map(({ seq }) => seq);

  it("fetches ahead what is mine, and watches it after its last message", () => {
    expect(seqs("a")).toEqual([1, 2, 3]);
    expect(line.watched.at(-1)).toEqual({ id: "a", after: 3 });
    expect(line.watched.some(({ id }) => id === "w")).toBe(false);
  });

  it("renews what one says of oneself, again and again", () => {
    live.be("busy");
    const before = line.said.length;
    vi.advanceTimersByTime(60_000);
    expect(line.said.slice(before)).toEqual(["busy", "busy", "busy"]);
  });

  it("takes up the status of the last visit where the house knows none", async () => {
    live.be("away");
    asked.desk.mockResolvedValue({ ...deskOf([]), status: "offline" });
    useDesk().status = "offline";
    await live.reload();
    expect(useDesk().status).toBe("away");
  });

  it("hears a message once, and counts it", () => {
    line.listener?.message("a", message(4));
    line.listener?.message("a", message(4));
    expect(seqs("a")).toEqual([1, 2, 3, 4]);
    expect(useDesk().rows.a).toMatchObject({ last_seq: 4, unread: 1 });
    expect(useDesk().unread).toBe(1);
  });

  it("asks for a message that does not come by itself", async () => {
    line.listener?.message("a", message(6));
    asked.messages.mockResolvedValue(page([4, 5, 6]));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked.messages).toHaveBeenLastCalledWith("a", { after: 3 });
    expect(seqs("a")).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("asks for nothing when it was only a moment late", async () => {
    const before = asked.messages.mock.calls.length;
    line.listener?.message("a", message(5));
    line.listener?.message("a", message(4));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked.messages.mock.calls).toHaveLength(before);
  });

  it("marks what came while the line was down", async () => {
    line.listener?.disconnected();
    expect(useDesk().link).toBe("offline");
    line.news.a = { messages: [message(4)], notes: [note(1, 4)] };
    line.listener?.connected();
    await settled();
    expect(line.watched.at(-1)).toEqual({ id: "a", after: 3 });
    expect(useDesk().timeline("a")).toMatchObject({ missedAfter: 3 });
    expect(useDesk().timeline("a").notes).toHaveLength(1);
  });

  it("lets go what the server no longer lists after a break", async () => {
    line.listener?.disconnected();
    asked.desk.mockResolvedValue(deskOf([]));
    line.listener?.connected();
    await settled();
    expect(useDesk().lists).toEqual({ mine: [], waiting: [], others: [] });
  });

  it("follows what has become mine, and stops following what is not", async () => {
    line.listener?.row(held("w", { owner_epoch: 2 }));
    await settled();
    expect(line.watched.at(-1)?.id).toBe("w");
    live.unfollow("w");
    expect(line.unwatched).toEqual([]);
    line.listener?.row(row("w", { owner_epoch: 3, owner: "agent", agent: "li" }));
    live.unfollow("w");
    expect(line.unwatched).toEqual(["w"]);
  });

  it("says who took over what was mine, but not what I let go of myself", () => {
    line.listener?.row(held("a", { owner_epoch: 2, agent: "lead", agent_name: "陈主管" }));
    expect(useToasts().list[0]?.text).toContain("陈主管");
    useDesk().changeRow("a", { agent: "li", owner_epoch: 3 });
    line.listener?.row(held("a", { owner_epoch: 3, agent: "li" }));
    expect(useToasts().list).toHaveLength(1);
  });

  it("rings for who begins to wait, once", () => {
    line.listener?.row(row("new"));
    line.listener?.row(row("new", { last_seq: 2 }));
    expect(rung).toEqual(["new"]);
  });

  it("rings for nobody who waits while one is not available", () => {
    live.be("busy");
    line.listener?.row(row("new"));
    expect(rung).toEqual([]);
  });

  it("rings for a message of mine that is not before my eyes", () => {
    line.listener?.message("a", message(4));
    useDesk().current = "a";
    line.listener?.message("a", message(5));
    line.listener?.message("w", message(2));
    expect(rung).toEqual(["a"]);
  });

  it("shows an offer until when it stands", () => {
    line.listener?.offered("w", at(1));
    expect(useDesk().rows.w).toMatchObject({ offered_to: "me", offered_until: at(1) });
    expect(rung).toEqual(["w"]);
  });

  it("says what an alert says", () => {
    line.listener?.alert({ kind: "whisper", conversation_id: "a", text: "注意语气" });
    expect(useToasts().list[0]?.text).toBe("注意语气");
  });

  it("stops showing that somebody types when they have said it, or too much time has gone by", () => {
    const typing = { conversation_id: "a", who: "customer", name: "", on: true } as const;
    line.listener?.typing(typing);
    expect(useDesk().typing.a).toBe("客户a");
    line.listener?.message("a", message(4));
    expect(useDesk().typing.a).toBeUndefined();
    line.listener?.typing(typing);
    vi.advanceTimersByTime(6_500);
    expect(useDesk().typing.a).toBeUndefined();
  });

  it("tells the server once how far I have read", () => {
    line.listener?.message("a", message(4));
    live.seen("a");
    live.seen("a");
    expect(line.seenTo).toEqual({ a: 4 });
    expect(useDesk().rows.a?.unread).toBe(0);
  });

  it("moves read marks forward only", () => {
    line.listener?.customerSeen("a", 3);
    line.listener?.customerSeen("a", 2);
    expect(useDesk().rows.a?.customer_seen_seq).toBe(3);
  });

  it("keeps the conversation that is open though it is no longer mine to see", () => {
    useDesk().current = "a";
    line.listener?.gone("a");
    line.listener?.gone("w");
    expect(Object.keys(useDesk().rows)).toEqual(["a"]);
  });

  it("reads further up until there is nothing more", async () => {
    asked.messages.mockResolvedValue(page([1, 2], null));
    const before = asked.messages.mock.calls.length;
    await live.older("a");
    expect(asked.messages.mock.calls).toHaveLength(before);
    expect(useDesk().timeline("a").before).toBeNull();
  });

  it("watches the wall again when the line is back", async () => {
    live.watchWall(true);
    line.listener?.disconnected();
    line.listener?.connected();
    await settled();
    expect(line.walls).toEqual([true, true]);
  });
});
