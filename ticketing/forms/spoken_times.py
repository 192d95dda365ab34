"""Days and times as people write them: 11月20日, 昨天, 上周五, 下午三点半."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from ticketing.forms.spoken_numbers import in_digits
from ticketing.kernel.clock import SHANGHAI

_RELATIVE = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨晚": -1, "昨日": -1, "今天": 0, "今日": 0, "今晚": 0,
    "今早": 0, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "大后天": 3, "后天": 2,
}  # fmt: skip
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})\s*(?:年|-|/|\.)\s*(\d{1,2})\s*(?:月|-|/|\.)\s*(\d{1,2})(?!\d)"
)
_MONTH_FIRST = re.compile(r"(?<!\d)(\d{1,2})\s*(?:月|/)\s*(\d{1,2})(?![\d:])")
_DAY_ONLY = re.compile(r"(?<!\d)(\d{1,2})\s*[号日]")
_DIGITS_ONLY = re.compile(r"(?<!\d)(20\d{2})(\d{2})(\d{2})(?!\d)")
_WEEKDAY = re.compile(r"(上上|下下|上|下|这|本)?(?:个)?(?:周|星期|礼拜)([一二三四五六日天])")
_AGO = re.compile(r"(\d{1,3})\s*天(以?前|以?后)")
_CLOCK = re.compile(
    r"(凌晨|清晨|早上|早晨|上午|早|中午|下午|傍晚|晚上|晚|夜里)?\s*(?<!\d)(\d{1,2})\s*"
    r"(?::\s*(\d{2})(?!\d)|[点时](?:\s*(\d{1,2})\s*分?|(半)|(一刻)|(三刻)|整|钟)?)"
)
_WEEKS = {"上上": -2, "上": -1, "": 0, "这": 0, "本": 0, "下": 1, "下下": 2}
_DAYS = "一二三四五六日"
_LATE = frozenset({"下午", "傍晚", "晚上", "晚", "夜里"})
_LONGEST = 100


def day_in(text: str, today: date | None, *, ahead: bool = False) -> date | None:
    """Return the day a text names. Without `today` only whole dates are understood.

    A date without a year is the nearest one; with `ahead` the next one.
    """
    read = in_digits(_plain(text), "月日号天")
    whole = _YEAR_FIRST.search(read) or _DIGITS_ONLY.search(read)
    if whole:
        return _day(*map(int, whole.groups()))
    if today is None:
        return None
    part = _MONTH_FIRST.search(read)
    if part:
        return _nearest(int(part[1]), int(part[2]), today, ahead=ahead)
    return _by_name(read, today, ahead=ahead) or _of_month(read, today, ahead=ahead)


def time_in(text: str) -> time | None:
    """Return the time of day a text names: 14:30, 下午两点半, 3点45分."""
    found = _CLOCK.search(in_digits(_plain(text), "点时分"))
    if found is None:
        return None
    period, hour = found[1] or "", int(found[2])
    if (period in _LATE and hour < 12) or (period == "中午" and hour < 4):
        hour += 12
    if period == "凌晨" and hour == 12:
        hour = 0
    quarters = 30 if found[5] else 15 if found[6] else 45 if found[7] else 0
    minute = int(found[3] or found[4] or quarters)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def moment_in(text: str, today: date | None) -> datetime | None:
    """Return day and time (Asia/Shanghai); a text must name both."""
    day, clock = day_in(text, today), time_in(text)
    return datetime.combine(day, clock, SHANGHAI) if day and clock else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:_LONGEST])


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(month: int, day: int, today: date, *, ahead: bool) -> date | None:
    years = (today.year - 1, today.year, today.year + 1)
    days = [each for each in (_day(year, month, day) for year in years) if each is not None]
    if ahead:
        days = [each for each in days if each >= today]
    return min(days, key=lambda each: abs(each - today), default=None)


def _by_name(text: str, today: date, *, ahead: bool) -> date | None:
    for name, away in _RELATIVE.items():
        if name in text:
            return today + timedelta(days=away)
    ago = _AGO.search(text)
    if ago:
        return today + timedelta(days=int(ago[1]) * (-1 if ago[2].endswith("前") else 1))
    week = _WEEKDAY.search(text)
    if week is None:
        return None
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_WEEKS[week[1] or ""])
    day = monday + timedelta(days=_DAYS.index(week[2].replace("天", "日")))
    has_passed = ahead and not week[1] and day < today
    return day + timedelta(weeks=1) if has_passed else day


def _of_month(text: str, today: date, *, ahead: bool) -> date | None:
    found = _DAY_ONLY.search(text)
    if found is None:
        return None
    month_before = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    month_after = (today.replace(day=28) + timedelta(days=7)).replace(day=1)
    months = (today.replace(day=1), month_after if ahead else month_before)
    days = [_day(month.year, month.month, int(found[1])) for month in months]
    past_or_next = (d for d in days if d is not None and (d >= today if ahead else d <= today))
    return next(past_or_next, days[0])
