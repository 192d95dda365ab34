"""When a limit warns, ends and escalates, with pauses in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ticketing.sla.days import (
    ALWAYS,
    DAY,
    MINUTE,
    OFFICE,
    calendars,
    is_open,
    shanghai,
    whole_minutes,
)
from ticketing.sla.calendars import Calendar
from ticketing.sla.deadlines import (
    Firing,
    Limit,
    Pause,
    Schedule,
    counted,
    due_at,
    heeded,
    next_firing,
    overtaken,
    schedule,
)

HOUR = timedelta(hours=1)
NINE = shanghai("2026-11-19 09:00")


@st.composite
def pauses(draw: st.DrawFn) -> tuple[Pause, ...]:
    """A few pauses in any order, overlapping ones among them."""
    starts = draw(st.lists(whole_minutes(62), max_size=4))
    return tuple(
        Pause("waiting_customer", start, start + draw(st.integers(0, 2000)) * MINUTE)
        for start in starts
    )


def slow_due(
    start: datetime, minutes: int, calendar: Calendar, stops: tuple[Pause, ...]
) -> datetime:
    """The end of a limit, found by walking through every minute."""
    at = start
    while minutes:
        resting = any(p.started_at <= at < (p.ended_at or at + DAY) for p in stops)
        minutes -= is_open(calendar, at) and not resting
        at += MINUTE
    return at


@settings(max_examples=60, deadline=None)
@given(calendars(), whole_minutes(60), st.integers(1, 240), pauses())
def test_a_limit_ends_where_walking_minute_by_minute_ends(
    calendar: Calendar, start: datetime, minutes: int, stops: tuple[Pause, ...]
) -> None:
    due = due_at(start, minutes * MINUTE, calendar, stops)
    assert due is not None
    if due - start < 15 * DAY:
        assert due == slow_due(start, minutes, calendar, stops)


@settings(max_examples=100, deadline=None)
@given(calendars(), whole_minutes(60), st.integers(0, 10**6), pauses())
def test_at_its_end_a_limit_is_used_up_exactly(
    calendar: Calendar, start: datetime, seconds: int, stops: tuple[Pause, ...]
) -> None:
    limit = Limit(start, timedelta(seconds=seconds), calendar, stops)
    due = due_at(start, limit.target, calendar, stops)
    assert due is not None
    assert counted(limit, due) == limit.target


@settings(max_examples=60, deadline=None)
@given(calendars(), whole_minutes(60), st.integers(1, 10**5), pauses())
def test_a_pause_never_brings_an_end_forward(
    calendar: Calendar, start: datetime, seconds: int, stops: tuple[Pause, ...]
) -> None:
    target = timedelta(seconds=seconds)
    free, paused = due_at(start, target, calendar), due_at(start, target, calendar, stops)
    assert free is not None
    assert paused is not None
    assert free <= paused


def test_a_pause_outside_hours_costs_nothing() -> None:
    night = Pause("waiting_customer", shanghai("2026-11-19 18:00"), shanghai("2026-11-20 09:00"))
    assert due_at(NINE, 10 * HOUR, OFFICE, (night,)) == due_at(NINE, 10 * HOUR, OFFICE)


def test_a_pause_is_measured_in_business_time() -> None:
    over_lunch = Pause("waiting_carrier", NINE + 2 * HOUR, NINE + 6 * HOUR)
    assert due_at(NINE, 4 * HOUR, OFFICE, (over_lunch,)) == shanghai("2026-11-19 17:00")


def test_while_a_pause_goes_on_the_end_is_unknown() -> None:
    waiting = (Pause("waiting_customer", NINE + HOUR),)
    assert due_at(NINE, 2 * HOUR, ALWAYS, waiting) is None
    assert counted(Limit(NINE, 2 * HOUR, ALWAYS, waiting), NINE + 9 * HOUR) == HOUR


def test_an_end_before_the_pause_is_known() -> None:
    waiting = (Pause("waiting_customer", NINE + 3 * HOUR),)
    assert due_at(NINE, 2 * HOUR, ALWAYS, waiting) == NINE + 2 * HOUR


def test_a_limit_paused_from_the_start_has_no_end() -> None:
    waiting = (Pause("waiting_customer", NINE),)
    assert due_at(NINE, HOUR, ALWAYS, waiting) is None


def test_pauses_that_overlap_count_once() -> None:
    stops = (
        Pause("waiting_customer", NINE + HOUR, NINE + 3 * HOUR),
        Pause("manual", NINE + 2 * HOUR, NINE + 4 * HOUR),
        Pause("manual", NINE + 2 * HOUR, NINE + 3 * HOUR),
    )
    assert due_at(NINE, 2 * HOUR, ALWAYS, stops) == NINE + 5 * HOUR


def test_a_pause_from_before_the_start_counts_from_the_start() -> None:
    stops = (Pause("manual", NINE - 5 * HOUR, NINE + HOUR),)
    assert due_at(NINE, HOUR, ALWAYS, stops) == NINE + 2 * HOUR


def test_a_limit_warns_ends_and_escalates_in_business_time() -> None:
    start = shanghai("2026-11-19 16:00")
    limit = Limit(start, 3 * HOUR, OFFICE, (), HOUR, (timedelta(0), HOUR, 5 * HOUR))
    assert schedule(limit) == Schedule(
        warn_at=shanghai("2026-11-19 18:00").astimezone(UTC),
        due_at=shanghai("2026-11-20 10:00").astimezone(UTC),
        levels=tuple(
            shanghai(f"2026-11-20 {at}").astimezone(UTC) for at in ("10:00", "11:00", "16:30")
        ),
    )


@pytest.mark.parametrize("before", [timedelta(0), 2 * HOUR, 3 * HOUR])
def test_a_warning_at_the_end_or_before_the_start_is_none(before: timedelta) -> None:
    assert schedule(Limit(NINE, 2 * HOUR, ALWAYS, warn_before=before)).warn_at is None


TIMES = Schedule(NINE, NINE + HOUR, (NINE + HOUR, NINE + 2 * HOUR))


@pytest.mark.parametrize(
    ("warned", "level", "expected"),
    [
        (False, 0, Firing(0, NINE)),
        (True, 0, Firing(1, NINE + HOUR)),
        (False, 1, Firing(2, NINE + 2 * HOUR)),
        (True, 1, Firing(2, NINE + 2 * HOUR)),
        (True, 2, None),
    ],
)
def test_a_clock_does_one_thing_after_the_other(
    warned: bool, level: int, expected: Firing | None
) -> None:
    assert next_firing(TIMES, warned=warned, level=level) == expected


def test_a_clock_without_a_warning_waits_for_its_end() -> None:
    assert next_firing(replace(TIMES, warn_at=None), warned=False, level=0) == Firing(
        1, NINE + HOUR
    )


def test_a_paused_clock_does_nothing() -> None:
    assert next_firing(Schedule(None, None, (None, None)), warned=False, level=0) is None


def test_a_clock_paused_between_two_levels_does_nothing() -> None:
    assert next_firing(replace(TIMES, levels=(NINE + HOUR, None)), warned=True, level=1) is None


def test_a_warning_is_overtaken_by_the_end() -> None:
    assert overtaken(TIMES, NINE + HOUR)
    assert not overtaken(TIMES, NINE + HOUR - MINUTE)
    assert not overtaken(Schedule(NINE, None, (None,)), NINE + DAY)


def test_the_customers_clock_heeds_no_pause_and_a_wait_only_those_a_person_ordered() -> None:
    waits, manual = Pause("waiting_customer", NINE), Pause("manual", NINE)
    assert heeded((waits, manual), "all") == (waits, manual)
    assert heeded((waits, manual), "manual") == (manual,)
    assert heeded((waits, manual), "none") == ()
