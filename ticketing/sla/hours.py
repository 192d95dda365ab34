"""Calendars as people write them: `{"mon": ["09:00-12:00", "22:00-06:00"]}`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ticketing.sla.calendars import DAY_MINUTES, Calendar, CalendarRefused, Hours, Interval

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
IntervalText = Annotated[str, Field(pattern=rf"^{_TIME}-(?:{_TIME}|24:00)$")]
HoursText = Annotated[tuple[IntervalText, ...], Field(max_length=12)]
Label = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f]+$")]
_PLAUSIBLE = Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))


class Week(BaseModel):
    """Hours by weekday; a day left out is off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mon: HoursText = ()
    tue: HoursText = ()
    wed: HoursText = ()
    thu: HoursText = ()
    fri: HoursText = ()
    sat: HoursText = ()
    sun: HoursText = ()


class CalendarText(BaseModel):
    """A calendar as it is written, stored and sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Label
    week: Week
    holidays: bool = False
    make_up: HoursText = ()
    exceptions: Annotated[dict[Annotated[date, _PLAUSIBLE], HoursText], Field(max_length=400)] = {}

    def calendar(self, name: str) -> Calendar:
        """Return the calendar; raise `CalendarRefused`."""
        return Calendar(
            name,
            self.label,
            tuple(_hours(name, getattr(self.week, day)) for day in WEEKDAYS),
            self.holidays,
            _hours(name, self.make_up),
            tuple((day, _hours(name, hours)) for day, hours in sorted(self.exceptions.items())),
        )


def _hours(name: str, texts: HoursText) -> Hours:
    return tuple(_interval(name, text) for text in texts)


def _interval(name: str, text: str) -> Interval:
    start, end = (_minutes(part) for part in text.split("-"))
    if start == end:
        raise CalendarRefused(name, f"时段 {text} 没有长度（全天请写 00:00-24:00）")
    return start, end if end > start else end + DAY_MINUTES


def _minutes(text: str) -> int:
    hour, minute = text.split(":")
    return timedelta(hours=int(hour), minutes=int(minute)) // timedelta(minutes=1)
