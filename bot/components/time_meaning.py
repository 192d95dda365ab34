"""Which days and hours an expression means, as seen from a moment. Pure; local time."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from bot.components.chinese_numbers import whole
from bot.components.time_table import TimeTable

Tense = Literal["past", "future"] | None
Days = tuple[date, date]
_DAY: Final = timedelta(days=1)
_WEEKDAYS: Final = {sign: day for day, sign in enumerate("一二三四五六日")} | {
    "天": 6,
    **{str(day + 1): day for day in range(7)},
}
_NEAR: Final = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_PART_OF_MONTH: Final = {
    "底": (25, 31),
    "初": (1, 5),
    "上旬": (1, 10),
    "中旬": (11, 20),
    "下旬": (21, 31),
    "份": (1, 31),
    "": (1, 31),
}
_WHICH: Final = {"上上": -2, "上": -1, "这": 0, "本": 0, "": 0, "下": 1, "下下": 2}
_YEARS: Final = {"去年": -1, "今年": 0, "明年": 1}
# A day that has passed is meant less often than one that is as near and still to come.
_PAST_IS_FARTHER: Final = 3


@dataclass(frozen=True)
class Seen:
    """From when, with which names, and whether the words around speak of the past."""

    now: datetime
    table: TimeTable
    tense: Tense = None

    @property
    def today(self) -> date:
        """The day of the reader."""
        return self.now.date()


def days_of(text: str, seen: Seen) -> Days | None:
    """First and last day of a date expression; None when there is no such day."""
    for pattern, meaning in _READERS:
        match = pattern.fullmatch(text)
        if match:
            return meaning(match, seen)
    return _festival(text, seen)


def _nearest(dates: Sequence[date], seen: Seen) -> date | None:
    def distance(day: date) -> tuple[bool, int]:
        away = (day - seen.today).days
        wrong = (seen.tense == "past" and away > 0) or (seen.tense == "future" and away < 0)
        return wrong, away if away >= 0 else -away * _PAST_IS_FARTHER

    return min(dates, key=distance, default=None)


def _single(day: date | None) -> Days | None:
    return (day, day) if day else None


def _date(year: int, month: int, day: int) -> date | None:
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def _month(today: date, ahead: int) -> tuple[int, int]:
    months = today.year * 12 + today.month - 1 + ahead
    return months // 12, months % 12 + 1


def _full(match: re.Match[str], seen: Seen) -> Days | None:  # noqa: ARG001 - the readers' shape
    return _single(_date(int(match[1]), int(match[2]), int(match[3])))


def _month_and_day(match: re.Match[str], seen: Seen) -> Days | None:
    month, day = whole(match[2]) or 0, whole(match[3]) or 0
    this = seen.today.year
    years = [this + _YEARS[match[1]]] if match[1] else [this - 1, this, this + 1]
    found = [each for year in years if (each := _date(year, month, day))]
    return _single(_nearest(found, seen))


def _of_month(year: int, month: int, part: str) -> Days | None:
    last = calendar.monthrange(year, month)[1]
    start, end = _PART_OF_MONTH[part]
    return date(year, month, start), date(year, month, min(end, last))


def _named_month(match: re.Match[str], seen: Seen) -> Days | None:
    month = whole(match[2]) or 0
    this = seen.today.year
    years = [this + _YEARS[match[1]]] if match[1] else [this - 1, this, this + 1]
    first = _nearest([each for year in years if (each := _date(year, month, 1))], seen)
    return _of_month(first.year, month, match[3]) if first else None


def _this_month(match: re.Match[str], seen: Seen) -> Days | None:
    year, month = _month(seen.today, _WHICH[match[1]])
    rest = match[2] or ""
    if rest in _PART_OF_MONTH:
        return _of_month(year, month, rest)
    return _single(_date(year, month, whole(rest[:-1]) or 0))


def _day_of_month(match: re.Match[str], seen: Seen) -> Days | None:
    day = whole(match[1]) or 0
    months = [_month(seen.today, ahead) for ahead in (-1, 0, 1)]
    return _single(
        _nearest([each for year, month in months if (each := _date(year, month, day))], seen)
    )


def _week(match: re.Match[str], seen: Seen) -> Days | None:
    monday = seen.today - seen.today.weekday() * _DAY
    if match[1]:
        monday += _WHICH[match[1]] * 7 * _DAY
    day = match[2]
    if day in ("末", None):
        return (
            (monday + 5 * _DAY, monday + 6 * _DAY)
            if day or not match[1]
            else (monday, monday + 6 * _DAY)
        )
    if match[1]:
        return _single(monday + _WEEKDAYS[day] * _DAY)
    ahead = (_WEEKDAYS[day] - seen.today.weekday()) % 7
    behind = seen.tense == "past" and ahead > 0
    return _single(seen.today + (ahead - 7 * behind) * _DAY)


def _near(match: re.Match[str], seen: Seen) -> Days | None:
    return _single(seen.today + _NEAR[match[1]] * _DAY)


def _two_days(match: re.Match[str], seen: Seen) -> Days | None:
    return seen.today + _NEAR[match[1]] * _DAY, seen.today + _NEAR[match[2]] * _DAY


def _festival(text: str, seen: Seen) -> Days | None:
    named = re.fullmatch("(今年|明年|去年)?(.+)", text)
    festival = seen.table.festivals.get(named[2]) if named else None
    if festival is None or named is None:
        return None
    this = seen.today.year
    years = [this + _YEARS[named[1]]] if named[1] else [this - 1, this, this + 1]
    first = _nearest(festival.beginnings(years), seen)
    return (first, first + (festival.days - 1) * _DAY) if first else None


_Reader = Callable[[re.Match[str], Seen], Days | None]
_READERS: Final[Sequence[tuple[re.Pattern[str], _Reader]]] = (
    (re.compile(r"(20\d\d)[年./-](\d{1,2})[月./-](\d{1,2})[日号]?"), _full),
    (
        re.compile(r"(今年|明年|去年)?([^月年上这本下]+)月份?([^号日底初旬份]+)[号日]?"),
        _month_and_day,
    ),
    (re.compile(r"()(\d+)[./-](\d+)[号日]?"), _month_and_day),
    (re.compile(r"(今年|明年|去年)?([^上这本下月年]+)月(底|初|上旬|中旬|下旬|份)"), _named_month),
    (re.compile(r"(上上|上|这|本|下下|下|)(?:一?个)?月(.*)"), _this_month),
    (re.compile(r"(上上|上|这|本|下下|下)?(?:一?个)?(?:周|星期|礼拜)(.)?|双休日"), _week),
    (re.compile(r"([今明])([明后])[两天]天?"), _two_days),
    (re.compile(r"(大前|前|昨|今|明|后|大后)(?:天|日|儿个?)?"), _near),
    (re.compile(r"(.{1,3})[号日]"), _day_of_month),
)


def clock_of(text: str) -> tuple[time | None, ...]:
    """The moments of a clock expression: one, or two of a span; None for what no clock shows."""
    span = re.fullmatch(r"(.+?)\s*(?:-|~|到|至)\s*(.+)", text)
    if span:
        return _clock(span[1]), _clock(span[2])
    two = re.match(r"([一二两三四五六七八九])([二三四五六七八九])[点时]|(九)(十)[点时]", text)
    if two:
        first, second = (sign for sign in two.groups() if sign)
        return _clock(f"{first}点"), _clock(f"{second}点")
    return (_clock(text),)


def _clock(text: str) -> time | None:
    match = re.match(r"([^点时:]+)(?:点钟?|时|:)?(半|整|多|[一三]刻|[^分:]*)", text)
    if match is None:
        return None
    named = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, "多": 0, "": 0}
    hour = whole(match[1])
    minute = named[match[2]] if match[2] in named else whole(match[2])
    if hour is None or minute is None or hour > 24 or minute > 59:
        return None
    return time(23, 59) if hour == 24 else time(hour, minute)
