"""What surveys do when tickets close and people have spoken with customers."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.handoffs.events import HandOverEnded
from ticketing.surveys import service
from ticketing.tickets import lookup
from ticketing.tickets.events import TicketClosed


async def ask_how_it_was(fact: TicketClosed, session: AsyncSession) -> None:
    """Ask the customer of a finished ticket; one taken back or merged was not handled."""
    if fact.how == "finished":
        ticket = await lookup.ticket(session, fact.ticket_id)
        await service.open_for_ticket(session, ticket, fact.at)


async def ask_how_the_talk_was(fact: HandOverEnded, session: AsyncSession) -> None:
    """Ask a customer how content they were with the person they spoke with, if they did."""
    if fact.agent is None or not fact.has_spoken:
        return
    conversation = await conversations.locked(session, fact.conversation_id)
    await service.open_for_hand_over(session, conversation, fact.agent, fact.at)
