"""How fast a connection may ask, and that nobody's haste is another's."""

from __future__ import annotations

from datetime import timedelta

from ticketing.inbox.pace import A_SECOND, BURST, Pace
from ticketing.kernel import clock


def test_a_rush_is_taken_and_a_flood_is_not() -> None:
    pace, now = Pace(), clock.now()
    assert [pace.may("a", now) for _ in range(BURST + 2)] == [True] * BURST + [False, False]
    assert pace.may("b", now), "another connection"
    later = now + timedelta(seconds=1)
    allowed = [pace.may("a", later) for _ in range(5)]
    assert sum(allowed) == A_SECOND


def test_rest_gives_no_more_than_there_was() -> None:
    pace, now = Pace(), clock.now()
    pace.may("a", now)
    later = now + timedelta(days=1)
    assert sum(pace.may("a", later) for _ in range(BURST * 2)) == BURST


def test_what_costs_much_is_allowed_seldom() -> None:
    pace, now = Pace(), clock.now()
    assert sum(pace.may("a", now, cost=BURST / 4) for _ in range(9)) == 4
    pace.forget("a")
    assert pace.may("a", now, cost=BURST)
