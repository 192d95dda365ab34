// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";

import { openTable, type TableEditor } from "@/console/rules/tableEditor";

import { shippedTables } from "../shipped";

const TABLES = shippedTables();

function editor(): TableEditor {
  const place = document.createElement("div");
  document.body.append(place);
  return openTable(place, () => undefined);
}

const entries = (xml: string): string[] => [...xml.matchAll(/<text>([^<]*)<\/text>/g)].map((match) => match[1] ?? "");

describe("every table of the house", () => {
  it("is there to be opened", () => {
    expect(TABLES.length).toBeGreaterThan(5);
  });

  it.each(TABLES.map((each) => [each.name, each.text] as const))("%s opens without a remark, and says the same when it is saved", async (_, xml) => {
    const table = editor();
    expect(await table.open(xml)).toEqual([]);
    const saved = await table.xml();
    expect(entries(saved)).toEqual(entries(xml));
    expect(await table.open(saved)).toEqual([]);
    table.close();
  });

  it("that is none is refused", async () => {
    const table = editor();
    await expect(table.open("<nothing/>")).rejects.toThrow();
    table.close();
  });
});
