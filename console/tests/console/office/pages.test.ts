import { describe, expect, it } from "vitest";

import { ApiProblem } from "@/api/client";
import { useLoaded, wordsOf } from "@/console/office/loaded";
import { has } from "@/console/office/may";
import { allOf } from "@/console/office/pages";

describe("a list in pages", () => {
  it("is asked for to its end, each page once", async () => {
    const pages = new Map<string | null, { items: number[]; next: string | null }>([
      [null, { items: [1, 2], next: "b" }],
      ["b", { items: [3], next: "c" }],
      ["c", { items: [], next: null }],
    ]);
    const asked: (string | null)[] = [];
    const all = await allOf((cursor) => {
      asked.push(cursor);
      return Promise.resolve(pages.get(cursor) ?? { items: [], next: null });
    });
    expect(all).toEqual([1, 2, 3]);
    expect(asked).toEqual([null, "b", "c"]);
  });

  it("that never ends is left after a while", async () => {
    const all = await allOf(() => Promise.resolve({ items: [1], next: "again" }));
    expect(all.length).toBe(40);
  });
});

describe("something asked of the house", () => {
  it("is there once it is answered", async () => {
    const loaded = useLoaded(() => Promise.resolve("yes"));
    const asking = loaded.reload();
    expect(loaded.isLoading.value).toBe(true);
    await asking;
    expect([loaded.data.value, loaded.problem.value, loaded.isLoading.value]).toEqual(["yes", "", false]);
  });

  it("tells the house's own words when it is refused, and keeps what it had", async () => {
    let isRefused = false;
    const loaded = useLoaded(() => (isRefused ? Promise.reject(new ApiProblem(403, "not_allowed", "没有权限")) : Promise.resolve(1)));
    await loaded.reload();
    isRefused = true;
    await loaded.reload();
    expect([loaded.data.value, loaded.problem.value]).toEqual([1, "没有权限"]);
  });

  it("drops an answer that a later question has overtaken", async () => {
    const answers: ((value: string) => void)[] = [];
    const loaded = useLoaded(() => new Promise<string>((resolve) => answers.push(resolve)));
    const [first, second] = [loaded.reload(), loaded.reload()];
    answers[1]?.("new");
    await second;
    answers[0]?.("old");
    await first;
    expect(loaded.data.value).toBe("new");
  });

  it("tells an error of our own as it is", () => {
    expect(wordsOf(new Error("no table"))).toBe("no table");
    expect(wordsOf("odd")).toBe("odd");
  });
});

describe("a permission", () => {
  it("goes by what the house lists", () => {
    expect(has({ role: "agent", permissions: ["lead"] }, "lead")).toBe(true);
    expect(has({ role: "manager", permissions: ["own"] }, "manage")).toBe(false);
  });

  it("goes by the role where nothing is listed", () => {
    expect(has({ role: "lead" }, "lead")).toBe(true);
    expect(has({ role: "lead", permissions: [] }, "manage")).toBe(false);
    expect(has({ role: "stranger" }, "tickets")).toBe(false);
  });

  it("is nobody's when nobody is signed in", () => {
    expect(has(null, "own")).toBe(false);
  });
});
