"""What tickets can be found by: kept up as they are opened and worked on."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel import jobs
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.tickets import repository, search_sql, terms
from ticketing.tickets.models import Ticket, TicketSearch

JOB = "index_old_tickets"

_AT_A_TIME = 500
_WRITTEN_BY_PEOPLE = ("note", "step_completed", "step_sent_back")


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
    is found by still. One that was opened before there was a search is found by all it says.
    """
    said = terms.document(texts)
    if texts and not said:
        return
    if texts and await search_sql.append(session, ticket.id, said):
        return
    row = {
        "ticket_id": ticket.id,
        "ticket_no": ticket.ticket_no,
        "opened_at": ticket.opened_at,
        "document": terms.document((ticket.ticket_no, *_said(ticket), *texts)),
    }
    await search_sql.add(session, row)


async def take_over(session: AsyncSession, ticket: Ticket, from_id: uuid.UUID) -> None:
    """Let a ticket be found by whatever another one is found by, too."""
    await search_sql.take_over(session, ticket, from_id)


async def index_old_tickets(db: Database, _clock: Clock, **_args: Any) -> None:
    """Let tickets from before there was a search be found, some at a time (a job)."""
    async with db.transaction() as session:
        old = await search_sql.without_document(session, _AT_A_TIME)
        notes = await _notes_of(session, [ticket.id for ticket in old])
        for ticket in old:
            await index(session, ticket, ticket.ticket_no, *_said(ticket), *notes[ticket.id])
        if len(old) == _AT_A_TIME:
            await jobs.defer(session, JOB, {}, lock=JOB)


async def _notes_of(
    session: AsyncSession, ticket_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[str]]:
    """Return what our people have noted on tickets and their steps."""
    notes: dict[uuid.UUID, list[str]] = defaultdict(list)
    for line in await repository.changes_of(session, ticket_ids, _WRITTEN_BY_PEOPLE):
        notes[line.ticket_id] += filter(None, (line.facts.get("note"), line.facts.get("text")))
    return notes


def _said(ticket: Ticket) -> Iterator[str]:
    yield ticket.waybill_no or ""
    yield ticket.contact_phone or ""
    yield ticket.description
    yield from map(str, ticket.words)
    yield from map(str, ticket.details.values())
