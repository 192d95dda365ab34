import { afterEach, describe, expect, it, vi } from "vitest";

import { blanksOf, sample, unknownBlanks } from "@/console/messages/blanks";
import { type HandoffWord, withWord } from "@/console/messages/handoffWords";
import { counted, mayReplay, STATES, toneOf } from "@/console/messages/states";
import { save } from "@/console/office/saving";

describe("the blanks of a template", () => {
  it("are found once each", () => {
    expect(blanksOf("工单{ticket_no}：{title}（{ticket_no}）")).toEqual(["ticket_no", "title"]);
  });

  it("that nothing fills in are told, and stray braces too", () => {
    expect(unknownBlanks("工单{ticket_no}{name}", ["ticket_no"])).toEqual(["name"]);
    expect(unknownBlanks("工单{ticket_no", ["ticket_no"])).toEqual(["{"]);
    expect(unknownBlanks("工单{ticket_no}", ["ticket_no"])).toEqual([]);
  });

  it("are filled in for a look, or shown as they are called", () => {
    expect(sample("工单{ticket_no}：{title}", { ticket_no: "T1" })).toBe("工单T1：［title］");
  });
});

describe("deliveries", () => {
  it("are counted by state, those to look after first, with nothing for none", () => {
    const shown = counted({ sent: 5, dead: 2 });
    expect(shown.map((each) => each.state)).toEqual([...STATES]);
    expect([shown[0], shown.find((each) => each.state === "held")]).toEqual([{ state: "dead", count: 2 }, { state: "held", count: 0 }]);
  });

  it("are sent again only when they were not delivered", () => {
    expect(STATES.filter(mayReplay)).toEqual(["dead", "failed"]);
  });

  it("look as they fared", () => {
    expect([toneOf("dead"), toneOf("delivered"), toneOf("unheard of")]).toEqual(["bad", "good", ""]);
  });
});

describe("words for a person", () => {
  const words: HandoffWord[] = [{ text: "转人工", match: "contains" }];

  it("are added with how they are to be found", () => {
    expect(withWord(words, { text: " 人工 ", match: "whole" })).toEqual({ words: [...words, { text: "人工", match: "whole" }], problem: "" });
  });

  it.each([
    ["  ", "empty"],
    ["长".repeat(21), "long"],
    ["转 人工", "twice"],
    ["转人工", "twice"],
  ])("%j are not added: %s", (text, problem) => {
    expect(withWord(words, { text, match: "contains" })).toEqual({ words, problem });
  });
});

describe("a file to keep", () => {
  afterEach(() => { vi.unstubAllGlobals(); });

  it("is named, and its address given back", () => {
    const link = { href: "", download: "", click: vi.fn() };
    const revoked: string[] = [];
    vi.stubGlobal("document", { createElement: () => link });
    vi.stubGlobal("URL", { createObjectURL: () => "blob:1", revokeObjectURL: (address: string) => revoked.push(address) });
    save("<xml/>", "damage.bpmn", "application/xml");
    expect([link.download, link.click.mock.calls.length, revoked]).toEqual(["damage.bpmn", 1, ["blob:1"]]);
  });
});
