"""What is kept of a parcel, and how it looks when it is frozen in a ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from carriers.events import ShipmentStatus, TrackingEvent
from tests.ticketing.scripted import FETCHED_AT, result_of
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.shipments import service as shipments
from ticketing.shipments.service import (
    UnknownCarrierCode,
    WaybillNotPlausible,
    known_carriers,
    plausible_waybill_no,
)

WAYBILL = "YT2700000000001"
EMPTY: dict[str, Any] = {"waybill_no": WAYBILL, "carrier_code": None, "status": None, "events": []}


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("YT2700000000001", "YT2700000000001"),
        ("yt2700000000001", "YT2700000000001"),
        (" YT2700000000001 ", "YT2700000000001"),
        ("123456", "123456"),
        ("9" * 32, "9" * 32),
    ],
)
def test_a_number_is_known_in_one_way_of_writing(written: str, number: str) -> None:
    assert plausible_waybill_no(written) == number


@pytest.mark.parametrize(
    "written", ["", "12345", "9" * 33, "YT27000000000快递", "YT_270000000", "运单"]
)
def test_what_cannot_be_a_number_is_refused(written: str) -> None:
    with pytest.raises(WaybillNotPlausible):
        plausible_waybill_no(written)


def test_nothing_named_is_nothing_unknown() -> None:
    assert known_carriers([]) == {}


def test_unknown_codes_are_named_in_order_and_once() -> None:
    with pytest.raises(UnknownCarrierCode) as refused:
        known_carriers(["ZZZ", "YTO", "AAA", "ZZZ"])
    assert refused.value.facts == {"carrier_codes": ["AAA", "ZZZ"]}


async def test_an_unknown_parcel_is_frozen_as_unknown(house: House) -> None:
    async with house.db.transaction() as session:
        assert await shipments.snapshot(session, WAYBILL) == EMPTY
        assert await shipments.snapshot(session, None) == {**EMPTY, "waybill_no": None}
        assert await shipments.label(session, WAYBILL) == (None, frozenset())


async def test_a_parcel_that_was_only_registered_has_a_carrier_and_no_events(house: House) -> None:
    async with house.db.transaction() as session:
        await shipments.register(session, WAYBILL, "YTO", frozenset({"4562"}), clock.now())
        frozen = await shipments.snapshot(session, WAYBILL)
    assert frozen == {**EMPTY, "carrier_code": "YTO", "city": None, "checked_at": None}


async def test_registered_again_digits_are_added_and_the_carrier_stays(house: House) -> None:
    async with house.db.transaction() as session:
        await shipments.register(session, WAYBILL, "YTO", frozenset({"4562"}), clock.now())
        await shipments.register(session, WAYBILL, None, frozenset({"1111", "4562"}), clock.now())
        known = await shipments.label(session, WAYBILL)
    assert known == ("YTO", frozenset({"4562", "1111"}))


async def test_registered_again_with_another_carrier_it_is_that_ones(house: House) -> None:
    async with house.db.transaction() as session:
        await shipments.register(session, WAYBILL, "YTO", frozenset({"4562"}), clock.now())
        await shipments.register(session, WAYBILL, "ZTO", frozenset(), clock.now())
        assert await shipments.label(session, WAYBILL) == ("ZTO", frozenset({"4562"}))


async def test_what_a_carrier_said_is_frozen_oldest_first_and_names_nobody(house: House) -> None:
    async with house.db.transaction() as session:
        await shipments.record(session, result_of(WAYBILL, "YTO"), clock.now())
        frozen = await shipments.snapshot(session, WAYBILL)
    assert (frozen["carrier_code"], frozen["city"]) == ("YTO", "深圳市")
    assert frozen["status"] == str(ShipmentStatus.OUT_FOR_DELIVERY)
    assert frozen["checked_at"] == FETCHED_AT.isoformat()
    assert [event["place"] for event in frozen["events"]] == ["广州市", "深圳市"]
    assert "13812345678" not in str(frozen)


async def test_the_same_scan_heard_twice_is_one_event(house: House) -> None:
    first = result_of(WAYBILL, "YTO")
    later = replace(first, fetched_at=FETCHED_AT + timedelta(minutes=5))
    async with house.db.transaction() as session:
        for heard in (first, later, later):
            await shipments.record(session, heard, clock.now())
        frozen = await shipments.snapshot(session, WAYBILL)
    assert len(frozen["events"]) == 2
    assert frozen["checked_at"] == later.fetched_at.isoformat()


async def test_a_new_scan_is_added_to_those_before(house: House) -> None:
    first = result_of(WAYBILL, "YTO")
    signed = TrackingEvent(FETCHED_AT, "深圳市", ShipmentStatus.SIGNED, "已签收")
    second = replace(
        first,
        events=(signed,),
        status=ShipmentStatus.SIGNED,
        fetched_at=FETCHED_AT + timedelta(hours=1),
    )
    async with house.db.transaction() as session:
        await shipments.record(session, first, clock.now())
        await shipments.record(session, second, clock.now())
        frozen = await shipments.snapshot(session, WAYBILL)
    assert [event["text"] for event in frozen["events"]][-1] == "已签收"
    assert (len(frozen["events"]), frozen["status"]) == (3, str(ShipmentStatus.SIGNED))


async def test_an_answer_without_a_scan_is_not_kept(house: House) -> None:
    nothing = replace(result_of(WAYBILL, "ZTO"), events=())
    async with house.db.transaction() as session:
        await shipments.record(session, nothing, clock.now())
        assert await shipments.snapshot(session, WAYBILL) == EMPTY


async def test_an_answer_without_a_scan_takes_nothing_away(house: House) -> None:
    first = result_of(WAYBILL, "YTO")
    nothing = replace(first, events=(), fetched_at=FETCHED_AT + timedelta(hours=1))
    async with house.db.transaction() as session:
        await shipments.record(session, first, clock.now())
        before = await shipments.snapshot(session, WAYBILL)
        await shipments.record(session, nothing, clock.now())
        assert await shipments.snapshot(session, WAYBILL) == before


async def test_the_digits_on_a_label_are_not_frozen(house: House) -> None:
    async with house.db.transaction() as session:
        await shipments.register(session, WAYBILL, "YTO", frozenset({"4562"}), clock.now())
        await shipments.record(session, result_of(WAYBILL, "YTO"), clock.now())
        frozen = await shipments.snapshot(session, WAYBILL)
        assert await shipments.label(session, WAYBILL) == ("YTO", frozenset({"4562"}))
    assert "4562" not in str(frozen)
