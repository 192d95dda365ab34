import { describe, expect, it } from "vitest";

import words from "@/console/words/zh-tickets";
import { type Change, linesOf } from "@/console/tickets/timeline";

const LABELS = new Map([["accept", "受理"], ["quote", "新路线与费用"]]);
const change = (what: string, facts: object = {}, by = "anna"): Change => ({ at: "2026-11-22T01:00:00Z", by, what, facts: facts as Change["facts"], answers: [] });
const only = (what: string, facts: object = {}): ReturnType<typeof linesOf>[number] | undefined => linesOf([change(what, facts)], LABELS)[0];

describe("the history of a ticket", () => {
  it("is told from the newest to the oldest", () => {
    expect(linesOf([change("opened"), change("assigned")], LABELS).map((line) => line.word)).toEqual(["assigned", "opened"]);
  });

  it("calls steps by their labels, and by their names for want of any", () => {
    expect(only("step_sent_back", { step: "quote", to: "accept" })?.facts).toMatchObject({ step: "新路线与费用", to: "受理" });
    expect(only("step_completed", { step: "gone" })?.facts.step).toBe("gone");
  });

  it("repeats what was said, each thing once", () => {
    expect(only("joined", { description: "箱子破了", words: ["箱子破了", "还在漏"] })?.said).toEqual(["箱子破了", "还在漏"]);
    expect(only("note", { text: "已联系网点" })?.said).toEqual(["已联系网点"]);
    expect(only("step_completed", { note: "" })?.said).toEqual([]);
  });

  it("lists what was filled in, in the words of the form", () => {
    const filled = { ...change("step_completed", { data: { amount: 80 } }), answers: [{ label: "赔付金额", value: "80" }] };
    expect(linesOf([filled], LABELS)[0]?.answers).toEqual([["赔付金额", "80"]]);
    expect(only("step_completed", { data: null })?.answers).toEqual([]);
  });

  it("has a word for what it does not know", () => {
    expect(only("invented")).toMatchObject({ word: "other", facts: { what: "invented" } });
  });

  it("marks what went wrong", () => {
    expect([only("timer_fired")?.tone, only("step_completed")?.tone, only("opened")?.tone]).toEqual(["bad", "good", "plain"]);
  });

  it.each(Object.keys(words.changes))("has every fact the words of %s ask for", (what) => {
    const asked = [...words.changes[what as keyof typeof words.changes].matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
    const facts = only(what)?.facts ?? {};
    expect(asked.filter((name) => name === undefined || !(name in facts))).toEqual([]);
  });
});
