"""How long somebody will wait, and when they are told of it anew. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

USUAL = timedelta(minutes=6)
"""How long a person is taken to need where nothing is known."""

QUIET = timedelta(seconds=45)
"""So long nobody is told of their place again."""

AGAIN = timedelta(minutes=3)
"""After so long who writes while they wait is told of their place again."""

_SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True)
class Staffing:
    """Who could take from a queue now: how many conversations at once, and how many more."""

    chats: int
    free: int


def expected_wait(
    position: int, staffing: Staffing, handling: Sequence[timedelta]
) -> timedelta | None:
    """Return how long the one at a place (counted from 1) will wait; nothing where nobody is.

    Whoever finds a free person waits a moment; for the others one conversation ends, on the
    average, every `handling / chats`.
    """
    if staffing.chats <= 0:
        return None
    before = position - staffing.free
    if before <= 0:
        return _SHORTEST
    typical = timedelta(seconds=median(map(timedelta.total_seconds, handling or (USUAL,))))
    return max(_SHORTEST, typical * before / staffing.chats)


def whole_minutes(wait: timedelta) -> int:
    """Return the minutes of a wait, rounded up; above ten to the next five."""
    minutes = -(-wait // timedelta(minutes=1))
    return minutes if minutes <= 10 else -(-minutes // 5) * 5


def is_worth_telling(
    told: int | None, told_at: datetime | None, position: int, now: datetime
) -> bool:
    """Tell whether a place is so much better than the one that was told last: half of it."""
    if told is None or told_at is None or now - told_at < QUIET:
        return False
    return position <= told // 2


def is_worth_repeating(
    told: int | None, told_at: datetime | None, position: int, now: datetime
) -> bool:
    """Tell whether somebody who writes while they wait is to hear of their place (again)."""
    return told is None or told_at is None or position < told or now - told_at >= AGAIN
