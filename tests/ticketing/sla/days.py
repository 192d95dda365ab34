"""Calendars drawn at random, and a slow clock to judge the quick one by."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import chinese_calendar
from hypothesis import strategies as st

from ticketing.kernel.clock import SHANGHAI
from ticketing.sla.calendars import Calendar, CalendarRefused, Hours

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
PUBLISHED_UNTIL = max(day.year for day in chinese_calendar.holidays)
"""Of later years nobody knows the holidays: weekends are all that is free."""
EARLY, LATE = datetime(2024, 1, 1, tzinfo=UTC), datetime(2028, 12, 31, tzinfo=UTC)


def weekdays(hours: Hours, name: str = "plain", *, holidays: bool = False) -> Calendar:
    """Monday to Friday by these hours."""
    return Calendar(name, name, (hours,) * 5 + ((), ()), holidays, make_up=hours)


OFFICE = weekdays(((540, 720), (810, 1080)), "office", holidays=True)
NIGHT = Calendar("night", "夜班", (((1320, 1800),),) * 7)
ALWAYS = Calendar("always", "全天候", (((0, 1440),),) * 7)


def shanghai(text: str) -> datetime:
    """A time as the clock on the wall shows it: `2026-02-14 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    """A few intervals of a day, overlapping and overnight ones among them."""
    starts = draw(st.lists(st.integers(0, 1439), max_size=3))
    return tuple((start, start + draw(st.integers(1, 1440))) for start in starts)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Any calendar that is not refused."""
    week = tuple(draw(st.lists(hours(), min_size=7, max_size=7)))
    days = draw(
        st.dictionaries(st.dates(date(2024, 1, 1), date(2028, 12, 31)), hours(), max_size=4)
    )
    special = tuple(sorted(days.items()))
    try:
        return Calendar("any", "any", week, draw(st.booleans()), draw(hours()), special)
    except CalendarRefused:
        return Calendar("any", "any", (((480, 600),), *week[1:]), True, draw(hours()), special)


def times(early: datetime = EARLY, late: datetime = LATE) -> st.SearchStrategy[datetime]:
    """Any time of a few years, in whole seconds, some of them with a fraction."""
    span = int((late - early).total_seconds())
    whole = st.integers(0, span).map(lambda n: early + timedelta(seconds=n))
    return whole | st.builds(
        lambda at, micro: at.replace(microsecond=micro), whole, st.integers(0, 999_999)
    )


def whole_minutes(days: int) -> st.SearchStrategy[datetime]:
    """Any minute of the days after New Year 2026, the Spring Festival included."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return st.integers(0, days * 1440).map(lambda n: start + n * MINUTE)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Whether a moment counts, by the rules as people say them."""
    local = at.astimezone(SHANGHAI)
    minute = local.hour * 60 + local.minute
    today = any(start <= minute < end for start, end in _hours(calendar, local.date()))
    before = _hours(calendar, local.date() - DAY)
    return today or any(minute + 1440 < end for _, end in before)


def slow_seconds(start: datetime, end: datetime, calendar: Calendar) -> int:
    """The open seconds between two whole seconds, counted one by one."""
    count = int((end - start) / SECOND)
    return sum(is_open(calendar, start + n * SECOND) for n in range(count))


@st.composite
def edges(draw: st.DrawFn, calendar: Calendar) -> datetime:
    """A second or so before, at or after the beginning or the end of some hours."""
    any_day = st.dates(date(2026, 1, 1), date(2028, 12, 31))
    named = [special for special, _ in calendar.exceptions]
    day = draw(st.sampled_from(named) | any_day if named else any_day)
    hours = (calendar.make_up, *calendar.week, *(hours for _, hours in calendar.exceptions))
    minutes = sorted({0, *(minute for each in hours for start_end in each for minute in start_end)})
    local = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    near = timedelta(seconds=draw(st.integers(-3, 3)))
    return (local + draw(st.sampled_from(minutes)) * MINUTE + near).astimezone(UTC)


def slow_minutes(start: datetime, end: datetime, calendar: Calendar) -> int:
    """The open minutes between two whole minutes, counted one by one."""
    count = int((end - start) / MINUTE)
    return sum(is_open(calendar, start + n * MINUTE) for n in range(count))


@lru_cache(maxsize=4096)
def _hours(calendar: Calendar, day: date) -> Hours:
    """The hours that begin on a day, read from the calendar and the published holidays alone."""
    for special, hours in calendar.exceptions:
        if special == day:
            return hours
    usual = calendar.week[day.weekday()]
    if not calendar.holidays or day.year > PUBLISHED_UNTIL:
        return usual
    is_off, name = chinese_calendar.get_holiday_detail(day)
    if name is None:
        return usual
    return () if is_off else calendar.make_up
