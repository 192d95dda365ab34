"""When a time limit warns, runs out and escalates. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from ticketing.sla.calendars import Calendar, add_business, business_time

Pausing = Literal["all", "manual", "none"]
"""Which pauses a clock heeds: each, only those a person ordered, or none (the customer's)."""

MANUAL = "manual"


@dataclass(frozen=True)
class Pause:
    """A time in which nobody of ours can do anything; without an end it goes on."""

    reason: str
    started_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Limit:
    """A promise: so much business time from a start, the pauses it heeds left out.

    `warn_before` is business time before the end, `escalations` business time after it, one
    for each level, the first usually nothing.
    """

    started_at: datetime
    target: timedelta
    calendar: Calendar
    pauses: tuple[Pause, ...] = ()
    warn_before: timedelta = timedelta(0)
    escalations: tuple[timedelta, ...] = (timedelta(0),)


@dataclass(frozen=True)
class Schedule:
    """The times of a limit; None is beyond the pause that goes on, or never."""

    warn_at: datetime | None
    due_at: datetime | None
    levels: tuple[datetime | None, ...]


@dataclass(frozen=True)
class Firing:
    """What happens next: a warning (level 0), or the breach at a level from 1."""

    level: int
    at: datetime


def due_at(
    started_at: datetime, target: timedelta, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """Return when a target is used up; None while a pause stands in between."""
    return _reached(Limit(started_at, target, calendar, tuple(pauses)), target)


def schedule(limit: Limit, levels: int | None = None) -> Schedule:
    """Return when a limit warns, runs out and escalates, up to so many `levels`."""
    until_warning = limit.target - limit.warn_before
    warns = timedelta(0) < until_warning < limit.target
    due = _reached(limit, limit.target)
    return Schedule(
        _reached(limit, until_warning) if warns else None,
        due,
        tuple(
            _reached(limit, limit.target + after) if after else due
            for after in limit.escalations[:levels]
        ),
    )


def next_firing(times: Schedule, *, warned: bool, level: int) -> Firing | None:
    """Return what a clock does next; `level` is the highest it has reached.

    A warning that would come after the breach is left out.
    """
    if level < len(times.levels):
        at = times.levels[level]
        breach = Firing(level + 1, at) if at else None
        if level == 0 and not warned and times.warn_at:
            return Firing(0, times.warn_at)
        return breach
    return None


def overtaken(times: Schedule, now: datetime) -> bool:
    """Tell whether it is too late for a warning."""
    return times.due_at is not None and times.due_at <= now


def counted(limit: Limit, until: datetime) -> timedelta:
    """Return how much of a limit is used up by a time."""
    spans = _running(limit.started_at, limit.pauses)
    return sum(
        (
            business_time(start, min(end, until) if end else until, limit.calendar)
            for start, end in spans
            if start < until
        ),
        timedelta(0),
    )


def heeded(pauses: Iterable[Pause], pausing: Pausing) -> tuple[Pause, ...]:
    """Return the pauses that a clock heeds."""
    if pausing == "none":
        return ()
    return tuple(p for p in pauses if pausing == "all" or p.reason == MANUAL)


def _reached(limit: Limit, wanted: timedelta) -> datetime | None:
    left = wanted
    for start, end in _running(limit.started_at, limit.pauses):
        if end is None:
            return add_business(start, left, limit.calendar)
        available = business_time(start, end, limit.calendar)
        if left <= available:
            return add_business(start, left, limit.calendar)
        left -= available
    return None


def _running(
    started_at: datetime, pauses: Iterable[Pause]
) -> list[tuple[datetime, datetime | None]]:
    """Return the spans between the pauses; the last is open unless a pause goes on."""
    spans: list[tuple[datetime, datetime | None]] = []
    start = started_at
    for pause in sorted(pauses, key=lambda p: p.started_at):
        if pause.started_at > start:
            spans.append((start, pause.started_at))
        if pause.ended_at is None:
            return spans
        start = max(start, pause.ended_at)
    spans.append((start, None))
    return spans
