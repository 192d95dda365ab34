import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import en from "@/console/words/en";
import zh from "@/console/words/zh";

type Tree = { readonly [name: string]: string | Tree };

function leaves(tree: Tree, path = ""): [string, string][] {
  return Object.entries(tree).flatMap(([name, value]) => (typeof value === "string" ? [[`${path}${name}`, value] as [string, string]] : leaves(value, `${path}${name}.`)));
}

const OFFICE = ["forms", "messages", "office", "people", "processes", "rules", "tickets"] as const;
const blanks = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();

describe.each(OFFICE)("the words of %s", (room) => {
  const english = new Map(leaves(en[room] as Tree));

  it("are the same in both languages, with the same blanks", () => {
    const differing = leaves(zh[room] as Tree).filter(([name, text]) => blanks(text).join() !== blanks(english.get(name) ?? "?").join());
    expect(differing.map(([name]) => name)).toEqual([]);
  });

  it("have nothing in them that vue-i18n takes for its own", () => {
    const own = [...leaves(zh[room] as Tree), ...english].filter(([, text]) => /[@|]/.test(text));
    expect(own.map(([name]) => name)).toEqual([]);
  });
});

describe("what the bot understands", () => {
  const domain = readFileSync(new URL("../../../bot/domain/understanding.yml", import.meta.url), "utf-8");
  const listed = /^intents:\n((?: {2}- .+\n)+)/m.exec(domain)?.[1] ?? "";
  const intents = [...listed.matchAll(/- (\w+)/g)].map((match) => match[1] ?? "");

  it("has a word for every intent, in both languages", () => {
    expect(intents.length).toBeGreaterThan(40);
    expect(Object.keys(zh.desk.intents).sort()).toEqual([...intents].sort());
    expect(Object.keys(en.desk.intents).sort()).toEqual([...intents].sort());
  });
});
