"""The network holds what a demo or a test needs, in every state, and the same for the same seed."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from sandbox.catalog import carrier_named, likely_carriers
from sandbox.network.build import LOCAL, build_network
from sandbox.network.cases import all_cases
from sandbox.network.geography import all_cities, distance_km, transfer_city
from sandbox.network.parcels import Parcel
from sandbox.network.scans import after_silence, all_kinds, all_words, without_scans
from sandbox.network.tables import read_table
from sandbox.network.writing import all_styles, s10_check_digit

START = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
STATE_EX_CODES = (
    "0 10 1 2 206 204 201 205 202 211 3 301 302 304 311 401 402 403 404 405 406 407 412 413 "
    "414 415 416 417 418 419 420 421 422 423 5 6 601 602 603 604"
)
NIGHT = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def parcels() -> dict[str, Parcel]:
    return build_network(7, START)


def words(parcels: dict[str, Parcel], now: datetime) -> Counter[str]:
    return Counter(parcel.condition(now).word for parcel in parcels.values())


def test_there_are_at_least_two_hundred_parcels_thirty_cities_and_eight_carriers(
    parcels: dict[str, Parcel],
) -> None:
    assert len(parcels) >= 200
    assert len({city.name for city in all_cities()}) >= 30
    assert len({parcel.carrier_code for parcel in parcels.values()}) >= 8
    assert len({parcel.destination for parcel in parcels.values()}) >= 30


def test_every_state_word_is_carried_by_some_parcel_at_the_start(
    parcels: dict[str, Parcel],
) -> None:
    assert set(words(parcels, START)) == set(all_words())


@pytest.mark.parametrize("start", [START, NIGHT])
@pytest.mark.parametrize("seed", [1, 7, 8])
def test_at_any_hour_and_seed_the_start_is_as_the_cases_say(seed: int, start: datetime) -> None:
    wanted: Counter[str] = Counter()
    for case in all_cases():
        wanted[case.state] += case.count
    assert words(build_network(seed, start), start) == wanted


def test_every_state_code_of_kdniao_is_shown_by_some_parcel_within_a_fortnight(
    parcels: dict[str, Parcel],
) -> None:
    documented = set(STATE_EX_CODES.split())
    hours = [START + timedelta(hours=2 * step) for step in range(24 * 7)]
    shown = {parcel.condition(now).kdniao[1] for parcel in parcels.values() for now in hours}
    assert shown == documented


def test_the_same_seed_gives_the_same_parcels(parcels: dict[str, Parcel]) -> None:
    assert build_network(7, START) == parcels


def test_another_seed_gives_other_parcels(parcels: dict[str, Parcel]) -> None:
    assert not build_network(8, START).keys() & parcels.keys()


def test_a_later_start_keeps_numbers_phones_routes_and_texts(parcels: dict[str, Parcel]) -> None:
    later = build_network(7, START + timedelta(days=3, hours=5))
    assert later.keys() == parcels.keys()
    for number, parcel in parcels.items():
        twin = later[number]
        assert twin.receiver_phone_tail == parcel.receiver_phone_tail
        assert (twin.origin, twin.destination) == (parcel.origin, parcel.destination)
        assert [scan.text for scan in twin.plan] == [scan.text for scan in parcel.plan]


def test_every_number_fits_a_pattern_of_its_carrier_in_the_catalog(
    parcels: dict[str, Parcel],
) -> None:
    for number, parcel in parcels.items():
        assert carrier_named(parcel.carrier_code) in likely_carriers(number), number


def test_every_parcel_has_two_different_phone_tails_of_four_digits(
    parcels: dict[str, Parcel],
) -> None:
    for parcel in parcels.values():
        tails = {parcel.sender_phone_tail, parcel.receiver_phone_tail}
        assert len(tails) == 2
        assert all(len(tail) == 4 and tail.isdigit() for tail in tails)


def test_the_scans_of_a_plan_follow_one_another_in_time(parcels: dict[str, Parcel]) -> None:
    for parcel in parcels.values():
        times = [scan.at for scan in parcel.plan]
        assert all(earlier < later for earlier, later in pairwise(times)), parcel.waybill_no


def test_by_day_people_hand_over_most_parcels_by_daylight(parcels: dict[str, Parcel]) -> None:
    handovers = [s.at for p in parcels.values() for s in p.plan if s.kind.daytime]
    by_daylight = [at for at in handovers if 8 <= at.astimezone(LOCAL).hour < 20]
    assert len(by_daylight) > 0.9 * len(handovers)


def test_what_moves_at_the_start_is_signed_for_in_the_end(parcels: dict[str, Parcel]) -> None:
    later = START + timedelta(days=14)
    moving = [p for p in parcels.values() if p.condition(START).word == "in_transit"]
    assert moving
    assert all(parcel.condition(later).is_signed for parcel in moving)


def test_every_scan_text_is_filled_in_and_names_no_placeholder(parcels: dict[str, Parcel]) -> None:
    texts = [scan.text for parcel in parcels.values() for scan in parcel.plan]
    assert texts
    assert not [text for text in texts if "{" in text or "}" in text or not text.strip()]


def test_carriers_word_the_same_scan_differently() -> None:
    signed = {code: style.texts["signed"] for code, style in all_styles().items()}
    assert len(set(signed.values())) == len(signed)


def test_every_kind_of_scan_can_be_worded_by_every_carrier() -> None:
    phrases = read_table("styles")["problems"]
    for code, style in all_styles().items():
        unworded = [
            name
            for name, kind in all_kinds().items()
            if not kind.silent and name not in style.texts and name not in phrases
        ]
        assert not unworded, code


@pytest.mark.parametrize(
    ("last", "hours", "word"),
    [
        ("left_hub", 119, "in_transit"),
        ("left_hub", 121, "stuck_at_hub"),
        ("left_hub", 241, "lost"),
        ("detained", 30, "stuck_at_hub"),
        ("out_for_delivery", 35, "out_for_delivery"),
        ("out_for_delivery", 37, "overdue_delivery"),
        ("in_locker", 17, "in_locker"),
        ("in_locker", 19, "locker_overdue"),
        ("signed", 900, "signed"),
        ("damaged", 900, "damaged"),
    ],
)
def test_silence_after_a_scan_is_read_as_the_vendor_defines_it(
    last: str, hours: int, word: str
) -> None:
    assert after_silence(all_kinds()[last], timedelta(hours=hours)).word == word


def test_a_parcel_that_was_never_scanned_becomes_401_after_three_days() -> None:
    assert without_scans(timedelta(hours=71)).kdniao == ("0", "0")
    assert without_scans(timedelta(hours=73)).kdniao == ("4", "401")


def test_a_problem_that_has_passed_is_still_remembered(parcels: dict[str, Parcel]) -> None:
    after = [p for p in parcels.values() if p.condition(START).word == "signed_after_exception"]
    plain = [p for p in parcels.values() if p.condition(START).word == "signed"]
    assert after
    assert all(parcel.had_problem(START) for parcel in after)
    assert not any(parcel.had_problem(START) for parcel in plain)


def test_the_check_digit_is_that_of_the_published_s10_example() -> None:
    assert s10_check_digit("47312482") == "9"


def test_line_haul_goes_through_a_major_hub_on_the_way() -> None:
    cities = {city.name: city for city in all_cities()}
    via = transfer_city(cities["石家庄市"], cities["洛阳市"])
    assert via.name == "郑州市"
    assert 900 < distance_km(cities["北京市"], cities["上海市"]) < 1600
