import { describe, expect, it } from "vitest";

import { EMPTY_TIMELINE, hasGap, hasMessageId, lastSeq, withHistory, withMessage } from "../../src/chat/timeline";
import { message } from "./fakes";

const seqs = (timeline: typeof EMPTY_TIMELINE): number[] => timeline.messages.map(({ seq }) => seq);

describe("the timeline", () => {
  it("orders messages by number, however they arrive", () => {
    const timeline = [3, 1, 2].reduce((known, seq) => withMessage(known, message(seq)), EMPTY_TIMELINE);
    expect(seqs(timeline)).toEqual([1, 2, 3]);
    expect(timeline.completeTo).toBe(3);
  });

  it("holds a message once when it arrives live and in the history", () => {
    const live = withMessage(EMPTY_TIMELINE, message(1));
    const both = withHistory(live, { messages: [message(1), message(2)], lastSeq: 2, more: false, seenSeq: 0 });
    expect(seqs(both)).toEqual([1, 2]);
  });

  it("knows that something is missing before a message that came too early", () => {
    const timeline = withMessage(withMessage(EMPTY_TIMELINE, message(1)), message(4));
    expect(hasGap(timeline)).toBe(true);
    expect(timeline.completeTo).toBe(1);
    expect(lastSeq(timeline)).toBe(4);
  });

  it("closes the gap when the missing messages arrive", () => {
    const gapped = withMessage(withMessage(EMPTY_TIMELINE, message(1)), message(4));
    const whole = withHistory(gapped, { messages: [message(2), message(3)], lastSeq: 4, more: false, seenSeq: 0 });
    expect(seqs(whole)).toEqual([1, 2, 3, 4]);
    expect(hasGap(whole)).toBe(false);
  });

  it("takes a number that the last page leaves out as not meant for the customer", () => {
    const timeline = withHistory(EMPTY_TIMELINE, { messages: [message(1), message(4)], lastSeq: 5, more: false, seenSeq: 0 });
    expect(hasGap(timeline)).toBe(false);
    expect(timeline.completeTo).toBe(5);
  });

  it("is complete only to the end of the page while more pages follow", () => {
    const page = { messages: [message(1), message(2)], lastSeq: 9, more: true, seenSeq: 0 };
    expect(withHistory(EMPTY_TIMELINE, page).completeTo).toBe(2);
  });

  it("finds a message by the id the customer's page gave it", () => {
    const timeline = withMessage(EMPTY_TIMELINE, message(1, { author: "customer", messageId: "web-1" }));
    expect(hasMessageId(timeline, "web-1")).toBe(true);
    expect(hasMessageId(timeline, "web-2")).toBe(false);
  });
});
