import { describe, expect, it } from "vitest";

import {
  EMPTY, hasGap, lastSeq, type Timeline, trimmed, withCatchUp, withMessage, withMissed, withNote, withoutMissed, withPage,
  withRetracted,
} from "../../../src/console/desk/timeline";
import { at, message, note, page } from "../fakes/made";

const seqs = (timeline: Timeline): number[] => timeline.messages.map(({ seq }) => seq);
const opened = withPage(EMPTY, page([5, 6, 7], 5));

describe("a timeline", () => {
  it("begins with the newest page and knows that there is more above", () => {
    expect(seqs(opened)).toEqual([5, 6, 7]);
    expect(opened).toMatchObject({ loaded: true, before: 5, completeTo: 7 });
    expect(hasGap(opened)).toBe(false);
  });

  it("grows upwards page by page, to the beginning", () => {
    const whole = withPage(withPage(opened, page([3, 4], 3)), page([1, 2], null));
    expect(seqs(whole)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(whole.before).toBeNull();
    expect(whole.completeTo).toBe(7);
  });

  it("does not forget how far up it reaches when the newest page comes again", () => {
    const higher = withPage(opened, page([3, 4], 3));
    expect(withPage(higher, page([6, 7, 8], 6)).before).toBe(3);
  });

  it("holds a message once, in its place, however it arrives", () => {
    const twice = withMessage(withMessage(opened, message(9)), message(8));
    expect(seqs(withMessage(twice, message(8)))).toEqual([5, 6, 7, 8, 9]);
    expect(lastSeq(twice)).toBe(9);
  });

  it("knows that a message is missing, until it comes", () => {
    const gapped = withMessage(opened, message(9));
    expect(hasGap(gapped)).toBe(true);
    expect(hasGap(withMessage(gapped, message(8)))).toBe(false);
  });

  it("takes a number the server has not sent when asked as never to come", () => {
    const gapped = withMessage(opened, message(9));
    expect(hasGap(withCatchUp(gapped, page([9])))).toBe(false);
  });

  it("takes in a message before its first page", () => {
    const early = withMessage(EMPTY, message(8));
    expect(hasGap(early)).toBe(false);
    expect(seqs(withPage(early, page([6, 7, 8], 6)))).toEqual([6, 7, 8]);
  });

  it("marks where it was cut off while the line was down", () => {
    const back = withMissed(opened, page([8, 9]));
    expect(back.missedAfter).toBe(7);
    expect(withMissed(back, page([10])).missedAfter).toBe(7);
    expect(withoutMissed(back).missedAfter).toBeNull();
  });

  it("marks nothing when nothing was missed", () => {
    expect(withMissed(opened, page([7])).missedAfter).toBeNull();
    expect(withoutMissed(opened)).toBe(opened);
  });

  it("keeps notes once each, where they were left", () => {
    const noted = [note(3, 7), note(1, 5), note(3, 7)].reduce(withNote, opened);
    expect(noted.notes.map(({ id }) => id)).toEqual([1, 3]);
    expect(withPage(noted, page([3, 4], 3, [note(2, 3)])).notes.map(({ id }) => id)).toEqual([2, 1, 3]);
  });

  it("remembers a retraction when the message comes again without it", () => {
    const gone = withRetracted(opened, 6, at(9));
    expect(gone.messages[1]?.retracted_at).toBe(at(9));
    expect(withMessage(gone, message(6)).messages[1]?.retracted_at).toBe(at(9));
    expect(withRetracted(gone, 6, null).messages[1]?.retracted_at).toBeNull();
  });

  it("is cut to its newest part, and can grow again from there", () => {
    const noted = [note(1, 5), note(2, 7)].reduce(withNote, opened);
    const short = trimmed(noted, 2);
    expect(seqs(short)).toEqual([6, 7]);
    expect(short.before).toBe(6);
    expect(short.notes.map(({ id }) => id)).toEqual([2]);
    expect(trimmed(noted, 3)).toBe(noted);
  });
});
