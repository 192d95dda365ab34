import { describe, expect, it } from "vitest";

import { type BulkRun, runBulk, unfinished } from "@/console/tickets/bulk";

const failing = (bad: readonly string[]) => (key: string): Promise<void> => (bad.includes(key) ? Promise.reject(new Error(`not ${key}`)) : Promise.resolve());
const words = (error: unknown): string => (error as Error).message;

describe("many at once", () => {
  it("are all done, and told one by one", async () => {
    const shown: BulkRun[] = [];
    const run = await runBulk(["a", "b", "c"], failing([]), { show: (so) => shown.push(so) });
    expect([run.done, run.failed, run.total]).toEqual([3, 0, 3]);
    expect(shown.map((so) => so.done)).toEqual([1, 2, 3]);
  });

  it("go on when one fails, and say why", async () => {
    const run = await runBulk(["a", "b", "c"], failing(["b"]), { words });
    expect(run.results).toEqual([
      { key: "a", state: "done", words: "" },
      { key: "b", state: "failed", words: "not b" },
      { key: "c", state: "done", words: "" },
    ]);
    expect(unfinished(run)).toEqual(["b"]);
  });

  it("are done once each", async () => {
    const done: string[] = [];
    await runBulk(["a", "a", "b"], (key) => { done.push(key); return Promise.resolve(); });
    expect(done).toEqual(["a", "b"]);
  });

  it("are never more at a time than allowed", async () => {
    let now = 0;
    let most = 0;
    const deed = async (): Promise<void> => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      await Promise.resolve();
      now -= 1;
    };
    await runBulk(["a", "b", "c", "d", "e", "f"], deed, { atOnce: 2 });
    expect(most).toBe(2);
  });

  it("stop when told to, and leave the rest for another time", async () => {
    const stop = new AbortController();
    const run = await runBulk(["a", "b", "c"], (key) => { if (key === "a") stop.abort(); return Promise.resolve(); }, { atOnce: 1, signal: stop.signal });
    expect(run.results.map((each) => each.state)).toEqual(["done", "waiting", "waiting"]);
    expect(unfinished(run)).toEqual(["b", "c"]);
  });

  it("of nothing are done at once", async () => {
    expect(await runBulk([], failing([]))).toEqual({ results: [], done: 0, failed: 0, total: 0 });
  });
});
