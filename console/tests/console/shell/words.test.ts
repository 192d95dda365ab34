import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import en from "../../../src/console/words/en";
import zh from "../../../src/console/words/zh";

const ROOT = fileURLToPath(new URL("../../../src/console/", import.meta.url));
const ROOMS = ["shell", "account", "desk", "wall"];
const sources = ROOMS.flatMap((room) =>
  readdirSync(`${ROOT}${room}`)
    .filter((name) => /\.(vue|ts)$/.test(name))
    .map((name) => ({ name: `${room}/${name}`, text: readFileSync(`${ROOT}${room}/${name}`, "utf-8") })),
);

/** Every word of a language file, by its path. */
function pathsOf(words: object, before = ""): string[] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string" ? [`${before}${key}`] : pathsOf(value as object, `${before}${key}.`),
  );
}

const known = new Set(pathsOf(zh));
const groups = new Set([...known].map((path) => path.slice(0, path.lastIndexOf("."))));
const said = sources.flatMap(({ text }) =>
  [...text.matchAll(/(?<!=)["'`]((?:shell|account|desk|wall)\.[a-z_.]+)["'`]/g)].map(([, path]) => path ?? ""),
);

describe("the words of the console", () => {
  it("exist, each that is said", () => {
    expect(said.length).toBeGreaterThan(100);
    expect(said.filter((path) => !known.has(path) && !groups.has(path))).toEqual([]);
  });

  it("are the same in both languages, with the same blanks", () => {
    const flat = (words: object): Record<string, string> =>
      Object.fromEntries(
        pathsOf(words).map((path) => [
          path, path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], words) as string,
        ]),
      );
    const [chinese, english] = [flat(zh), flat(en)];
    expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort());
    const blanks = (text = ""): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").sort();
    const unlike = Object.keys(chinese).filter(
      (path) => blanks(chinese[path]).join() !== blanks(english[path]).join(),
    );
    expect(unlike).toEqual([]);
  });

  it("stand in the language files, never in a page", () => {
    const chinese = /[\u4e00-\u9fff]/;
    const written = sources.filter(({ name, text }) => name.endsWith(".vue") && chinese.test(text));
    const allowed = ["shell/TopBar.vue", "account/SignInPage.vue", "desk/DeskPage.vue"];
    expect(written.map(({ name }) => name).filter((name) => !allowed.includes(name)).sort()).toEqual([]);
  });
});
