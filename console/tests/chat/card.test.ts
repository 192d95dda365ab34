import { describe, expect, it } from "vitest";

import { readCard } from "../../src/chat/card";
import { parcelTone } from "../../src/chat/parcelTone";

describe("a parcel card", () => {
  const raw = {
    type: "parcel", waybill_no: "SF1389002746153", carrier_name: "顺丰速运", status: "in_transit", status_label: "运输中",
    city: "武汉", eta: null, disclosure: "full",
    events: [
      { at: "2026-11-21T10:00:00+08:00", place: "广州", text: "已收件", status: "picked_up" },
      { at: "2026-11-22T10:00:00+08:00", place: "武汉", text: "到达武汉", status: "at_hub" },
    ],
  };

  it("shows the newest scan first, in whichever order they come", () => {
    const card = readCard(raw);
    expect(card?.type === "parcel" && card.events.map(({ text }) => text)).toEqual(["到达武汉", "已收件"]);
  });

  it("shows no more than state and city when the disclosure is unknown", () => {
    expect(readCard({ ...raw, disclosure: "everything" })).toMatchObject({ disclosure: "state_and_city" });
  });

  it.each([
    ["in_transit", "moving"], ["signed", "arrived"], ["damaged", "attention"], ["ordered", "idle"], ["teleported", "moving"],
  ])("colours %s as %s", (status, tone) => {
    expect(parcelTone(status)).toBe(tone);
  });
});

describe("a ticket card", () => {
  it("reads its steps", () => {
    const card = readCard({
      type: "ticket", ticket_no: "T20261122000001", kind: "damage", kind_label: "破损", state: "open", state_label: "处理中",
      steps: [{ step: "accept", label: "受理", state: "done", at: null }, { step: "verify", label: "核实", state: "unheard_of" }],
    });
    expect(card).toMatchObject({
      ticketNo: "T20261122000001",
      steps: [{ step: "accept", state: "done" }, { step: "verify", state: "waiting" }],
    });
  });

  it.each([["high", "high"], ["normal", "normal"], ["urgent", "normal"], [undefined, "normal"]])(
    "with the priority %s is read as %s",
    (priority, read) => {
      expect(readCard({ type: "ticket", ticket_no: "T20261122000001", priority })).toMatchObject({ priority: read });
    },
  );

  it("about no parcel has no waybill number", () => {
    expect(readCard({ type: "ticket", ticket_no: "T20261122000001", waybill_no: null })).toMatchObject({ waybillNo: null });
  });
});

describe("a card of another kind", () => {
  it.each([null, undefined, "card", { type: "poll" }])("is not shown: %j", (raw) => {
    expect(readCard(raw)).toBeNull();
  });
});
