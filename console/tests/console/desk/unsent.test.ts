import { describe, expect, it } from "vitest";

import {
  failed, MAX_TRIES, nextToSend, retried, triedInVain, type Unsent, withoutEchoes, withoutUnsent, withUnsent,
} from "../../../src/console/desk/unsent";
import { at, message } from "../fakes/made";

function unsent(messageId: string, changes: Partial<Unsent> = {}): Unsent {
  return {
    messageId, text: messageId, at: at(0), afterSeq: 3, quoted: null, file: null, preview: null, cannedId: null, fileId: null, tries: 0,
    failure: null, flying: false, ...changes,
  };
}

const mine = (seq: number, text: string) => message(seq, { author: "agent", said_by: "me", text });
const left = (outbox: Unsent[], ...messages: ReturnType<typeof message>[]): string[] =>
  withoutEchoes(outbox, messages, "me").map(({ messageId }) => messageId);

describe("what is not sent yet", () => {
  it("goes in the order it was written, one at a time", () => {
    const outbox = [unsent("一"), unsent("二")];
    expect(nextToSend(outbox)?.messageId).toBe("一");
    expect(nextToSend([unsent("一", { flying: true }), unsent("二")])).toBeNull();
    expect(nextToSend([])).toBeNull();
  });

  it("passes by what has failed for good", () => {
    expect(nextToSend([failed(unsent("一"), "不行"), unsent("二")])?.messageId).toBe("二");
  });

  it("keeps its place when it changes", () => {
    const outbox = withUnsent([unsent("一"), unsent("二")], unsent("一", { tries: 1 }));
    expect(outbox.map(({ messageId, tries }) => [messageId, tries])).toEqual([["一", 1], ["二", 0]]);
    expect(withoutUnsent(outbox, "一")).toHaveLength(1);
  });

  it("is tried again so often, and no more until somebody asks", () => {
    let tried = unsent("一", { flying: true });
    for (let time = 1; time < MAX_TRIES; time += 1) tried = triedInVain(tried, "没有回应");
    expect(tried).toMatchObject({ failure: null, flying: false });
    tried = triedInVain(tried, "没有回应");
    expect(tried.failure).toBe("没有回应");
    expect(retried(tried)).toMatchObject({ failure: null, tries: 0, messageId: "一" });
  });

  it("is not shown twice when the socket is quicker than the answer", () => {
    expect(left([unsent("你好")], mine(4, "你好"))).toEqual([]);
  });

  it("is shown while only older or others' messages say the same", () => {
    const others = message(5, { author: "agent", said_by: "li", text: "你好" });
    expect(left([unsent("你好")], mine(3, "你好"), others, message(6, { text: "你好" }))).toEqual(["你好"]);
  });

  it("is matched one to one when the same was said twice", () => {
    const twice = [unsent("a", { text: "好的" }), unsent("b", { text: "好的" })];
    expect(left(twice, mine(4, "好的"))).toEqual(["b"]);
    expect(left(twice, mine(4, "好的"), mine(5, "好的"))).toEqual([]);
  });

  it("is told apart by its file", () => {
    const picture = { ...mine(4, "[图片]"), card: { type: "file", file_id: "f1" } };
    expect(left([unsent("a", { text: "", fileId: "f1" })], picture)).toEqual([]);
    expect(left([unsent("a", { text: "", fileId: "f2" })], picture)).toEqual(["a"]);
  });
});
