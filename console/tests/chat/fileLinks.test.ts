import { describe, expect, it } from "vitest";

import { FileLinks } from "../../src/chat/fileLinks";
import { sizeLabel } from "../../src/chat/size";

const UNTIL = "2026-11-22T07:00:00Z";

function links(answer: () => unknown, now: () => number = () => Date.parse("2026-11-22T06:00:00Z")): {
  links: FileLinks;
  asked: [string, unknown][];
} {
  const asked: [string, unknown][] = [];
  const ask = ((url: string, options: { headers: unknown }) => {
    asked.push([url, options.headers]);
    const said = answer();
    if (said instanceof Error) return Promise.reject(said);
    return Promise.resolve({ ok: said !== null, json: () => Promise.resolve(said) });
  }) as unknown as typeof fetch;
  return { links: new FileLinks(() => "secret", ask, now), asked };
}

const good = { url: "/api/chat/files/f1/content?t=x", until: UNTIL };

describe("links to files", () => {
  it("are asked for once with the conversation's secret, and kept", async () => {
    const made = links(() => good);
    expect(await made.links.of("f1")).toBe(good.url);
    expect(await made.links.of("f1")).toBe(good.url);
    expect(made.asked).toEqual([["/api/chat/files/f1/link", { Authorization: "Bearer secret" }]]);
  });

  it("are asked for anew when they are about to end or did not work", async () => {
    let now = Date.parse("2026-11-22T06:00:00Z");
    const made = links(() => good, () => now);
    await made.links.of("f1");
    now = Date.parse(UNTIL) - 1_000;
    await made.links.of("f1");
    made.links.forget("f1");
    await made.links.of("f1");
    expect(made.asked).toHaveLength(3);
  });

  it.each([null, new Error("offline"), {}, { url: "https://evil.example.com/x", until: UNTIL }, { url: good.url }])(
    "are none when the answer is %s",
    async (answer) => {
      expect(await links(() => answer).links.of("f1")).toBeNull();
    },
  );
});

describe("the size of a file", () => {
  it.each([[812, "812 B"], [34_816, "34 KB"], [2_516_582, "2.4 MB"]])("%i is %s", (bytes, label) => {
    expect(sizeLabel(bytes)).toBe(label);
  });
});
