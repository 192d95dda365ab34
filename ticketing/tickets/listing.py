"""Lists of tickets, page by page, and how much there is to do in each queue."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import TIMESTAMP, Integer, cast
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.cache import remembered
from ticketing.kernel.paging import BadCursor, decode_parts, decode_time, encode_parts
from ticketing.tickets import listing_sql
from ticketing.tickets.kinds import Priority
from ticketing.tickets.models import Ticket
from ticketing.tickets.views import TicketView, views
from ticketing.tickets.wanted import Wanted

__all__ = ["Linked", "Page", "QueueCount", "Row", "Wanted", "counts", "page", "rows"]


@dataclass(frozen=True)
class Linked:
    """Another ticket that one belongs to; `outgoing`: the relation is said of this one."""

    ticket_no: str
    relation: str
    outgoing: bool


@dataclass(frozen=True)
class Row:
    """A line of a list: a ticket with its open steps and its links.

    The snapshot and the words of its ticket are not read; asking for them is an error.
    """

    view: TicketView
    links: tuple[Linked, ...]

    @property
    def ticket(self) -> Ticket:
        """The ticket itself."""
        return self.view.ticket


@dataclass(frozen=True)
class Page:
    """A page of tickets; without a `next_cursor` it is the last one."""

    rows: tuple[Row, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class QueueCount:
    """How much there is to do in a queue, counted in steps; `queue` None: in no queue yet."""

    queue: str | None
    open: int
    unassigned: int
    overdue: int


async def page(session: AsyncSession, wanted: Wanted, cursor: str | None, limit: int) -> Page:
    """Return a page of tickets, in four statements; raise `BadCursor`."""
    after = _read(wanted, cursor) if cursor else None
    found = await listing_sql.page(session, wanted, after, limit + 1)
    shown = found[:limit]
    more = _written(wanted, shown[-1]) if len(found) > limit else None
    return Page(tuple(await rows(session, shown)), more)


async def rows(session: AsyncSession, tickets: Sequence[Ticket]) -> list[Row]:
    """Return tickets as lines of a list, in three statements."""
    if not tickets:
        return []
    linked = await _links(session, [ticket.id for ticket in tickets])
    return [Row(view, tuple(linked[view.ticket.id])) for view in await views(session, tickets)]


async def counts(session: AsyncSession, now: datetime) -> tuple[QueueCount, ...]:
    """Return how much there is to do in each queue, at most two seconds old."""

    async def count(session: AsyncSession) -> tuple[QueueCount, ...]:
        found = await listing_sql.counts_by_queue(session, now)
        return tuple(QueueCount(*row) for row in found)

    return await remembered(session, "ticket_counts", count)


async def links(session: AsyncSession, ticket: Ticket) -> tuple[Linked, ...]:
    """Return the tickets one belongs to, and those that belong to it."""
    return tuple((await _links(session, [ticket.id]))[ticket.id])


async def _links(
    session: AsyncSession, ticket_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[Linked]]:
    linked: dict[uuid.UUID, list[Linked]] = defaultdict(list)
    for one, one_no, other, other_no, relation in await listing_sql.links(session, ticket_ids):
        linked[one].append(Linked(other_no, relation, outgoing=True))
        linked[other].append(Linked(one_no, relation, outgoing=False))
    return linked


def _written(wanted: Wanted, last: Ticket) -> str:
    due = last.due_at.isoformat() if last.due_at else listing_sql.NEVER
    first = {
        "newest": last.opened_at.isoformat(),
        "due": due,
        "priority": f"{last.priority} {due}",
    }
    return encode_parts(wanted.order, first[wanted.order], last.ticket_no)


def _read(wanted: Wanted, cursor: str) -> tuple[Any, ...]:
    """Return the values after which a page begins; raise `BadCursor`."""
    order, first, ticket_no = decode_parts(cursor, 3)
    if order != wanted.order:
        raise BadCursor
    if order == "newest":
        return decode_time(first), ticket_no
    if order == "due":
        return _due(first), ticket_no
    priority, _, due = first.partition(" ")
    if priority not in list(Priority):
        raise BadCursor
    urgency = len(Priority) - Priority(priority).rank
    return cast(urgency, Integer), _due(due), ticket_no


def _due(text: str) -> Any:
    if text != listing_sql.NEVER:
        decode_time(text)
    return cast(text, TIMESTAMP(timezone=True))
