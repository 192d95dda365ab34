"""What became of a ticket that was merged into another."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.tickets.models import Ticket


async def survivor(session: AsyncSession, ticket: Ticket) -> Ticket:
    """Return the ticket that goes on for this one: itself, unless it was merged."""
    while ticket.merged_into is not None:
        ticket = await session.get_one(Ticket, ticket.merged_into)
    return ticket


async def absorbed(session: AsyncSession, ticket: Ticket) -> Sequence[str]:
    """Return the numbers of the tickets that were merged into one, also by way of others."""
    into = select(Ticket.id, Ticket.ticket_no).where(Ticket.merged_into == ticket.id)
    reached = into.cte("reached", recursive=True)
    further = select(Ticket.id, Ticket.ticket_no).join(reached, Ticket.merged_into == reached.c.id)
    every = reached.union(further)
    return (await session.scalars(select(every.c.ticket_no).order_by(every.c.ticket_no))).all()
