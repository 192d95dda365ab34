"""What routing does when tickets move, people leave, and time runs out."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.events import PersonLeft
from ticketing.routing import presence
from ticketing.routing.reassignment import reassign_deserted, reassign_silent
from ticketing.routing.service import route_step
from ticketing.sla.events import SlaBreached
from ticketing.tickets import lookup, steps
from ticketing.tickets.events import TicketMovedOn, TicketOpened, TicketReopened

_LATE = {"claim": "超过认领时限", "first_response": "超过首次响应时限", "step": "超过步骤时限"}


async def route_what_begins(
    fact: TicketOpened | TicketMovedOn | TicketReopened, session: AsyncSession
) -> None:
    """Send every step that begins to a queue and, where anybody can take it, to a person."""
    if not fact.entered:
        return
    ticket = await lookup.ticket(session, fact.ticket_id)
    for step_id in fact.entered:
        await route_step(session, await steps.step(session, step_id), ticket, fact.at)


async def free_the_steps(fact: PersonLeft, session: AsyncSession) -> None:
    """Give what somebody who has left had in hand to others, at once."""
    await presence.leave(session, fact.username, fact.at)
    await reassign_deserted(session, fact.at, fact.username)


async def wake_the_silent(fact: SlaBreached, session: AsyncSession) -> None:
    """Give a step whose assignee let its time run out in silence to somebody else."""
    late = _LATE.get(fact.clock)
    if late is None or fact.level != 1 or fact.assignee is None:
        return
    open_steps = await steps.open_steps(session, fact.ticket_id)
    late_ones = [each.id for each in open_steps if each.assignee == fact.assignee]
    for step_id in late_ones if fact.step_id is None else [fact.step_id]:
        await reassign_silent(session, step_id, late, fact.at)
