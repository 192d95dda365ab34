"""Finding tickets by what is said in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel import jobs
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.kernel.errors import HouseError
from ticketing.kernel.paging import BadCursor, decode_parts, decode_time, encode_parts
from ticketing.tickets import listing, search_sql, terms
from ticketing.tickets.listing import Page
from ticketing.tickets.listing_sql import conditions
from ticketing.tickets.models import Ticket, TicketSearch
from ticketing.tickets.search_sql import Hit
from ticketing.tickets.wanted import Wanted

JOB = "index_old_tickets"
Order = Literal["rank", "newest"]

_AT_A_TIME = 500
_RANK = re.compile("[0-9]{1,9}")


class NothingToSearchFor(HouseError):
    """No word or number is in what somebody searches for."""

    status, code = 422, "nothing_to_search_for"

    def __init__(self) -> None:
        super().__init__("请输入要查找的词语、单号或电话尾号")


@dataclass(frozen=True)
class Sought:
    """What somebody typed, among which tickets; `rank` looks at the newest thousand hits."""

    text: str
    wanted: Wanted = field(default_factory=Wanted)
    order: Order = "rank"


def first(ticket: Ticket, said: str) -> TicketSearch:
    """Return the row a new ticket is found by: its number, and the document of what it says."""
    return TicketSearch(
        ticket_id=ticket.id,
        ticket_no=ticket.ticket_no,
        opened_at=ticket.opened_at,
        document=f"{terms.document((ticket.ticket_no,))} {said}",
    )


def said_in(ticket: Ticket) -> str:
    """Return the document of what a ticket says; it need not have its number yet."""
    return terms.document(_said(ticket))


async def index(session: AsyncSession, ticket: Ticket, *texts: str) -> None:
    """Let a ticket be found by these texts too, or by all it says where none are given.

    One statement, in the transaction that changes the ticket; what it was found by before it
    is found by still.
    """
    said = terms.document(texts or (ticket.ticket_no, *_said(ticket)))
    if not said and texts:
        return
    row = {
        "ticket_id": ticket.id,
        "ticket_no": ticket.ticket_no,
        "opened_at": ticket.opened_at,
        "document": said,
    }
    await search_sql.add(session, row)


async def search(session: AsyncSession, sought: Sought, cursor: str | None, limit: int) -> Page:
    """Return a page of the tickets that say all of this, in five statements.

    Raises `NothingToSearchFor`, `BadCursor`.
    """
    query = terms.query(sought.text)
    if query is None:
        raise NothingToSearchFor
    order = sought.order
    at = _position(order, cursor) if cursor else None
    filters = conditions(sought.wanted)
    if order == "rank":
        hits = await search_sql.fittest(session, query, filters, at, limit + 1)
    else:
        before = at[1:] if at else None
        hits = await search_sql.newest(session, query, filters, before, limit + 1)
    shown = hits[:limit]
    found = await search_sql.tickets(session, [hit.ticket_id for hit in shown]) if shown else {}
    rows = await listing.rows(session, [found[hit.ticket_id] for hit in shown])
    return Page(tuple(rows), _cursor(order, shown[-1]) if len(hits) > limit else None)


async def index_old_tickets(db: Database, _clock: Clock, **_args: Any) -> None:
    """Let tickets from before there was a search be found, some at a time (a job)."""
    async with db.transaction() as session:
        old = await search_sql.without_document(session, _AT_A_TIME)
        for ticket in old:
            await index(session, ticket)
        if len(old) == _AT_A_TIME:
            await jobs.defer(session, JOB, {}, lock=JOB)


def warm_up() -> None:
    """Read the dictionary before the first customer waits for it."""
    terms.dictionary()


def _said(ticket: Ticket) -> Iterator[str]:
    yield ticket.waybill_no or ""
    yield ticket.contact_phone or ""
    yield ticket.description
    yield from map(str, ticket.words)
    yield from map(str, ticket.details.values())


def _cursor(order: Order, last: Hit) -> str:
    return encode_parts(order, str(last.rank), last.opened_at.isoformat(), last.ticket_no)


def _position(order: Order, cursor: str) -> tuple[int, datetime, str]:
    of, rank, at, ticket_no = decode_parts(cursor, 4)
    if of != order or not _RANK.fullmatch(rank):
        raise BadCursor
    return int(rank), decode_time(at), ticket_no
