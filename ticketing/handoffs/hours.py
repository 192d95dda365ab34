"""When people take conversations of a queue, and when they begin again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from ticketing.sla.calendars import Calendar, TimeOutOfSight, add_business

_MOMENT = timedelta(microseconds=1)


def next_opening(calendar: Calendar, now: datetime) -> datetime | None:
    """Return when a calendar's time counts again: `now` within hours, nothing if it never does."""
    try:
        return add_business(now, _MOMENT, calendar) - _MOMENT
    except TimeOutOfSight:
        return None


def is_open(calendar: Calendar, now: datetime) -> bool:
    """Tell whether a time lies within the hours of a calendar."""
    return next_opening(calendar, now) == now
