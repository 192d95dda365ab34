"""What leaves when tickets move."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.service import Utterance
from ticketing.notifications import service
from ticketing.tickets import service as tickets
from ticketing.tickets.cards import ticket_card
from ticketing.tickets.events import TicketMovedOn


async def tell_the_progress(fact: TicketMovedOn, session: AsyncSession) -> None:
    """Tell every conversation of a ticket what was done and what comes next."""
    ticket = await tickets.ticket(session, fact.ticket_id)
    card = ticket_card(ticket, await tickets.history(session, ticket))
    text = fact.announcement or f"工单 {ticket.ticket_no} 有新进展：{card['state_label']}。"
    for conversation_id in await tickets.audience(session, fact.ticket_id):
        notice = Utterance(text, author="system", card=card)
        key = f"ticket-change:{fact.change_id}:{conversation_id}"
        await service.send(session, conversation_id, notice, key, fact.at)
