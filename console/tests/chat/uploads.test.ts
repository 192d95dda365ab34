import { describe, expect, it, vi } from "vitest";

import { outcomeOf } from "../../src/chat/sending";
import { faultOf, LARGEST_BYTES, MOST_FILES, type Outcome, type Sending, Uploads } from "../../src/chat/uploads";
import { settled } from "./fakes";

interface Going {
  readonly name: string;
  readonly progress: (share: number) => void;
  readonly end: (outcome: Outcome) => void;
  cancelled: boolean;
}

function photo(name = "a.jpg", type = "image/jpeg", size = 3): File {
  return { name, type, size } as File;
}

function setUp(): { uploads: Uploads; going: Going[]; kept: ReturnType<typeof vi.fn>; forgotten: string[] } {
  const going: Going[] = [];
  const forgotten: string[] = [];
  const kept = vi.fn();
  const send = (file: File, progress: (share: number) => void): Sending => {
    let end: (outcome: Outcome) => void = () => undefined;
    const done = new Promise<Outcome>((settle) => (end = settle));
    const one: Going = { name: file.name, progress, end, cancelled: false };
    going.push(one);
    return { done, cancel: () => void (one.cancelled = true) };
  };
  const pictures = { show: (file: File) => `blob:${file.name}`, forget: (url: string) => void forgotten.push(url) };
  return { uploads: new Uploads(send, kept, pictures), going, kept, forgotten };
}

const states = (uploads: Uploads): string[] => uploads.state.list.map(({ state }) => state);

describe("files on their way", () => {
  it("go two at a time, in the order they were chosen", async () => {
    const { uploads, going, kept } = setUp();
    uploads.add([photo("1.jpg"), photo("2.jpg"), photo("3.jpg")]);
    expect(states(uploads)).toEqual(["sending", "sending", "waiting"]);
    going[0]?.end({ outcome: "kept" });
    await settled();
    expect(going.map(({ name }) => name)).toEqual(["1.jpg", "2.jpg", "3.jpg"]);
    expect(uploads.state.list.map(({ name }) => name)).toEqual(["2.jpg", "3.jpg"]);
    expect(kept).toHaveBeenCalledOnce();
  });

  it("show how far they are, and what they look like until they are there", async () => {
    const { uploads, going, forgotten } = setUp();
    uploads.add([photo()]);
    going[0]?.progress(0.4);
    expect(uploads.state.list[0]).toMatchObject({ progress: 0.4, preview: "blob:a.jpg" });
    going[0]?.end({ outcome: "kept" });
    await settled();
    expect(forgotten).toEqual(["blob:a.jpg"]);
  });

  it("are cancelled on the way, and the next one goes", async () => {
    const { uploads, going, kept } = setUp();
    uploads.add([photo("1.jpg"), photo("2.jpg"), photo("3.jpg")]);
    uploads.cancel(uploads.state.list[0]?.id ?? "");
    expect(going[0]?.cancelled).toBe(true);
    expect(states(uploads)).toEqual(["sending", "sending"]);
    going[0]?.end({ outcome: "broken" });
    await settled();
    expect(uploads.state.list.map(({ failure }) => failure)).toEqual([null, null]);
    expect(kept).not.toHaveBeenCalled();
  });

  it("are sent anew after the line broke", async () => {
    const { uploads, going } = setUp();
    uploads.add([photo()]);
    going[0]?.end({ outcome: "broken" });
    await settled();
    expect(uploads.state.list[0]).toMatchObject({ state: "failed", mayRetry: true, failure: "网络不稳定，没有发出去" });
    uploads.retry(uploads.state.list[0]?.id ?? "");
    expect(going).toHaveLength(2);
    expect(states(uploads)).toEqual(["sending"]);
  });

  it("tell why the server refused them, and are not offered again for nothing", async () => {
    const { uploads, going } = setUp();
    uploads.add([photo()]);
    going[0]?.end({ outcome: "refused", detail: "这张照片打不开", mayRetry: false });
    await settled();
    expect(uploads.state.list[0]).toMatchObject({ failure: "这张照片打不开", mayRetry: false });
  });

  it("are ten at once and no more", () => {
    const { uploads } = setUp();
    uploads.add(Array.from({ length: MOST_FILES + 2 }, (_, number) => photo(`${number}.jpg`)));
    expect(uploads.state.list).toHaveLength(MOST_FILES);
    expect(uploads.state.notice).toContain("10");
  });

  it("stay where they are when they are too large, without holding up the others", () => {
    const { uploads, going } = setUp();
    uploads.add([photo("big.mp4", "video/mp4", LARGEST_BYTES + 1), photo("ok.jpg")]);
    expect(uploads.state.list[0]).toMatchObject({ state: "failed", mayRetry: false, preview: null });
    expect(going.map(({ name }) => name)).toEqual(["ok.jpg"]);
  });

  it("all end when the visit does", () => {
    const { uploads, going } = setUp();
    uploads.add([photo("1.jpg"), photo("2.jpg")]);
    uploads.close();
    expect(uploads.state.list).toEqual([]);
    expect(going.every(({ cancelled }) => cancelled)).toBe(true);
  });
});

describe("a file that may be sent", () => {
  it.each([
    ["image/jpeg", 3, null],
    ["", 3, null],
    ["application/pdf", LARGEST_BYTES, null],
    ["image/svg+xml", 3, "只能发照片"],
    ["image/heic", 3, "只能发照片"],
    ["image/jpeg", 0, "文件是空的"],
    ["image/jpeg", LARGEST_BYTES + 1, "文件最大 20 MB"],
  ])("of type %s and %i bytes: %s", (type, size, fault) => {
    const found = faultOf({ name: "a", type, size });
    if (fault === null) expect(found).toBeNull();
    else expect(found).toContain(fault);
  });
});

describe("what the server answers to a file", () => {
  it("is read by status and reason", () => {
    expect(outcomeOf(201, "{}")).toEqual({ outcome: "kept" });
    const refused = outcomeOf(413, '{"error": "file_too_large", "detail": "照片最大 20 MB"}');
    expect(refused).toEqual({ outcome: "refused", detail: "照片最大 20 MB", mayRetry: false });
  });

  it.each([500, 503, 401, 429])("may be another one later after %i", (status) => {
    expect(outcomeOf(status, "<html>")).toMatchObject({ outcome: "refused", mayRetry: true });
  });
});
