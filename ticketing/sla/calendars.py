"""Business calendars: when time counts. Pure arithmetic on whole microseconds.

Hours are those of Asia/Shanghai, which has kept UTC+8 since 1991; results are aware UTC.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate

from ticketing.kernel.errors import HouseError
from ticketing.sla import holidays

Interval = tuple[int, int]
"""Minutes from midnight: (540, 720) is 09:00-12:00, (1320, 1800) is 22:00 to 06:00 next day."""
Hours = tuple[Interval, ...]

DAY_MINUTES = 24 * 60
LEAST_WEEK = timedelta(hours=1)
"""A calendar with less than this in a week would put every limit out of sight."""
LAST_YEAR = 9990

_OFFSET = timedelta(hours=8)
_DAY = timedelta(days=1)
_MICRO = timedelta(microseconds=1)
_MINUTE_MICROS = 60_000_000


class CalendarRefused(HouseError):
    """Hours that cannot be hours, or hardly any."""

    status, code = 422, "calendar_refused"

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"日历「{name}」不可用：{problem}", calendar=name, problem=problem)


class TimeOutOfSight(HouseError):
    """A time limit that would end later than any calendar reaches."""

    status, code = 422, "time_out_of_sight"

    def __init__(self) -> None:
        super().__init__("按此日历计算的到期时间超出可计算范围")


@dataclass(frozen=True)
class Calendar:
    """When time counts: hours by weekday (Monday first), holidays, single days that differ.

    With `holidays`, statutory days off do not count and make-up workdays have the hours of
    `make_up`; `exceptions` (sorted by day) beat everything else. Raises `CalendarRefused`.
    """

    name: str = field(compare=False)
    label: str = field(compare=False)
    week: tuple[Hours, ...]
    holidays: bool = False
    make_up: Hours = ()
    exceptions: tuple[tuple[date, Hours], ...] = ()

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise CalendarRefused(self.name, "需要七天的时间")
        for hours in (*self.week, self.make_up, *(hours for _, hours in self.exceptions)):
            for start, end in hours:
                if not 0 <= start < DAY_MINUTES or not start < end <= start + DAY_MINUTES:
                    raise CalendarRefused(self.name, "时段无效")
        weekly = sum(end - start for hours in self.week for start, end in _joined(hours))
        if timedelta(minutes=weekly) < LEAST_WEEK:
            raise CalendarRefused(self.name, "每周工作时间不足一小时")

    def hours_of(self, day: date) -> Hours:
        """Return the intervals that begin on a day."""
        special = dict(self.exceptions).get(day)
        if special is not None:
            return special
        if self.holidays and holidays.holiday(day):
            return ()
        if self.holidays and holidays.make_up_for(day):
            return self.make_up
        return self.week[day.weekday()]


@dataclass(frozen=True)
class SpecialDay:
    """A day that has other hours than its weekday, and why."""

    day: date
    why: str
    works: bool


def add_business(start: datetime, seconds: int | timedelta, calendar: Calendar) -> datetime:
    """Return the earliest time by which so much business time has gone by since `start`.

    Nothing added is `start` itself, within hours or not. Raises `TimeOutOfSight`.
    """
    wanted = seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)
    if wanted <= timedelta(0):
        return start.astimezone(UTC)
    local, known = _local(start), _known(calendar)
    year = local.year
    needed = _year(calendar, known, year).position(local) + wanted // _MICRO
    while needed > (total := _year(calendar, known, year).sums[-1]):
        needed, year = needed - total, year + 1
        if year > LAST_YEAR:
            raise TimeOutOfSight
    return _year(calendar, known, year).reached(year, needed)


def business_time(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Return how much business time lies between; nothing when `end` is not after `start`."""
    if end <= start:
        return timedelta(0)
    first, last, known = _local(start), _local(end), _known(calendar)
    before = _year(calendar, known, first.year).position(first)
    whole = sum(_year(calendar, known, year).sums[-1] for year in range(first.year, last.year))
    return (whole + _year(calendar, known, last.year).position(last) - before) * _MICRO


def business_between(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Return the whole business seconds between two times."""
    return business_time(start, end, calendar) // timedelta(seconds=1)


def special_days(start: datetime, end: datetime, calendar: Calendar) -> tuple[SpecialDay, ...]:
    """Return the days between two times that have other hours than their weekday."""
    first, last = _local(start).date(), _local(end).date()
    days = (first + _DAY * n for n in range((last - first).days + 1))
    return tuple(special for day in days if (special := _special(calendar, day)))


def unpublished_years(start: datetime, end: datetime, calendar: Calendar) -> tuple[int, ...]:
    """Return the years between two times whose holidays this calendar needs and nobody knows."""
    if not calendar.holidays:
        return ()
    years = range(_local(start).year, _local(end).year + 1)
    return tuple(year for year in years if not holidays.published(year))


def _special(calendar: Calendar, day: date) -> SpecialDay | None:
    hours = calendar.hours_of(day)
    if hours == calendar.week[day.weekday()]:
        return None
    known = (holidays.holiday(day) or holidays.make_up_for(day)) if calendar.holidays else None
    return SpecialDay(day, known or "特别安排", works=bool(hours))


@dataclass(frozen=True)
class _Year:
    """A year in microseconds: what had counted before each day and at the end; each day's hours."""

    sums: tuple[int, ...]
    days: tuple[Hours, ...]

    def position(self, local: datetime) -> int:
        """Return how much had counted by a time of the year."""
        day = local.timetuple().tm_yday - 1
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        since = (local - midnight) // _MICRO
        so_far = (min(since, end) - start for start, end in self.days[day] if start < since)
        return self.sums[day] + sum(so_far)

    def reached(self, year: int, needed: int) -> datetime:
        """Return the earliest time by which so much has counted."""
        day = bisect_left(self.sums, needed) - 1
        left = needed - self.sums[day]
        for start, end in self.days[day]:
            if left <= end - start:
                local = datetime(year, 1, 1, tzinfo=UTC) + _DAY * day + (start + left) * _MICRO
                return local - _OFFSET
            left -= end - start
        raise TimeOutOfSight


@lru_cache(maxsize=256)
def _known(calendar: Calendar) -> dict[int, _Year]:  # noqa: ARG001 - the key of the cache
    """Return the years worked out so far for calendars equal to this one."""
    return {}


def _year(calendar: Calendar, known: dict[int, _Year], year: int) -> _Year:
    found = known.get(year)
    if found is None:
        found = known[year] = _worked_out(calendar, year)
    return found


def _worked_out(calendar: Calendar, year: int) -> _Year:
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    own = [calendar.hours_of(first + _DAY * n) for n in range(-1, length)]
    days = tuple(_counted(own[n], own[n + 1]) for n in range(length))
    sums = accumulate((sum(end - start for start, end in day) for day in days), initial=0)
    return _Year(tuple(sums), days)


def _counted(before: Hours, own: Hours) -> Hours:
    """Return what counts of a day in microseconds, the night shift of the day before included."""
    spilt = ((0, end - DAY_MINUTES) for _, end in before if end > DAY_MINUTES)
    kept = ((start, min(end, DAY_MINUTES)) for start, end in own)
    joined = _joined((*spilt, *kept))
    return tuple((start * _MINUTE_MICROS, end * _MINUTE_MICROS) for start, end in joined)


def _joined(hours: Hours) -> Hours:
    """Return intervals in order, those that touch or overlap made one."""
    joined: list[Interval] = []
    for start, end in sorted(hours):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _local(at: datetime) -> datetime:
    """Return the clock on a wall in Shanghai, written as if it were UTC."""
    return at.astimezone(UTC) + _OFFSET
