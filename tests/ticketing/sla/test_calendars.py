"""Business time, quick and exact."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.ticketing.sla.days import (
    ALWAYS,
    DAY,
    MINUTE,
    NIGHT,
    OFFICE,
    SECOND,
    calendars,
    edges,
    is_open,
    shanghai,
    slow_minutes,
    slow_seconds,
    times,
    weekdays,
    whole_minutes,
)
from ticketing.sla.calendars import (
    Calendar,
    CalendarRefused,
    TimeOutOfSight,
    add_business,
    business_between,
    business_time,
    special_days,
    unpublished_years,
)

HOUR = 3600


@settings(max_examples=60, deadline=None)
@given(calendars(), whole_minutes(60), st.integers(0, 3 * 1440))
@example(NIGHT, datetime(2026, 1, 1, 15, 0, tzinfo=UTC), 1440)
def test_business_time_is_what_counting_minute_by_minute_gives(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    end = start + minutes * MINUTE
    assert business_between(start, end, calendar) == 60 * slow_minutes(start, end, calendar)


@settings(max_examples=60, deadline=None)
@given(calendars(), whole_minutes(60), st.integers(1, 300))
def test_what_is_added_has_gone_by_and_no_minute_earlier(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    due = add_business(start, minutes * 60, calendar)
    assume(due - start < 8 * DAY)
    assert slow_minutes(start, due, calendar) == minutes
    assert is_open(calendar, due - MINUTE)


@settings(max_examples=100, deadline=None)
@given(st.data(), calendars(), st.integers(0, 1200))
def test_at_the_edges_of_hours_every_second_is_counted(
    data: st.DataObject, calendar: Calendar, seconds: int
) -> None:
    start = data.draw(edges(calendar))
    end = start + seconds * SECOND
    assert business_between(start, end, calendar) == slow_seconds(start, end, calendar)


@settings(max_examples=100, deadline=None)
@given(st.data(), calendars(), st.integers(1, 600))
def test_at_the_edges_of_hours_what_is_added_ends_at_the_very_second(
    data: st.DataObject, calendar: Calendar, seconds: int
) -> None:
    start = data.draw(edges(calendar))
    due = add_business(start, seconds, calendar)
    assert is_open(calendar, due - SECOND)
    if due - start <= 12 * timedelta(hours=1):
        assert slow_seconds(start, due, calendar) == seconds


def test_the_slow_clock_reads_holidays_and_weekends_by_itself() -> None:
    assert not is_open(OFFICE, shanghai("2026-10-01 10:00"))
    assert is_open(OFFICE, shanghai("2026-09-20 10:00"))
    assert is_open(OFFICE, shanghai("2099-10-01 10:00"))
    assert not is_open(OFFICE, shanghai("2099-10-03 10:00"))


@settings(max_examples=100, deadline=None)
@given(calendars(), times(), st.integers(0, 40 * 24 * HOUR))
def test_the_time_between_a_start_and_its_end_is_what_was_added(
    calendar: Calendar, start: datetime, seconds: int
) -> None:
    due = add_business(start, seconds, calendar)
    assert due >= start
    assert due.tzinfo is UTC
    assert business_between(start, due, calendar) == seconds


@settings(max_examples=100, deadline=None)
@given(calendars(), times(), times(), times())
def test_business_time_adds_up(
    calendar: Calendar, one: datetime, two: datetime, three: datetime
) -> None:
    start, middle, end = sorted((one, two, three))
    parts = business_time(start, middle, calendar) + business_time(middle, end, calendar)
    assert parts == business_time(start, end, calendar)
    assert parts <= end - start


@settings(max_examples=100, deadline=None)
@given(calendars(), times(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_time_never_ends_earlier(
    calendar: Calendar, start: datetime, one: int, two: int
) -> None:
    less, more = sorted((one, two))
    assert add_business(start, less, calendar) <= add_business(start, more, calendar)


@settings(max_examples=100, deadline=None)
@given(times(), st.integers(0, 10**8))
def test_round_the_clock_business_time_is_time(start: datetime, seconds: int) -> None:
    due = add_business(start, seconds, ALWAYS)
    assert due == start + timedelta(seconds=seconds)
    assert business_between(start, due, ALWAYS) == seconds


def test_an_evening_request_is_due_next_morning() -> None:
    due = add_business(shanghai("2026-11-19 17:30"), 2 * HOUR, OFFICE)
    assert due == shanghai("2026-11-20 10:30")


def test_a_limit_that_is_just_met_ends_when_the_office_closes_and_not_when_it_opens() -> None:
    due = add_business(shanghai("2026-11-19 17:00"), HOUR, OFFICE)
    assert due == shanghai("2026-11-19 18:00")


def test_lunch_does_not_count() -> None:
    assert (
        business_between(shanghai("2026-11-19 11:30"), shanghai("2026-11-19 14:00"), OFFICE) == HOUR
    )


def test_nothing_added_is_the_start_even_at_night() -> None:
    start = shanghai("2026-11-19 03:00")
    assert add_business(start, 0, OFFICE) == start


def test_a_start_outside_hours_counts_from_the_next_opening() -> None:
    assert add_business(shanghai("2026-11-21 12:00"), 60, OFFICE) == shanghai("2026-11-23 09:01")


def test_the_spring_festival_is_skipped_and_its_make_up_days_count() -> None:
    start = shanghai("2026-02-13 17:00")
    assert add_business(start, HOUR + 60, OFFICE) == shanghai("2026-02-14 09:01")
    after = add_business(shanghai("2026-02-14 17:00"), HOUR + 60, OFFICE)
    assert after == shanghai("2026-02-24 09:01")


def test_the_days_that_differ_are_named() -> None:
    found = special_days(shanghai("2026-09-18 12:00"), shanghai("2026-09-28 12:00"), OFFICE)
    assert [(s.day, s.why, s.works) for s in found] == [
        (date(2026, 9, 20), "国庆节", True),
        (date(2026, 9, 25), "中秋", False),
    ]


def test_a_night_shift_belongs_to_the_evening_it_starts_on() -> None:
    friday_only = Calendar("n", "n", ((), (), (), (), ((1320, 1800),), (), ()))
    saturday = shanghai("2026-11-21 05:00")
    assert business_between(saturday, saturday + DAY, friday_only) == HOUR
    assert add_business(shanghai("2026-11-20 23:00"), 6 * HOUR, friday_only) == saturday


def test_a_night_shift_before_a_holiday_is_worked_to_its_end() -> None:
    nights = weekdays(((1320, 1800),), holidays=True)
    eve, morning = shanghai("2026-09-30 22:00"), shanghai("2026-10-01 06:00")
    assert business_between(eve, morning + 2 * DAY, nights) == 8 * HOUR


def test_a_night_shift_runs_on_over_new_year() -> None:
    start = shanghai("2026-12-31 23:00")
    assert add_business(start, 2 * HOUR, NIGHT) == shanghai("2027-01-01 01:00")


def test_intervals_that_overlap_count_once() -> None:
    double = weekdays(((540, 720), (600, 780)))
    assert (
        business_between(shanghai("2026-11-19 00:00"), shanghai("2026-11-20 00:00"), double)
        == 4 * HOUR
    )


def test_a_single_day_may_differ_from_everything() -> None:
    week, day = OFFICE.week, date(2026, 10, 1)
    staffed = Calendar("o", "o", week, True, (), ((day, ((600, 660),)),))
    assert (
        business_between(shanghai("2026-10-01 00:00"), shanghai("2026-10-08 00:00"), staffed)
        == HOUR
    )
    assert special_days(shanghai("2026-10-01 00:00"), shanghai("2026-10-01 12:00"), staffed)[
        0
    ].works


def test_a_year_that_is_not_published_falls_back_to_weekends() -> None:
    start, end = shanghai("2099-10-01 00:00"), shanghai("2099-10-03 00:00")
    assert start.weekday() == 3
    assert business_between(start, end, OFFICE) == 2 * 7.5 * HOUR
    assert unpublished_years(start, end, OFFICE) == (2099,)
    assert unpublished_years(start, end, NIGHT) == ()


def test_published_years_need_no_warning() -> None:
    assert (
        unpublished_years(shanghai("2025-01-01 00:00"), shanghai("2026-12-31 00:00"), OFFICE) == ()
    )


@pytest.mark.parametrize(
    "week",
    [
        ((),) * 7,
        (((540, 599),), *((),) * 6),
        (((540, 720),),) * 6,
        (((720, 540),),) * 7,
        (((1440, 1500),),) * 7,
        (((60, 1501),),) * 7,
    ],
)
def test_a_calendar_with_no_hours_to_speak_of_is_refused(
    week: tuple[tuple[tuple[int, int], ...], ...],
) -> None:
    with pytest.raises(CalendarRefused):
        Calendar("bad", "bad", week)


def test_time_runs_backwards_for_nobody() -> None:
    assert business_between(shanghai("2026-11-20 10:00"), shanghai("2026-11-19 10:00"), ALWAYS) == 0


def test_a_limit_beyond_every_calendar_is_an_error_of_ours() -> None:
    rare = Calendar("r", "r", (((540, 600),), *((),) * 6))
    with pytest.raises(TimeOutOfSight):
        add_business(datetime(9980, 1, 1, tzinfo=UTC), 40 * 60 * HOUR, rare)


def test_spans_of_years_are_quick() -> None:
    start, end = shanghai("2010-01-01 00:00"), shanghai("2026-11-20 00:00")
    business_between(start, end, OFFICE)
    began = time.thread_time()
    for n in range(1000):
        business_between(start + n * MINUTE, end, OFFICE)
        add_business(start + n * MINUTE, 5 * 1000 * HOUR, OFFICE)
    assert time.thread_time() - began < 1.0
