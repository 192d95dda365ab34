"""Every statement of sla."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import event, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, load_only

from ticketing.kernel.together import TogetherSession
from ticketing.sla.models import (
    BusinessCalendar,
    QueueCalendar,
    SlaClock,
    SlaPause,
    SlaPolicies,
)
from ticketing.tickets.models import Ticket, TicketStep

_LOCKED = "sla.locked"
"""In a session, the clocks it has locked, by ticket."""


@event.listens_for(TogetherSession, "after_soft_rollback")
def _forget_the_locked(session: Session, _transaction: object) -> None:
    """What was taken back may have been read or added since: it is read anew."""
    session.info.pop(_LOCKED, None)


async def clocks_to_change(session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[SlaClock]:
    """Return, locked, the running clocks of a ticket and those of its solution, oldest first.

    Once locked they are our own until the transaction ends, and are not read again.
    """
    known: dict[uuid.UUID, list[SlaClock]] = session.info.setdefault(_LOCKED, {})
    if ticket_id not in known:
        known[ticket_id] = await _lock_clocks(session, ticket_id)
    return [c for c in known[ticket_id] if c.stopped_at is None or c.clock == "solution"]


async def _lock_clocks(session: AsyncSession, ticket_id: uuid.UUID) -> list[SlaClock]:
    if any(isinstance(row, SlaClock) for row in session.dirty):
        await session.flush()
    running = SlaClock.stopped_at.is_(None) | (SlaClock.clock == "solution")
    query = (
        select(SlaClock)
        .where(SlaClock.ticket_id == ticket_id, running)
        .order_by(SlaClock.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    with session.no_autoflush:
        found = (await session.scalars(query)).all()
    beginning = (row for row in session.new if isinstance(row, SlaClock))
    return [*found, *(row for row in beginning if row.ticket_id == ticket_id)]


def add_clocks(session: AsyncSession, ticket_id: uuid.UUID, clocks: Sequence[SlaClock]) -> None:
    """Add new clocks of a ticket."""
    session.add_all(clocks)
    session.info.get(_LOCKED, {}).get(ticket_id, []).extend(clocks)


async def clocks_of(session: AsyncSession, ticket_ids: Sequence[uuid.UUID]) -> Sequence[SlaClock]:
    """Return every clock these tickets ever had, oldest first."""
    found = await session.scalars(
        select(SlaClock).where(SlaClock.ticket_id.in_(ticket_ids)).order_by(SlaClock.id)
    )
    return found.all()


async def pauses_of(session: AsyncSession, ticket_ids: Sequence[uuid.UUID]) -> Sequence[SlaPause]:
    """Return every pause of these tickets, oldest first."""
    query = select(SlaPause).where(SlaPause.ticket_id.in_(ticket_ids)).order_by(SlaPause.id)
    with session.no_autoflush:
        found = (await session.scalars(query)).all()
    beginning = (row for row in session.new if isinstance(row, SlaPause))
    return [*found, *(row for row in beginning if row.ticket_id in ticket_ids)]


async def claim_due(
    session: AsyncSession, now: datetime, limit: int, only: int | None = None
) -> list[tuple[SlaClock, str, str | None, str | None]]:
    """Return, locked, clocks with something to do by now, the earliest first.

    With each: ticket number, assignee and queue. What another worker, or a change of the
    ticket, has locked is left out. The tickets are
    locked too: whoever changes a ticket locks it before its clocks. `only` is the id of a clock.
    """
    due = (SlaClock.next_at <= now, SlaClock.stopped_at.is_(None))
    chosen = due if only is None else (*due, SlaClock.id == only)
    found = await session.execute(
        select(
            SlaClock,
            Ticket.ticket_no,
            func.coalesce(TicketStep.assignee, Ticket.assignee).label("assignee"),
            func.coalesce(TicketStep.queue, Ticket.queue).label("queue"),
        )
        .join(Ticket, Ticket.id == SlaClock.ticket_id)
        .outerjoin(TicketStep, TicketStep.id == SlaClock.step_id)
        .where(*chosen)
        .order_by(SlaClock.next_at)
        .limit(limit)
        .with_for_update(of=[SlaClock, Ticket], key_share=True, skip_locked=True)
    )
    return [(clock, number, assignee, queue) for clock, number, assignee, queue in found]


async def postpone(session: AsyncSession, clock_id: int, until: datetime) -> None:
    """Look at a clock again later; it has failed once more."""
    await session.execute(
        update(SlaClock)
        .where(SlaClock.id == clock_id, SlaClock.stopped_at.is_(None))
        .values(next_at=until, failures=SlaClock.failures + 1)
    )


async def timed_tickets(session: AsyncSession, after: uuid.UUID, limit: int) -> Sequence[Ticket]:
    """Return, locked, tickets with running clocks, by id."""
    running = exists().where(SlaClock.ticket_id == Ticket.id, SlaClock.stopped_at.is_(None))
    used = (Ticket.kind, Ticket.priority, Ticket.queue, Ticket.due_at)
    found = await session.scalars(
        select(Ticket)
        .options(load_only(*used))
        .where(Ticket.id > after, running)
        .order_by(Ticket.id)
        .limit(limit)
        .with_for_update(key_share=True)
    )
    return found.all()


async def running_clocks(
    session: AsyncSession, ticket_ids: Sequence[uuid.UUID]
) -> Sequence[SlaClock]:
    """Return, locked, the running clocks of several tickets."""
    found = await session.scalars(
        select(SlaClock)
        .where(SlaClock.ticket_id.in_(ticket_ids), SlaClock.stopped_at.is_(None))
        .order_by(SlaClock.id)
        .with_for_update()
    )
    return found.all()


async def steps_by_id(session: AsyncSession, step_ids: Collection[int]) -> Sequence[TicketStep]:
    """Return these steps."""
    found = await session.scalars(select(TicketStep).where(TicketStep.id.in_(step_ids)))
    return found.all()


async def stop_all(session: AsyncSession, ticket_id: uuid.UUID, now: datetime) -> None:
    """Stop whatever runs of a ticket that is closed, and end its pauses."""
    await session.execute(
        update(SlaClock)
        .where(SlaClock.ticket_id == ticket_id, SlaClock.stopped_at.is_(None))
        .values(stopped_at=now, outcome="closed", next_at=None)
    )
    await session.execute(
        update(SlaPause)
        .where(SlaPause.ticket_id == ticket_id, SlaPause.ended_at.is_(None))
        .values(ended_at=now)
    )


async def newest_policies(session: AsyncSession) -> SlaPolicies | None:
    """Return the version in force, unless it is the shipped one."""
    found = await session.scalars(select(SlaPolicies).order_by(SlaPolicies.version.desc()).limit(1))
    return found.one_or_none()


async def add_policies(session: AsyncSession, row: dict[str, Any]) -> bool:
    """Add a version; tell whether it was the next one."""
    newest = select(func.coalesce(func.max(SlaPolicies.version), 0)).scalar_subquery()
    if await session.scalar(select(newest)) != row["version"] - 1:
        return False
    done = insert(SlaPolicies).values(**row).on_conflict_do_nothing().returning(SlaPolicies.version)
    return (await session.scalar(done)) is not None


async def calendars(session: AsyncSession) -> Sequence[BusinessCalendar]:
    """Return the calendars that were added or changed."""
    found = await session.scalars(select(BusinessCalendar).order_by(BusinessCalendar.name))
    return found.all()


async def put_calendar(session: AsyncSession, row: dict[str, Any]) -> bool:
    """Write a calendar; tell whether its version was the next one."""
    if row["version"] == 1:
        new = insert(BusinessCalendar).values(**row).on_conflict_do_nothing()
        return (await session.scalar(new.returning(BusinessCalendar.version))) is not None
    changed = (
        update(BusinessCalendar)
        .where(BusinessCalendar.name == row["name"], BusinessCalendar.version == row["version"] - 1)
        .values(**row)
        .returning(BusinessCalendar.version)
    )
    return (await session.scalar(changed)) is not None


async def queues(session: AsyncSession) -> Sequence[QueueCalendar]:
    """Return the queues that do not work by the shipped calendar."""
    found = await session.scalars(select(QueueCalendar).order_by(QueueCalendar.queue))
    return found.all()


async def put_queue(session: AsyncSession, row: dict[str, Any]) -> None:
    """Write which calendar a queue works by."""
    statement = insert(QueueCalendar).values(**row)
    await session.execute(statement.on_conflict_do_update(index_elements=["queue"], set_=row))
