"""Fire what is due: warn, announce a breach, escalate it, let a process's timer go off."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.kernel.facts import announce
from ticketing.sla import clocks, deadlines, repository
from ticketing.sla.configuration import Configuration, configuration
from ticketing.sla.events import SlaBreached, SlaFact, SlaWarned
from ticketing.sla.models import SlaClock, SlaPause
from ticketing.tickets import steps

BATCH = 25
LANES = 3
"""So many batches at once where there is much to do: one waits for the database, one works."""

_MOST_BATCHES = 100
_FIRST_WAIT = timedelta(seconds=10)
_LONGEST_WAIT = timedelta(minutes=10)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Ringing:
    """A clock with something to do, and what must be known of its ticket to tell of it."""

    clock: SlaClock
    ticket_no: str
    assignee: str | None
    queue: str | None


async def fire_due(db: Database, clock: Clock, limit: int = BATCH, lanes: int = LANES) -> int:
    """Fire everything that is due by now, in batches; return how many clocks were handled.

    Any number of processes may do so at once. A clock and the facts it announces are written
    in one transaction, so a killed process neither loses nor doubles any.
    """
    first = await _fire_batch(db, clock(), limit)
    if first < limit:
        return first
    work = (_fire_batches(db, clock, limit) for _ in range(lanes))
    ends = await asyncio.gather(*work, return_exceptions=True)
    for end in ends:
        if isinstance(end, BaseException):
            raise end
    return first + sum(end for end in ends if isinstance(end, int))


async def _fire_batches(db: Database, clock: Clock, limit: int) -> int:
    handled = 0
    for _ in range(_MOST_BATCHES):
        done = await _fire_batch(db, clock(), limit)
        handled += done
        if done < limit:
            break
    return handled


async def _fire_batch(db: Database, now: datetime, limit: int) -> int:
    claimed: list[int] = []
    try:
        async with db.transaction() as session:
            ringing = await _claim(session, now, limit)
            claimed = [each.clock.id for each in ringing]
            await _fire(session, ringing, now)
    except Exception:
        if not claimed:
            raise
        _log.warning("firing_batch_failed", clocks=len(claimed), exc_info=True)
        for clock_id in claimed:
            await _fire_alone(db, clock_id, now)
    return len(claimed)


async def _fire_alone(db: Database, clock_id: int, now: datetime) -> None:
    """Fire one clock; where that fails, later again, so that it holds up no other."""
    failures = 0
    try:
        async with db.transaction() as session:
            ringing = await _claim(session, now, 1, only=clock_id)
            failures = sum(each.clock.failures for each in ringing)
            await _fire(session, ringing, now)
    except Exception:  # noqa: BLE001 - the edge of a clock: the others go on
        _log.error("firing_failed", clock_id=clock_id, failures=failures + 1, exc_info=True)
        async with db.transaction() as session:
            await repository.postpone(session, clock_id, now + wait_after(failures))


def wait_after(failures: int) -> timedelta:
    """Return how long a clock rests after failing: 10 s, doubling, 10 minutes at most."""
    return min(_FIRST_WAIT * (1 << min(failures, 10)), _LONGEST_WAIT)


async def _claim(
    session: AsyncSession, now: datetime, limit: int, only: int | None = None
) -> list[Ringing]:
    rows = await repository.claim_due(session, now, limit, only)
    return [Ringing(*row) for row in rows]


async def _fire(session: AsyncSession, ringing: Sequence[Ringing], now: datetime) -> None:
    if not ringing:
        return
    config = await configuration(session)
    ticket_ids = tuple({each.clock.ticket_id for each in ringing})
    pauses = await repository.pauses_of(session, ticket_ids)
    facts, timers = [], []
    for each in ringing:
        each.clock.failures = 0
        own = [pause for pause in pauses if pause.ticket_id == each.clock.ticket_id]
        level = _ring(each.clock, config, own, now)
        if level is not None and each.clock.clock == clocks.TIMER:
            timers.append(each)
        elif level is not None:
            facts.append(_fact(each, level, now))
    # Written first: a listener that changes the ticket finds its clocks as they are now.
    await session.flush()
    for fact in facts:
        await announce(session, fact)
    for each in timers:
        await steps.fire_timer(session, each.ticket_no, str(each.clock.timer_name), now)


def _ring(
    clock: SlaClock, config: Configuration, pauses: Sequence[SlaPause], now: datetime
) -> int | None:
    """Let a clock do what it is to do next and set it; return the level to be announced."""
    times = clocks.schedule_of(clock, config, pauses)
    warned = bool(clock.warned_at) or deadlines.overtaken(times, now)
    firing = deadlines.next_firing(times, warned=warned, level=clock.level)
    if firing is None or firing.at > now:
        clock.next_at = firing.at if firing else None
        return None
    if clock.clock == clocks.TIMER:
        clocks.stop(clock, "fired", now)
        return firing.level
    if firing.level:
        clock.level, clock.breached_at = firing.level, clock.breached_at or now
    else:
        clock.warned_at = now
    following = deadlines.next_firing(times, warned=True, level=clock.level)
    clock.next_at = following.at if following else None
    return firing.level


def _fact(ringing: Ringing, level: int, now: datetime) -> SlaFact:
    clock = ringing.clock
    sort = SlaBreached if level else SlaWarned
    return sort(
        at=now,
        ticket_id=clock.ticket_id,
        ticket_no=ringing.ticket_no,
        clock_id=clock.id,
        clock=clock.clock,
        audience=clock.audience,
        step_id=clock.step_id,
        due_at=clock.due_at or now,
        assignee=ringing.assignee,
        queue=ringing.queue,
        level=level,
        to=clock.escalations[level - 1][0] if level else "assignee",
    )
