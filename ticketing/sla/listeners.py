"""What clocks do when tickets move."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.sla import service
from ticketing.tickets import lookup
from ticketing.tickets.events import (
    TicketAssigned,
    TicketClosed,
    TicketMovedOn,
    TicketOpened,
    TicketPriorityChanged,
    TicketReopened,
    TicketResolved,
    TicketResponded,
)


async def start_the_clocks(fact: TicketOpened | TicketReopened, session: AsyncSession) -> None:
    """Start the clocks of a ticket; opened again, it has the old time limits anew."""
    ticket = await lookup.ticket(session, fact.ticket_id)
    await service.start(session, ticket, fact.entered, fact.at)


async def move_the_clocks(fact: TicketMovedOn, session: AsyncSession) -> None:
    """Stop the clocks of steps that were left, start those of steps entered, pause or go on."""
    ticket = await lookup.ticket(session, fact.ticket_id)
    if ticket.state != "closed":
        await service.move_on(session, ticket, fact.left, fact.entered, fact.at)


async def stop_the_claim(fact: TicketAssigned, session: AsyncSession) -> None:
    """Stop the clock of claiming once somebody has a step."""
    ticket = await lookup.ticket(session, fact.ticket_id)
    await service.assigned(session, ticket, fact.step_id, fact.assignee, fact.at)


async def stop_the_first_response(fact: TicketResponded, session: AsyncSession) -> None:
    """Stop the clock of the first response."""
    await service.responded(session, await lookup.ticket(session, fact.ticket_id), fact.at)


async def stop_the_solution(fact: TicketResolved, session: AsyncSession) -> None:
    """Stop the clocks of the solution."""
    await service.resolved(session, await lookup.ticket(session, fact.ticket_id), fact.at)


async def stop_every_clock(fact: TicketClosed, session: AsyncSession) -> None:
    """Stop whatever still runs."""
    await service.closed(session, fact.ticket_id, fact.at)


async def set_anew(fact: TicketPriorityChanged, session: AsyncSession) -> None:
    """Give a ticket the time limits of its new priority."""
    await service.retime(session, await lookup.ticket(session, fact.ticket_id), fact.at)
