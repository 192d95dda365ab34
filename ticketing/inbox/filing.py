"""Complaints and questions about tickets that the bot brings for a customer."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.inbox.schemas import ComplaintIn, FiledOut, ProgressIn, ProgressOut
from ticketing.inbox.tracking import Question, Tracker
from ticketing.kernel.db import Database
from ticketing.shipments.service import plausible_waybill_no
from ticketing.tickets import lookup
from ticketing.tickets import service as tickets
from ticketing.tickets.cards import bare_card, ticket_card
from ticketing.tickets.lookup import UnknownTicket
from ticketing.tickets.models import Ticket
from ticketing.tickets.service import Complaint
from ticketing.tickets.survivors import survivor
from ticketing.tickets.views import view, views

_REFUSALS = frozenset({"wrong_phone_tail", "too_many_tries"})


async def file_complaint(
    session: AsyncSession, conversation_id: uuid.UUID, wanted: ComplaintIn, now: datetime
) -> FiledOut:
    """Open, join or open again a ticket for the customer of a conversation."""
    waybill_no = plausible_waybill_no(wanted.waybill_no) if wanted.waybill_no else None
    complaint = Complaint(
        kind=wanted.kind,
        waybill_no=waybill_no,
        description=wanted.description,
        by="assistant",
        cause=f"{conversation_id}/{wanted.message_id}/{wanted.kind}/{waybill_no or ''}",
        role=wanted.role,
        words=tuple(wanted.words),
        contact_phone=wanted.contact_phone,
        conversation_id=conversation_id,
        proven=await _has_shown(session, conversation_id, waybill_no),
        urgent=wanted.urgent,
        intent=wanted.intent,
        details={**wanted.details, **({"mood": wanted.mood} if wanted.mood else {})},
    )
    filed = await tickets.file_complaint(session, complaint, now)
    card = ticket_card(await view(session, filed.ticket))
    if conversation_id not in await tickets.audience(session, filed.ticket.id):
        card = bare_card(card, now)
    return FiledOut(outcome=filed.outcome, ticket=card)


async def tell_progress(
    db: Database, tracker: Tracker, conversation_id: uuid.UUID, asked: ProgressIn, now: datetime
) -> ProgressOut:
    """Tell how tickets stand, to whom may hear it."""
    async with db.transaction() as session:
        at_once = await _without_digits(session, conversation_id, asked)
    if isinstance(at_once, ProgressOut):
        return at_once
    waybill_no = at_once[0].waybill_no
    if waybill_no is None:
        return ProgressOut(outcome="unknown_ticket")
    if asked.phone_tail is None:
        return ProgressOut(outcome="need_phone_tail")
    question = Question(conversation_id, waybill_no, asked.phone_tail)
    answer = await tracker.track(question)
    if answer.outcome in _REFUSALS:
        return ProgressOut(outcome=answer.outcome, tries_left=answer.tries_left)
    async with db.transaction() as session:
        return await _after_digits(session, conversation_id, at_once, now)


async def _without_digits(
    session: AsyncSession, conversation_id: uuid.UUID, asked: ProgressIn
) -> ProgressOut | list[Ticket]:
    """Return the answer, or the tickets it may only be given for after digits are shown."""
    if asked.ticket_no is None and asked.waybill_no is None:
        own = await tickets.tickets_of_conversation(session, conversation_id)
        return await _told(session, list(own))
    try:
        found = await _find(session, asked)
    except UnknownTicket:
        return ProgressOut(outcome="unknown_ticket")
    if not found or await _may_hear(session, conversation_id, found):
        return await _told(session, found)
    return found


async def _after_digits(
    session: AsyncSession, conversation_id: uuid.UUID, found: list[Ticket], now: datetime
) -> ProgressOut:
    if not await _has_shown(session, conversation_id, found[0].waybill_no):
        return ProgressOut(outcome="need_phone_tail")
    for ticket in found:
        await tickets.let_hear(session, ticket, conversation_id, now)
    return await _told(session, found)


async def _find(session: AsyncSession, asked: ProgressIn) -> list[Ticket]:
    if asked.ticket_no is not None:
        named = await lookup.ticket_by_no(session, asked.ticket_no)
        return [await survivor(session, named)]
    waybill_no = plausible_waybill_no(asked.waybill_no or "")
    return list(await tickets.tickets_of_waybill(session, waybill_no))


async def _may_hear(session: AsyncSession, conversation_id: uuid.UUID, found: list[Ticket]) -> bool:
    if await _has_shown(session, conversation_id, found[0].waybill_no):
        return True
    own = {t.id for t in await tickets.tickets_of_conversation(session, conversation_id)}
    return all(ticket.id in own for ticket in found)


async def _has_shown(
    session: AsyncSession, conversation_id: uuid.UUID, waybill_no: str | None
) -> bool:
    return waybill_no is not None and await conversations.has_shown(
        session, conversation_id, waybill_no
    )


async def _told(session: AsyncSession, found: list[Ticket]) -> ProgressOut:
    if not found:
        return ProgressOut(outcome="none")
    cards = [ticket_card(each) for each in await views(session, found)]
    return ProgressOut(outcome="found", tickets=cards)
