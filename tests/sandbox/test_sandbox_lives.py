"""What becomes of a parcel when the clock goes on, and which code each aggregator gives it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.network.build import build_network
from sandbox.network.parcels import Parcel
from sandbox.network.scans import all_kinds, all_words
from sandbox.network.writing import port_cities

Ask = Callable[..., Awaitable[dict[str, Any]]]

START = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
PARCELS = tuple(build_network(7, START).values())

KDNIAO_CODES = {
    "no_pickup": {"0", "401"},
    "awaiting_pickup": {"10"},
    "picked_up": {"1"},
    "in_transit": {"2", "204", "206"},
    "arrived_in_city": {"201"},
    "at_delivery_branch": {"205"},
    "out_for_delivery": {"202"},
    "in_locker": {"211"},
    "at_station": {"211"},
    "signed": {"3", "301"},
    "signed_after_exception": {"302"},
    "signed_by_proxy": {"304"},
    "signed_from_locker": {"311"},
    "overdue_delivery": {"402"},
    "stuck_at_hub": {"403", "417"},
    "lost": {"403"},
    "refused": {"404"},
    "delivery_failed": {"405"},
    "returned": {"406"},
    "returning": {"407"},
    "locker_overdue": {"412"},
    "intercepted": {"413"},
    "damaged": {"414"},
    "cancelled": {"415"},
    "unreachable": {"416"},
    "delayed": {"417"},
    "taken_out": {"418"},
    "redelivery": {"419"},
    "address_incomplete": {"420"},
    "wrong_phone": {"421"},
    "misrouted": {"422"},
    "out_of_area": {"423"},
    "forwarded": {"5"},
    "customs": {"6"},
    "customs_pending": {"601"},
    "customs_in_progress": {"602"},
    "customs_cleared": {"603"},
    "customs_failed": {"604"},
}
KUAIDI100_CODES = {
    "awaiting_pickup": {"101", "102"},
    "picked_up": {"103"},
    "in_transit": {"0", "1002", "1003"},
    "arrived_in_city": {"1001"},
    "at_delivery_branch": {"0"},
    "out_for_delivery": {"5"},
    "in_locker": {"501"},
    "at_station": {"501"},
    "signed": {"3", "301"},
    "signed_after_exception": {"302"},
    "signed_by_proxy": {"303"},
    "signed_from_locker": {"304"},
    "overdue_delivery": {"201"},
    "stuck_at_hub": {"202", "208"},
    "lost": {"202"},
    "refused": {"14", "203"},
    "delivery_failed": {"204"},
    "returned": {"4"},
    "returning": {"6"},
    "locker_overdue": {"205"},
    "damaged": {"209"},
    "cancelled": {"210", "401"},
    "unreachable": {"206"},
    "out_of_area": {"207"},
    "forwarded": {"7"},
    "customs": {"8"},
    "customs_pending": {"10"},
    "customs_in_progress": {"11"},
    "customs_cleared": {"12"},
    "customs_failed": {"13"},
}


def starting_as(word: str) -> list[Parcel]:
    return [parcel for parcel in PARCELS if parcel.condition(START).word == word]


def ends_of(word: str) -> set[str]:
    later = START + timedelta(days=30)
    return {parcel.condition(later).word for parcel in starting_as(word)}


@pytest.mark.parametrize("word", sorted(KDNIAO_CODES))
def test_a_state_word_has_the_state_ex_of_the_vendors_table(word: str) -> None:
    codes = {kind.kdniao[1] for kind in all_kinds().values() if kind.word == word}
    assert codes == KDNIAO_CODES[word]


@pytest.mark.parametrize("word", sorted(KUAIDI100_CODES))
def test_a_state_word_has_the_status_code_of_the_vendors_table(word: str) -> None:
    kinds = [kind.kuaidi100 for kind in all_kinds().values() if kind.word == word]
    assert {codes[1] for codes in kinds if codes} == KUAIDI100_CODES[word]


def test_no_state_word_is_without_an_expected_code() -> None:
    assert set(KDNIAO_CODES) == set(all_words())


@pytest.mark.parametrize(
    ("word", "ends"),
    [
        ("awaiting_pickup", {"signed"}),
        ("picked_up", {"signed"}),
        ("in_transit", {"signed", "signed_by_proxy", "signed_from_locker"}),
        ("out_for_delivery", {"signed", "signed_from_locker"}),
        ("in_locker", {"signed_from_locker"}),
        ("locker_overdue", {"signed_from_locker", "locker_overdue"}),
        ("overdue_delivery", {"signed_after_exception"}),
        ("stuck_at_hub", {"signed_after_exception"}),
        ("lost", {"lost"}),
        ("damaged", {"signed_after_exception", "returned"}),
        ("misrouted", {"signed_after_exception"}),
        ("unreachable", {"signed_after_exception"}),
        ("refused", {"returned"}),
        ("intercepted", {"returned"}),
        ("cancelled", {"cancelled", "returned"}),
        ("customs_pending", {"signed"}),
        ("customs_failed", {"customs_failed"}),
        ("no_pickup", {"signed", "no_pickup"}),
    ],
)
def test_a_month_later_a_parcel_has_come_to_its_end(word: str, ends: set[str]) -> None:
    assert ends_of(word) == ends


def test_stuck_parcels_rested_more_than_five_days_and_lost_ones_more_than_ten() -> None:
    for word, days in (("stuck_at_hub", 5), ("lost", 10)):
        rests = [START - p.plan[len(p.scans(START)) - 1].at for p in starting_as(word)]
        assert min(rests) > timedelta(days=days)


def test_some_stuck_parcels_say_so_in_their_last_scan_and_some_are_silent() -> None:
    said = {"滞留" in parcel.scans(START)[-1].text for parcel in starting_as("stuck_at_hub")}
    assert said == {True, False}


def test_a_misrouted_parcel_is_neither_at_its_origin_nor_on_its_way() -> None:
    for parcel in starting_as("misrouted"):
        place = parcel.scans(START)[-1].city
        assert place not in (parcel.origin, parcel.destination)


def test_customs_happen_at_a_port() -> None:
    for parcel in starting_as("customs_in_progress"):
        assert parcel.scans(START)[-1].city.name in port_cities()
        assert parcel.scans(START)[-1].place.endswith("口岸")


def test_a_signed_parcel_ends_where_it_was_sent_and_a_returned_one_where_it_came_from() -> None:
    for parcel in starting_as("signed"):
        assert parcel.scans(START)[-1].city == parcel.destination
    for parcel in starting_as("returned"):
        assert parcel.scans(START)[-1].city == parcel.origin


def test_every_carrier_has_parcels_to_pick_up_on_the_way_out_and_signed() -> None:
    carriers = {parcel.carrier_code for parcel in PARCELS}
    for word in ("picked_up", "in_transit", "out_for_delivery", "signed"):
        assert {parcel.carrier_code for parcel in starting_as(word)} == carriers


@settings(deadline=None)
@given(st.sampled_from(PARCELS), st.integers(0, 20 * 24 * 60), st.integers(0, 20 * 24 * 60))
def test_scans_are_only_ever_added(parcel: Parcel, early: int, late: int) -> None:
    first, second = sorted((early, late))
    before = parcel.scans(START + timedelta(minutes=first))
    after = parcel.scans(START + timedelta(minutes=second))
    assert after[: len(before)] == before


@settings(deadline=None)
@given(st.sampled_from(PARCELS), st.integers(0, 20 * 24 * 60))
def test_the_next_scan_is_always_still_to_come(parcel: Parcel, minutes: int) -> None:
    now = START + timedelta(minutes=minutes)
    coming = parcel.next_scan_at(now)
    if coming is None:
        assert parcel.scans(now) == parcel.plan
    else:
        assert coming > now
        assert len(parcel.scans(coming)) == len(parcel.scans(now)) + 1


@settings(deadline=None)
@given(st.sampled_from(PARCELS), st.integers(0, 20 * 24 * 60))
def test_what_went_wrong_once_is_never_forgotten(parcel: Parcel, minutes: int) -> None:
    now = START + timedelta(minutes=minutes)
    if parcel.had_problem(now):
        assert parcel.had_problem(now + timedelta(days=2))
    assert parcel.had_problem(now) or not parcel.condition(now).is_problem


async def test_both_aggregators_tell_the_same_story_of_every_parcel(
    client: httpx.AsyncClient, ask_kdniao: Ask, ask_kuaidi100: Ask, advance: Ask
) -> None:
    rows = (await client.get("/shipments", params={"carrier": "STO"})).json()
    await advance(days=1, hours=5)
    for row in rows:
        number = row["waybill_no"]
        one = await ask_kdniao("8001", ShipperCode="STO", LogisticCode=number)
        other = await ask_kuaidi100(com="shentong", num=number, resultv2="4")
        texts = [trace["AcceptStation"] for trace in one["Traces"]]
        assert texts == [node["context"] for node in other.get("data", [])][::-1]
        assert bool(texts) is ("returnCode" not in other)
