"""What leaves when tickets move."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.service import Utterance
from ticketing.notifications import service
from ticketing.tickets import service as tickets
from ticketing.tickets.cards import ticket_card
from ticketing.tickets.events import TicketMovedOn, TicketWithdrawn
from ticketing.tickets.models import Ticket


async def tell_the_progress(fact: TicketMovedOn, session: AsyncSession) -> None:
    """Tell every conversation of a ticket what was done and what comes next."""
    ticket = await tickets.ticket(session, fact.ticket_id)
    card = ticket_card(ticket, await tickets.history(session, ticket))
    text = fact.announcement or f"工单 {ticket.ticket_no} 有新进展：{card['state_label']}。"
    for conversation_id in await tickets.audience(session, fact.ticket_id):
        notice = Utterance(text, author="system", card=card)
        key = f"ticket-change:{fact.change_id}:{conversation_id}"
        await service.send(session, conversation_id, notice, key, fact.at)


async def tell_the_others(fact: TicketWithdrawn, session: AsyncSession) -> None:
    """Tell the other conversations of a withdrawn ticket; the bot answers the one who withdrew."""
    ticket = await tickets.ticket(session, fact.ticket_id)
    for conversation_id in await tickets.audience(session, fact.ticket_id):
        if conversation_id != fact.conversation_id:
            await tell_of_withdrawal(session, ticket, conversation_id, fact.at)


async def tell_of_withdrawal(
    session: AsyncSession, ticket: Ticket, conversation_id: uuid.UUID, now: datetime
) -> None:
    """Tell one conversation, once, that a ticket is withdrawn."""
    card = ticket_card(ticket, await tickets.history(session, ticket))
    text = f"工单 {ticket.ticket_no} 已应申请人要求撤销，不再处理；如仍需要，随时可以重新登记。"
    notice = Utterance(text, author="system", card=card)
    key = f"ticket-withdrawn:{ticket.ticket_no}:{conversation_id}"
    await service.send(session, conversation_id, notice, key, now)
