export type Tone = "moving" | "arrived" | "attention" | "idle";

const IDLE = new Set(["no_information", "ordered", "waiting_pickup", "cancelled", "unknown", ""]);
const ARRIVED = new Set([
  "signed", "signed_by_other", "signed_at_locker", "signed_after_problem", "taken_from_locker", "in_locker", "returned",
]);
const ATTENTION = new Set([
  "problem", "no_scan", "delivery_overdue", "stalled", "retained", "delayed", "delivery_problem", "locker_overdue",
  "unreachable", "address_incomplete", "phone_wrong", "out_of_range", "misrouted", "damaged", "lost", "unclaimed",
  "prohibited", "refused", "intercepted", "returning", "customs_problem",
]);

/** The colour of a shipment status; a status this page does not know is on its way. */
export function parcelTone(status: string): Tone {
  if (IDLE.has(status)) return "idle";
  if (ARRIVED.has(status)) return "arrived";
  return ATTENTION.has(status) ? "attention" : "moving";
}
