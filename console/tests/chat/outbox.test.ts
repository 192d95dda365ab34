import { describe, expect, it } from "vitest";

import {
  forgetUnsent, keepUnsent, loadOutbox, MAX_TRIES, nextToSend, refused, retried, triedInVain, type Unsent, withoutUnsent,
  withUnsent,
} from "../../src/chat/outbox";
import { memoryKeep } from "../../src/chat/storage";

const NOW = new Date("2026-11-22T06:00:00Z");

function unsent(messageId: string, minutesAgo: number): Unsent {
  const writtenAt = new Date(NOW.getTime() - minutesAgo * 60_000).toISOString();
  return { messageId, text: `写于 ${minutesAgo} 分钟前`, writtenAt, tries: 0, failure: null };
}

describe("the outbox", () => {
  it("sends the oldest message first", () => {
    const outbox = withUnsent(withUnsent([], unsent("later", 1)), unsent("earlier", 2));
    expect(nextToSend(outbox)?.messageId).toBe("earlier");
  });

  it("passes over a failed message, which waits for the customer", () => {
    const outbox = withUnsent(withUnsent([], refused(unsent("failed", 2), "太快了")), unsent("waiting", 1));
    expect(nextToSend(outbox)?.messageId).toBe("waiting");
  });

  it("gives up after the last try and starts anew when the customer asks", () => {
    let message = unsent("m", 1);
    for (let tried = 1; tried < MAX_TRIES; tried += 1) {
      message = triedInVain(message, "没有回应");
      expect(message.failure).toBeNull();
    }
    message = triedInVain(message, "没有回应");
    expect(message.failure).toBe("没有回应");
    expect(retried(message)).toMatchObject({ messageId: "m", tries: 0, failure: null });
  });

  it("survives a reload in the order of writing", () => {
    const keep = memoryKeep();
    for (const message of [unsent("b", 1), unsent("a", 2)]) keepUnsent(keep, message);
    expect(loadOutbox(keep, NOW, "旧消息").map(({ messageId }) => messageId)).toEqual(["a", "b"]);
  });

  it("forgets what was acknowledged", () => {
    const keep = memoryKeep();
    keepUnsent(keep, unsent("a", 1));
    forgetUnsent(keep, "a");
    expect(loadOutbox(keep, NOW, "旧消息")).toEqual([]);
    expect(withoutUnsent([unsent("a", 1)], "a")).toEqual([]);
  });

  it("does not send a message of the day before yesterday without asking", () => {
    const keep = memoryKeep();
    keepUnsent(keep, unsent("old", 48 * 60));
    expect(loadOutbox(keep, NOW, "旧消息")[0]?.failure).toBe("旧消息");
  });

  it("passes over what it cannot read", () => {
    const keep = memoryKeep();
    keep.set("yiwen.chat.outbox.x", "{not json");
    keep.set("yiwen.chat.outbox.y", '{"messageId":"y","text":"","writtenAt":"never"}');
    expect(loadOutbox(keep, NOW, "旧消息")).toEqual([]);
  });
});
