"""The statements that read histories to verify them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.tickets.models import Ticket, TicketChange


async def heads(
    session: AsyncSession, ticket_nos: Sequence[str], after: str, limit: int
) -> Sequence[Row[uuid.UUID, str, int, str]]:
    """Return id, number, version and chain head of the next tickets, in order of number."""
    query = (
        select(Ticket.id, Ticket.ticket_no, Ticket.version, Ticket.chain_head)
        .where(Ticket.ticket_no > after)
        .order_by(Ticket.ticket_no)
        .limit(limit)
    )
    if ticket_nos:
        query = query.where(Ticket.ticket_no.in_(ticket_nos))
    return (await session.execute(query)).all()


async def lines(
    session: AsyncSession, ticket_ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, list[TicketChange]]:
    """Return the histories of tickets as they are stored now."""
    query = (
        select(TicketChange)
        .where(TicketChange.ticket_id.in_(ticket_ids))
        .order_by(TicketChange.id)
        .execution_options(populate_existing=True)
    )
    found: dict[uuid.UUID, list[TicketChange]] = defaultdict(list)
    for line in await session.scalars(query):
        found[line.ticket_id].append(line)
    return found
