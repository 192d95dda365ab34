"""Statutory holidays and make-up workdays (调休) of China, as far as they are published."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.metadata import version

import chinese_calendar
import structlog
from chinese_calendar import Holiday

_DIST = "chinesecalendar"

_log = structlog.get_logger(__name__)


@cache
def published(year: int) -> bool:
    """Tell whether the holidays of a year are known; log, once, when they are not."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except RuntimeError:
        _log.warning("holidays_not_published", year=year, package=version(_DIST))
        return False
    return True


def holiday(day: date) -> str | None:
    """Return the Chinese name of the statutory holiday a day belongs to, if it does."""
    return _named(day, off=True)


def make_up_for(day: date) -> str | None:
    """Return the holiday whose days off are worked for on this day of a weekend, if any is."""
    return _named(day, off=False)


def _named(day: date, *, off: bool) -> str | None:
    if not published(day.year):
        return None
    is_off, name = chinese_calendar.get_holiday_detail(day)
    return str(Holiday(name).chinese) if name and is_off is off else None


def unpublished_notice(years: tuple[int, ...]) -> str:
    """Return what managers are told of years whose holidays are not known yet."""
    spoken = "、".join(str(year) for year in years)
    return (
        f"{spoken} 年的法定节假日与调休安排尚未收录（{_DIST} {version(_DIST)}），"
        "这些年份暂按每周固定时间计算；可在日历的「个别日子」里手工填写"
    )
