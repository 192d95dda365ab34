"""A day, a part of it, a clock and a bound put together, written in ISO 8601. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.components.chinese_numbers import number
from bot.components.time_grammar import is_exact
from bot.components.time_meaning import Days, Seen, clock_of, days_of

_DAY: Final = timedelta(days=1)
_LAST: Final = time(23, 59)
_NOON, _EVENING, _SMALL_HOURS, _LATE_MORNING = 12, 18, 6, 11


@dataclass(frozen=True)
class Spoken:
    """The pieces of one expression; empty where nothing was said."""

    date: str = ""
    part: str = ""
    clock: str = ""
    bound: str = ""


@dataclass(frozen=True)
class Meant:
    """From `start` to `end`, None for an open end; whole days, or moments."""

    start: datetime
    end: datetime | None
    whole_days: bool

    def iso(self) -> str:
        """One date or moment, or two of them around a slash; two dots for an open end."""
        first, last = self._written(self.start), self._written(self.end) if self.end else ".."
        return first if first == last else f"{first}/{last}"

    def _written(self, moment: datetime) -> str:
        return moment.strftime("%Y-%m-%d" if self.whole_days else "%Y-%m-%dT%H:%M")


def meaning(spoken: Spoken, seen: Seen) -> Meant | None:
    """What the pieces say together; None where they say nothing that exists."""
    days = days_of(spoken.date, seen) if spoken.date else _default_days(spoken, seen)
    if days is None:
        return None
    if spoken.clock:
        return _of_clock(spoken, days[0], seen)
    if spoken.part:
        return _of_part(spoken, days[0], seen)
    return _of_days(spoken, days, seen)


def joined(first: Meant, second: Meant) -> Meant | None:
    """From the first to the second; None when the second is earlier."""
    last = second.end or second.start
    whole_days = first.whole_days and second.whole_days
    return Meant(first.start, last, whole_days) if last >= first.start else None


def after_a_while(count: str, half: str, unit: str, side: str, seen: Seen) -> Meant | None:
    """三天后, 两小时内, 一周前; None for a number that is not exact."""
    value = {"半": 0.5}.get(count) or float(number(count) or 0)
    value += 0.5 if half else 0
    if not is_exact(count) or not value:
        return None
    way = -1 if side.endswith("前") else 1
    precise = any(word in unit for word in ("小时", "钟"))
    name = unit.replace("钟头", "小时").lstrip("个") if precise else unit
    if name not in _LENGTHS:
        return None
    then = _at(seen.now + way * _LENGTHS[name](value))
    if side.endswith("内"):
        return Meant(_at(seen.now), then, not precise)
    return Meant(then, then, not precise)


_LENGTHS: Final[dict[str, Callable[[float], timedelta]]] = {
    "天": lambda value: timedelta(days=value),
    "周": lambda value: timedelta(weeks=value),
    "星期": lambda value: timedelta(weeks=value),
    "礼拜": lambda value: timedelta(weeks=value),
    "个月": lambda value: timedelta(days=30 * value),
    "年": lambda value: timedelta(days=365 * value),
    "小时": lambda value: timedelta(hours=value),
    "钟": lambda value: timedelta(hours=value),
    "分钟": lambda value: timedelta(minutes=value),
    "刻钟": lambda value: timedelta(minutes=15 * value),
}


def _at(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _on(day: date, clock: time, seen: Seen) -> datetime:
    return datetime.combine(day, clock, tzinfo=seen.now.tzinfo)


def _default_days(spoken: Spoken, seen: Seen) -> Days:
    """Today; tomorrow for a part of the day that is over and is spoken of as to come."""
    hours = seen.table.parts.get(spoken.part)
    over = hours is not None and hours[1] <= seen.now.hour
    day = seen.today + _DAY if over and seen.tense == "future" else seen.today
    return day, day


def _of_days(spoken: Spoken, days: Days, seen: Seen) -> Meant | None:
    first, last = (_on(day, time(0), seen) for day in days)
    if spoken.bound.endswith("前") and spoken.bound != "前后":
        named = spoken.date.lstrip("今明去年") in seen.table.festivals
        end = first - _DAY if named else last
        today = _on(seen.today, time(0), seen)
        return Meant(today, end, True) if end >= today else None
    if spoken.bound.endswith("后") and spoken.bound != "前后":
        return Meant(
            last + _DAY if first != last or _is_festival(spoken, seen) else first, None, True
        )
    return Meant(first, last, True)


def _is_festival(spoken: Spoken, seen: Seen) -> bool:
    return any(name in spoken.date for name in seen.table.festivals)


def _hours(part: str, day: date, seen: Seen) -> tuple[datetime, datetime]:
    start, end = seen.table.parts[part]
    return _on(day, time(start), seen), _on(day, time(end) if end < 24 else _LAST, seen)


def _of_part(spoken: Spoken, day: date, seen: Seen) -> Meant:
    start, end = _hours(spoken.part, day, seen)
    if spoken.bound.endswith("前") and spoken.bound != "前后":
        return Meant(_day_begins(day, seen), start if start > seen.now else end, False)
    if spoken.bound.endswith("后") and spoken.bound != "前后":
        return Meant(end, _on(day, _LAST, seen), False)
    return Meant(start, end, False)


def _of_clock(spoken: Spoken, day: date, seen: Seen) -> Meant | None:
    clocks = clock_of(spoken.clock)
    if None in clocks:
        return None
    moments = [_moment(each, spoken, day, seen) for each in clocks if each]
    start, end = moments[0], moments[-1]
    if end < start:
        end += timedelta(hours=_NOON)
    if not (spoken.date or spoken.part) and end < seen.now and seen.tense != "past":
        start, end = start + _DAY, end + _DAY
    if spoken.bound.endswith("前") and spoken.bound != "前后":
        earliest = (
            _hours(spoken.part, day, seen)[0] if spoken.part else _day_begins(start.date(), seen)
        )
        return Meant(min(earliest, end), end, False)
    if spoken.bound.endswith("后") and spoken.bound != "前后":
        return Meant(start, _on(start.date(), _LAST, seen), False)
    return Meant(start, end, False)


def _day_begins(day: date, seen: Seen) -> datetime:
    """Midnight, or now where the day has begun."""
    return (
        max(_on(day, time(0), seen), _at(seen.now))
        if day == seen.today
        else _on(day, time(0), seen)
    )


def _moment(clock: time, spoken: Spoken, day: date, seen: Seen) -> datetime:
    """The clock on that day; couriers come between seven in the morning and seven at night."""
    moment = _on(day, clock, seen)
    half_day = timedelta(hours=_NOON)
    if spoken.part:
        start, end = seen.table.parts[spoken.part]
        if start >= _EVENING and (clock.hour == _NOON or clock.hour < 5):
            return moment + (half_day if clock.hour == _NOON else _DAY)
        later = (
            end > _NOON
            and clock.hour < _NOON
            and not (start < _NOON and clock.hour >= _LATE_MORNING)
        )
        return moment + half_day if later else moment
    if spoken.clock.startswith("0") or clock.hour >= _NOON:
        return moment
    early = 0 < clock.hour <= _SMALL_HOURS
    passed = (
        not spoken.date
        and len(clock_of(spoken.clock)) == 1
        and moment < seen.now
        and seen.tense != "past"
        and moment + half_day > seen.now
    )
    return moment + half_day if early or passed else moment
