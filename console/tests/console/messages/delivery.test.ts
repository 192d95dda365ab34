import { describe, expect, it } from "vitest";

import { addresseeOf, errorIn, indented, receiptOf, toldIn } from "@/console/messages/delivery";

const BODY = JSON.stringify({
  type: "sla_breached", timestamp: "2026-11-22T20:18:43+00:00",
  data: { at: "2026-11-22T20:18:43+00:00", kind: "delay", clock: "step", level: 3, queue: "claims", assignee: null, ticket_no: "T20261122000001" },
});

describe("a delivery", () => {
  it("for a subscriber is told by its facts, in the order people read them", () => {
    expect(toldIn(BODY)?.facts).toEqual([["ticket_no", "T20261122000001"], ["kind", "delay"], ["queue", "claims"]]);
  });

  it("for people is told in its own words", () => {
    expect([toldIn("工单 T1 已超时"), toldIn(null), toldIn("{count} 条提醒"), toldIn('{"data":3}')]).toEqual([null, null, null, null]);
  });

  it("names whom it is for, but no subscription's number", () => {
    expect(addresseeOf("person:li")).toEqual({ kind: "person", name: "li" });
    expect(addresseeOf("webhook:1c4fc548")).toEqual({ kind: "webhook", name: "" });
    expect(addresseeOf("somebody")).toEqual({ kind: "", name: "somebody" });
  });

  it("tells what went wrong apart from what the provider said", () => {
    expect(errorIn("address_unknown")).toEqual({ word: "address_unknown", said: "" });
    expect(errorIn("message_refused:isv.MOBILE:1")).toEqual({ word: "message_refused", said: "isv.MOBILE:1" });
  });

  it("has receipts, whatever a provider left out", () => {
    expect(receiptOf({ at: "2026-11-22T20:18:46Z", code: "DELIVERED", delivered: true })).toEqual({ at: "2026-11-22T20:18:46Z", code: "DELIVERED", isDelivered: true });
    expect(receiptOf({})).toEqual({ at: "", code: "", isDelivered: false });
  });

  it("is shown whole to who wants it whole", () => {
    expect(indented('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(indented("{a")).toBe("{a");
  });
});
