"""The statements of lists of tickets."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer

from ticketing.tickets.models import DUE, UNCLOSED, URGENCY, Ticket, TicketLink, TicketStep
from ticketing.tickets.wanted import Sight, Sort, Wanted

NEVER = "infinity"
"""When a ticket without a time limit is due, as PostgreSQL writes it."""

_UNREAD = (Ticket.snapshot, Ticket.words)
"""Columns that are long, and that no list shows."""

_ORDERS: dict[Sort, tuple[Any, ...]] = {
    "newest": (Ticket.opened_at, Ticket.ticket_no),
    "due": (literal_column(DUE.text), Ticket.ticket_no),
    "priority": (literal_column(URGENCY.text), literal_column(DUE.text), Ticket.ticket_no),
}

_EQUAL = (
    "kind",
    "priority",
    "severity",
    "waybill_no",
    "carrier_code",
    "region",
)

# Made once: making an alias takes longer than asking the database.
_ONE, _OTHER = aliased(Ticket), aliased(Ticket)
_LINKS = (
    select(_ONE.id, _ONE.ticket_no, _OTHER.id, _OTHER.ticket_no, TicketLink.relation)
    .join(_ONE, _ONE.id == TicketLink.ticket_id)
    .join(_OTHER, _OTHER.id == TicketLink.other_id)
    .order_by(TicketLink.at, TicketLink.relation)
)
_ROWS = select(Ticket).options(*(defer(column, raiseload=True) for column in _UNREAD))


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what a wanted ticket fulfils."""
    asked = ((name, getattr(wanted, name)) for name in _EQUAL)
    found = [getattr(Ticket, name) == value for name, value in asked if value is not None]
    found += _times(wanted)
    # Written into the statement, so that the indexes of a part of the tickets may serve.
    if wanted.red_flag is not None:
        found.append(Ticket.red_flag == bindparam(None, wanted.red_flag, literal_execute=True))
    if wanted.state is not None:
        found.append(Ticket.state == bindparam(None, wanted.state, literal_execute=True))
    elif wanted.order != "newest" or _is_to_be_done(wanted):
        found.append(literal_column(UNCLOSED.text))
    if _asks_for_step(wanted):
        found.append(_has_open_step(wanted))
    if wanted.sight is not None:
        found.append(_is_seen(wanted.sight))
    return found


def _is_seen(sight: Sight) -> ColumnElement[bool]:
    """Return what a ticket in sight fulfils: a step of it is, or was, in reach or theirs."""
    theirs = or_(TicketStep.assignee == sight.who, TicketStep.done_by == sight.who)
    reached: list[ColumnElement[bool]] = [TicketStep.queue.in_(sight.queues)]
    reached += [
        and_(TicketStep.queue.in_(queues), or_(Ticket.region.is_(None), Ticket.region.in_(regions)))
        for queues, regions in sight.limited
    ]
    of_ticket = TicketStep.ticket_id == Ticket.id
    in_reach = select(TicketStep.id).where(of_ticket, or_(theirs, *reached)).exists()
    return or_(Ticket.queue.is_(None), in_reach)


def _is_to_be_done(wanted: Wanted) -> bool:
    """Tell whether only tickets that are not closed can be meant."""
    by_time = wanted.overdue_at or wanted.due_from or wanted.due_before
    return _asks_for_step(wanted) or by_time is not None


def _asks_for_step(wanted: Wanted) -> bool:
    named = (wanted.queue, wanted.assignee, wanted.team)
    return wanted.unassigned or any(each is not None for each in named)


def _times(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    # By the expression their index is made of, which begins with those that have a time limit.
    due: ColumnElement[datetime] = literal_column(DUE.text, type_=Ticket.due_at.type)
    if wanted.opened_from is not None:
        yield Ticket.opened_at >= wanted.opened_from
    if wanted.opened_before is not None:
        yield Ticket.opened_at < wanted.opened_before
    if wanted.due_from is not None:
        yield and_(due >= wanted.due_from, Ticket.due_at.is_not(None))
    for end in (wanted.due_before, wanted.overdue_at):
        if end is not None:
            yield due < end


def _has_open_step(wanted: Wanted) -> ColumnElement[bool]:
    tests = [TicketStep.ticket_id == Ticket.id, TicketStep.done_at.is_(None)]
    if wanted.queue is not None:
        tests.append(TicketStep.queue == wanted.queue)
    if wanted.assignee is not None:
        tests.append(TicketStep.assignee == wanted.assignee)
    if wanted.unassigned:
        tests.append(TicketStep.assignee.is_(None))
    if wanted.team is not None:
        of_team = TicketStep.queue.in_(wanted.team.queues)
        tests.append(of_team | TicketStep.assignee.in_(wanted.team.people))
    return select(TicketStep.id).where(*tests).exists()


async def page(
    session: AsyncSession, wanted: Wanted, after: tuple[Any, ...] | None, limit: int
) -> Sequence[Ticket]:
    """Return the wanted tickets after a position, without their words and snapshots."""
    columns = _ORDERS[wanted.order]
    query = _ROWS.where(*conditions(wanted))
    if wanted.order == "newest":
        query = query.order_by(*(column.desc() for column in columns))
    else:
        query = query.order_by(*columns)
    if after is not None and wanted.order == "newest":
        query = query.where(tuple_(*columns) < after)
    elif after is not None:
        query = query.where(tuple_(*columns) > tuple_(*after))
    return (await session.scalars(query.limit(limit))).all()


async def links(
    session: AsyncSession, ticket_ids: Sequence[uuid.UUID]
) -> Sequence[Row[uuid.UUID, str, uuid.UUID, str, str]]:
    """Return id and number of both tickets and the relation, for each link of these tickets."""
    is_of_one = or_(TicketLink.ticket_id.in_(ticket_ids), TicketLink.other_id.in_(ticket_ids))
    return (await session.execute(_LINKS.where(is_of_one))).all()


async def counts_by_queue(
    session: AsyncSession, now: datetime
) -> Sequence[Row[str | None, int, int, int]]:
    """Return for each queue its open steps: how many, of nobody, and late."""
    query = (
        select(
            TicketStep.queue,
            func.count(),
            func.count().filter(TicketStep.assignee.is_(None)),
            func.count().filter(TicketStep.due_at < now),
        )
        .where(TicketStep.done_at.is_(None))
        .group_by(TicketStep.queue)
        .order_by(TicketStep.queue)
    )
    return (await session.execute(query)).all()
