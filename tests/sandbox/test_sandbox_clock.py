"""The simulated clock walks with the real one and only ever runs ahead of it."""

from datetime import UTC, datetime, timedelta

from sandbox.clock import SimulatedClock, real_now

START = datetime(2026, 11, 22, 7, 0, 0, 123456, tzinfo=UTC)


def test_it_starts_at_the_real_time_in_whole_seconds() -> None:
    clock = SimulatedClock(lambda: START)
    assert clock.started_at == START.replace(microsecond=0)
    assert clock.now() == START


def test_it_walks_with_the_real_clock() -> None:
    moments = iter([START, START + timedelta(minutes=7)])
    clock = SimulatedClock(lambda: next(moments))
    assert clock.now() == START + timedelta(minutes=7)


def test_it_keeps_what_it_was_advanced_by() -> None:
    clock = SimulatedClock(lambda: START)
    clock.advance(timedelta(hours=6))
    assert clock.advance(timedelta(minutes=1)) == START + timedelta(hours=6, minutes=1)
    assert clock.advanced_by == timedelta(hours=6, minutes=1)


def test_the_real_time_is_aware() -> None:
    assert real_now().utcoffset() == timedelta()
