"""What customers do to their own tickets in a chat: take one back, add something to it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.inbox.schemas import EvidenceIn, OwnTicketIn, OwnTicketsOut
from ticketing.inbox.service import turn_key
from ticketing.kernel import jobs
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.notifications.listeners import tell_of_withdrawal
from ticketing.tickets import lookup, steps
from ticketing.tickets import service as tickets
from ticketing.tickets.cards import ticket_card
from ticketing.tickets.lookup import UnknownTicket
from ticketing.tickets.models import Ticket
from ticketing.tickets.steps import TicketAlreadyClosed
from ticketing.tickets.survivors import survivor
from ticketing.tickets.views import views

JOB = "tell_withdrawal"
BOT_SPEAKS_WITHIN = timedelta(seconds=30)


class _NotOne(Exception):
    """There is no single ticket to act on; `outcome` says why."""

    def __init__(self, outcome: str, found: tuple[Ticket, ...] = ()) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.found = found


async def withdraw(
    session: AsyncSession, conversation_id: uuid.UUID, asked: OwnTicketIn, now: datetime
) -> OwnTicketsOut:
    """Take a ticket back for the customer of a conversation, once for a message."""
    cause = _cause(conversation_id, asked, steps.WITHDRAWN)
    try:
        chosen = await _choose(session, conversation_id, asked, cause, now)
        done = await steps.withdraw(session, chosen.ticket_no, conversation_id, cause, now)
    except _NotOne as none:
        return await _told(session, none.outcome, none.found)
    except TicketAlreadyClosed:
        return await _told(session, "already_closed", (chosen,))
    args = {
        "conversation_id": str(conversation_id),
        "message_id": asked.message_id,
        "ticket_no": done.ticket_no,
    }
    await jobs.defer(session, JOB, args, at=now + BOT_SPEAKS_WITHIN)
    return await _told(session, "withdrawn", (done,))


async def add_evidence(
    session: AsyncSession, conversation_id: uuid.UUID, asked: EvidenceIn, now: datetime
) -> OwnTicketsOut:
    """Note the customer's words on a ticket, once for a message."""
    cause = _cause(conversation_id, asked, tickets.EVIDENCE)
    try:
        chosen = await _choose(session, conversation_id, asked, cause, now)
        done = await tickets.add_evidence(session, chosen.ticket_no, asked.words, cause, now)
    except _NotOne as none:
        return await _told(session, none.outcome, none.found)
    except TicketAlreadyClosed:
        return await _told(session, "already_closed", (chosen,))
    return await _told(session, "added", (done,))


async def tell_unless_told(db: Database, clock: Clock, **args: Any) -> None:
    """Tell a customer that a ticket is withdrawn if the bot's own answer never reached them."""
    conversation_id = uuid.UUID(args["conversation_id"])
    async with db.transaction() as session:
        if await conversations.has_said(session, conversation_id, turn_key(args["message_id"], 0)):
            return
        ticket = await lookup.ticket_by_no(session, args["ticket_no"])
        await tell_of_withdrawal(session, ticket, conversation_id, clock())


def _cause(conversation_id: uuid.UUID, asked: OwnTicketIn, what: str) -> str:
    number = (asked.ticket_no or "").upper()
    return f"{conversation_id}/{asked.message_id}/{what}/{number}"


async def _choose(
    session: AsyncSession,
    conversation_id: uuid.UUID,
    asked: OwnTicketIn,
    cause: str,
    now: datetime,
) -> Ticket:
    """Return the ticket that is meant; raise `_NotOne`."""
    before = await tickets.done_for(session, cause)
    if before:
        return before
    if asked.ticket_no:
        return await _named(session, conversation_id, asked.ticket_no, now)
    own = tuple(await tickets.going_on_of_conversation(session, conversation_id))
    if len(own) == 1:
        return own[0]
    raise _NotOne("several" if own else "none", own)


async def _named(
    session: AsyncSession, conversation_id: uuid.UUID, ticket_no: str, now: datetime
) -> Ticket:
    """Return the ticket of this number; somebody else's is as unknown as none."""
    try:
        ticket = await survivor(session, await lookup.ticket_by_no(session, ticket_no))
    except UnknownTicket:
        raise _NotOne("unknown_ticket") from None
    if conversation_id in await tickets.audience(session, ticket.id):
        return ticket
    number = ticket.waybill_no
    if number is None or not await conversations.has_shown(session, conversation_id, number):
        raise _NotOne("unknown_ticket")
    await tickets.let_hear(session, ticket, conversation_id, now)
    return ticket


async def _told(session: AsyncSession, outcome: str, found: tuple[Ticket, ...]) -> OwnTicketsOut:
    cards = [ticket_card(each) for each in await views(session, found)]
    return OwnTicketsOut(outcome=outcome, tickets=cards)
