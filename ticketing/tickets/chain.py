"""Whether a ticket's history is what was written: no line changed, removed, added or moved."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.tickets import chain_sql
from ticketing.tickets.history import seal
from ticketing.tickets.models import Ticket, TicketChange

AT_A_TIME = 500


@dataclass(frozen=True)
class ChainReport:
    """What became of a history: `broken_at` numbers the first line that is wrong, from 1.

    One more than there are `lines` means that lines are missing at the end. `head` is the
    hash the ticket remembers of its last line. `unsealed` lines are older than the chain:
    nothing can be said of them.
    """

    ticket_no: str
    ok: bool
    lines: int
    unsealed: int
    broken_at: int | None
    head: str


@dataclass(frozen=True)
class Sealed:
    """A ticket as far as its history's seals are concerned."""

    id: uuid.UUID
    ticket_no: str
    version: int
    chain_head: str


async def verify(session: AsyncSession, ticket: Ticket) -> ChainReport:
    """Return whether the history of a ticket is whole; nobody may be changing it meanwhile."""
    lines = await chain_sql.lines(session, [ticket.id])
    sealed = Sealed(ticket.id, ticket.ticket_no, ticket.version, ticket.chain_head)
    return judged(sealed, lines.get(ticket.id, ()))


async def verify_all(
    session: AsyncSession, ticket_nos: Sequence[str] = ()
) -> AsyncIterator[ChainReport]:
    """Yield a report for these tickets, or for every one, some hundred at a time.

    The transaction must see one moment (REPEATABLE READ) where tickets are worked on meanwhile.
    """
    after = ""
    while True:
        found = await chain_sql.heads(session, ticket_nos, after, AT_A_TIME)
        if not found:
            return
        heads = [Sealed(*row) for row in found]
        lines = await chain_sql.lines(session, [head.id for head in heads])
        for head in heads:
            yield judged(head, lines.get(head.id, ()))
        session.expunge_all()
        after = heads[-1].ticket_no


def judged(ticket: Sealed, lines: Iterable[TicketChange]) -> ChainReport:
    """Judge a history by its lines, in the order of their ids. Pure."""
    lines = list(lines)
    unsealed = next((n for n, line in enumerate(lines) if line.hash), len(lines))
    broken_at, before = None, ""
    for number, line in enumerate(lines[unsealed:], start=unsealed + 1):
        if line.previous_hash != before or line.hash != seal(ticket.ticket_no, line):
            broken_at = number
            break
        before = line.hash
    # A ticket that has changed since there is a chain has a sealed line for it.
    is_short = before != ticket.chain_head or (ticket.version > 1 and not before)
    if broken_at is None and is_short:
        broken_at = len(lines) + 1
    return ChainReport(
        ticket_no=ticket.ticket_no,
        ok=broken_at is None,
        lines=len(lines),
        unsealed=unsealed,
        broken_at=broken_at,
        head=ticket.chain_head,
    )
