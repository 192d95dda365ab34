"""The statements of the full-text search; `ticket_search` alone finds and sorts the hits."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    bindparam,
    cast,
    func,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR, Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from ticketing.tickets.models import Ticket, TicketSearch

RANKED = 1000
"""So many of the newest hits are ranked by how well they fit."""

_FINE = 1_000_000
_SORTED_BY = (TicketSearch.opened_at, TicketSearch.ticket_no)


class Hit(NamedTuple):
    """A ticket that was found; `rank` grows with how well it fits."""

    ticket_id: uuid.UUID
    opened_at: datetime
    ticket_no: str
    rank: int


async def add(session: AsyncSession, row: dict[str, Any]) -> None:
    """Let a ticket be found by a further document, in one statement."""
    new = {**row, "document": cast(row["document"], TSVECTOR)}
    await session.execute(_joined(insert(TicketSearch).values(new)))


async def append(session: AsyncSession, ticket_id: uuid.UUID, document: str) -> bool:
    """Let a ticket be found by a further document; tell whether it is found by one already."""
    both = TicketSearch.document.op("||")(cast(document, TSVECTOR))
    changed = update(TicketSearch).where(TicketSearch.ticket_id == ticket_id)
    rows = await session.execute(
        changed.values(document=both).returning(TicketSearch.ticket_id),
        execution_options={"synchronize_session": False},
    )
    return rows.one_or_none() is not None


async def take_over(session: AsyncSession, ticket: Ticket, from_id: uuid.UUID) -> None:
    """Let a ticket be found by the document of another one too, in one statement."""
    columns = (TicketSearch.ticket_id, *_SORTED_BY, TicketSearch.document)
    other = select(
        literal(ticket.id, TicketSearch.ticket_id.type),
        literal(ticket.opened_at, TicketSearch.opened_at.type),
        literal(ticket.ticket_no),
        TicketSearch.document,
    ).where(TicketSearch.ticket_id == from_id)
    statement = insert(TicketSearch).from_select([each.key for each in columns], other)
    await session.execute(_joined(statement))


def _joined(statement: Insert) -> Insert:
    both = TicketSearch.document.op("||")(statement.excluded.document)
    return statement.on_conflict_do_update(index_elements=["ticket_id"], set_={"document": both})


async def newest(
    session: AsyncSession,
    query: str,
    filters: Sequence[ColumnElement[bool]],
    before: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Hit]:
    """Return the newest hits before a position, newest first."""
    hits = _hits(query, filters, literal(0))
    if before is not None:
        hits = hits.where(tuple_(*_SORTED_BY) < before)
    return [Hit(*row) for row in await session.execute(hits.limit(limit))]


async def fittest(
    session: AsyncSession,
    query: str,
    filters: Sequence[ColumnElement[bool]],
    after: tuple[int, datetime, str] | None,
    limit: int,
) -> Sequence[Hit]:
    """Return those of the newest hits that fit best after a position, the best first."""
    new = _hits(query, filters, TicketSearch.document).limit(RANKED).cte("newest")
    rank = cast(func.ts_rank(new.c.document, _read(query)) * _FINE, Integer)
    ranked = select(new.c.ticket_id, new.c.opened_at, new.c.ticket_no, rank.label("rank")).cte()
    columns = (ranked.c.rank, ranked.c.opened_at, ranked.c.ticket_no)
    hits = select(ranked).order_by(*(column.desc() for column in columns)).limit(limit)
    if after is not None:
        hits = hits.where(tuple_(*columns) < after)
    return [Hit(*row) for row in await session.execute(hits)]


async def tickets(session: AsyncSession, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Ticket]:
    """Return tickets by id, without their words and snapshots."""
    unread = (defer(Ticket.snapshot, raiseload=True), defer(Ticket.words, raiseload=True))
    found = await session.scalars(select(Ticket).where(Ticket.id.in_(ids)).options(*unread))
    return {ticket.id: ticket for ticket in found}


async def without_document(session: AsyncSession, limit: int) -> Sequence[Ticket]:
    """Return tickets that cannot be found yet, newest first."""
    has_one = select(TicketSearch.ticket_id).where(TicketSearch.ticket_id == Ticket.id).exists()
    query = select(Ticket).where(~has_one).order_by(Ticket.opened_at.desc()).limit(limit)
    return (await session.scalars(query)).all()


def _hits(
    query: str, filters: Sequence[ColumnElement[bool]], last: Any
) -> Select[uuid.UUID, datetime, str, Any]:
    hits = (
        select(TicketSearch.ticket_id, *_SORTED_BY, last)
        .where(TicketSearch.document.op("@@")(_read(query)))
        .order_by(*(column.desc() for column in _SORTED_BY))
    )
    if filters:
        hits = hits.join(Ticket, Ticket.id == TicketSearch.ticket_id).where(*filters)
    return hits


def _read(query: str) -> ColumnElement[Any]:
    # Written into the statement: how many hits there will be decides how to look for them.
    return cast(bindparam(None, query, literal_execute=True), TSQUERY)
