"""Every state a parcel can be in, told once."""

from __future__ import annotations

import pytest

from carriers.events import ShipmentStatus
from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.customer import Customer
from ticketing.kernel.masking import mask

STATES = (
    "picked_up",
    "in_transit",
    "stuck_at_hub",
    "arrived_in_city",
    "out_for_delivery",
    "in_locker",
    "at_station",
    "signed",
    "signed_by_proxy",
    "damaged",
    "misrouted",
    "refused",
    "returning",
    "delivery_failed",
    "unreachable",
    "address_incomplete",
    "delayed",
    "lost",
    "intercepted",
    "forwarded",
    "customs_pending",
)


@pytest.mark.parametrize("state", STATES)
def test_a_parcel_is_told_with_its_state_and_its_last_scan(
    customer: Customer, carrier_world: CarrierWorld, state: str
) -> None:
    parcel = carrier_world.take(state)
    customer.say(f"{parcel.waybill_no}到哪了")
    told = customer.say(parcel.phone_tail)
    label = ShipmentStatus(told.card["status"]).label
    assert told.card["status_label"] == label
    assert label in told.text
    assert "".join(mask(parcel.scans[-1]).split()) in "".join(told.text.split())
    assert told.card["events"][0]["text"].strip() == mask(parcel.scans[-1]).strip()


@pytest.mark.parametrize("state", ["no_pickup", "awaiting_pickup"])
def test_a_parcel_without_scans_is_not_made_up(
    customer: Customer, carrier_world: CarrierWorld, state: str
) -> None:
    parcel = carrier_world.take(state)
    asked = customer.say(f"{parcel.waybill_no}到哪了")
    told = customer.say(parcel.phone_tail) if "后四位" in asked.text else asked
    shown = [event["text"] for card in told.cards for event in card["events"]]
    assert len(shown) == len(parcel.scans)
    assert parcel.waybill_no in told.text
