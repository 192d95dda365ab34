"""What is decided without looking at anything: waits, places, silences, hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ticketing.handoffs import hours, texts, waiting
from ticketing.handoffs.silence import Deed, Patience, deed
from ticketing.handoffs.texts import reason_text, spoken_day
from ticketing.handoffs.waiting import Staffing, expected_wait, is_worth_telling, whole_minutes
from ticketing.sla.configuration import shipped as limits

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Shanghai
MINUTE = timedelta(minutes=1)
TEN = [timedelta(minutes=10)] * 3
HOTLINE, OFFICE = limits().calendars["hotline"], limits().calendars["office"]


def test_where_nobody_is_nobody_can_say_how_long_it_takes() -> None:
    assert expected_wait(1, Staffing(0, 0), TEN) is None


def test_who_finds_a_free_person_waits_a_moment() -> None:
    assert expected_wait(2, Staffing(10, 2), TEN) == MINUTE


def test_the_others_wait_for_the_ends_of_conversations() -> None:
    assert expected_wait(3, Staffing(5, 1), TEN) == 4 * MINUTE
    assert expected_wait(1, Staffing(5, 0), TEN) == 2 * MINUTE
    assert expected_wait(10, Staffing(1, 0), []) == 10 * waiting.USUAL


def test_the_usual_counts_and_not_the_one_that_took_all_day() -> None:
    odd = [5 * MINUTE, 5 * MINUTE, timedelta(hours=9)]
    assert expected_wait(1, Staffing(1, 0), odd) == 5 * MINUTE


def test_a_longer_queue_never_means_a_shorter_wait() -> None:
    waits = [expected_wait(place, Staffing(3, 2), TEN) for place in range(1, 30)]
    assert waits == sorted(waits, key=lambda each: each or timedelta(0))


@pytest.mark.parametrize(
    ("wait", "minutes"),
    [(MINUTE, 1), (MINUTE * 1.2, 2), (10 * MINUTE, 10), (11 * MINUTE, 15), (31 * MINUTE, 35)],
)
def test_waits_are_told_in_round_numbers(wait: timedelta, minutes: int) -> None:
    assert whole_minutes(wait) == minutes


@pytest.mark.parametrize(
    ("told", "ago", "place", "tells"),
    [
        (6, 60, 3, True),
        (6, 60, 4, False),
        (2, 60, 1, True),
        (3, 60, 1, True),
        (3, 60, 2, False),
        (6, 10, 1, False),
        (None, 60, 1, False),
        (1, 60, 1, False),
    ],
)
def test_only_a_much_better_place_is_told(
    told: int | None, ago: int, place: int, tells: bool
) -> None:
    at = NOW - timedelta(seconds=ago)
    assert is_worth_telling(told, at, place, NOW) is tells


def test_the_words_for_waits() -> None:
    assert texts.place("queued", 2, None) == "好的，正在为您转人工，您排在第 2 位，请稍等。"
    assert "您排在第 1 位，马上就来，" in texts.place("queued", 1, MINUTE)
    assert "您排在第 3 位，大约要等 4 分钟，" in texts.place("queued", 3, 4 * MINUTE)
    assert "一个多小时" in texts.place("queued", 30, timedelta(hours=3))
    assert texts.moved_up(1, None) == "马上就到您了，请别走开。"
    assert "现在是第 2 位" in texts.moved_up(2, None)


def test_every_reason_has_words_for_people() -> None:
    words = {reason_text(reason) for reason in texts.REASONS}
    assert len(words) == len(texts.REASONS)
    assert reason_text(None) is None
    assert reason_text("something_new") == "something_new"


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "今天 18:00"), (1, "明天 18:00"), (2, "后天 18:00"), (3, "11月26日 18:00")],
)
def test_days_to_come_are_named(days: int, words: str) -> None:
    assert spoken_day(NOW + timedelta(days=days, hours=8), NOW) == words


def test_a_queue_opens_when_its_hours_begin() -> None:
    night = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai
    assert hours.is_open(HOTLINE, NOW)
    assert hours.next_opening(HOTLINE, NOW) == NOW
    assert not hours.is_open(HOTLINE, night)
    assert hours.next_opening(HOTLINE, night) == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def test_an_office_stays_closed_over_the_weekend_and_at_noon() -> None:
    friday = datetime(2026, 11, 27, 10, 30, tzinfo=UTC)
    noon = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
    assert hours.next_opening(OFFICE, friday) == datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
    assert hours.next_opening(OFFICE, noon) == datetime(2026, 11, 23, 5, 30, tzinfo=UTC)


def test_the_last_moment_of_the_day_is_closed() -> None:
    closing = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    assert hours.is_open(HOTLINE, closing - timedelta(microseconds=1))
    assert not hours.is_open(HOTLINE, closing)


PATIENCE = Patience(10 * MINUTE, 5 * MINUTE)


@pytest.mark.parametrize(
    ("spoke", "warned", "then"),
    [
        (9, None, Deed.WAIT),
        (10, None, Deed.WARN),
        (12, 2, Deed.WAIT),
        (15, 5, Deed.CLOSE),
        (3, 7, Deed.WAIT),
        (11, 30, Deed.WARN),
    ],
)
def test_a_silence_is_warned_of_and_then_ended(spoke: int, warned: int | None, then: Deed) -> None:
    warned_at = None if warned is None else NOW - warned * MINUTE
    assert deed(NOW - spoke * MINUTE, warned_at, PATIENCE, NOW) is then
