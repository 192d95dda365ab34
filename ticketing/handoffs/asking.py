"""Asking for a person: into a queue, with a place and a time the customer can be told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.conversations.models import ANGER, Conversation
from ticketing.handoffs import placing, repository, texts, waiting
from ticketing.handoffs.events import HandoffAsked
from ticketing.handoffs.history import BOT, CLOCK, CUSTOMER, Happening, record
from ticketing.handoffs.models import Handoff
from ticketing.handoffs.placing import Placement
from ticketing.handoffs.words import asks_how_long
from ticketing.kernel.facts import announce
from ticketing.notifications import service as notifications
from ticketing.routing import service as routing

AFTER_HOURS, MESSAGE_LEFT, WITHDRAWN = "after_hours", "message_left", "withdrawn"
PEOPLES = frozenset({"queue", "agent"})
"""Who owns a conversation that is in people's hands."""

_ASKED_BY = {"asked": CUSTOMER, "anger": BOT, "not_understood": BOT, "rule": BOT}


@dataclass(frozen=True)
class Queued:
    """Where somebody who asked for a person stands; nobody takes them where it is not open."""

    handoff_id: int | None
    queue: str
    position: int
    wait: timedelta | None
    is_open: bool
    opens_at: datetime | None


async def foresee(
    session: AsyncSession, conversation_id: uuid.UUID, reason: str, now: datetime
) -> Queued:
    """Return what `queue_up` would return now; nothing is changed."""
    conversation = await conversations.known(session, conversation_id)
    if conversation.owner in PEOPLES:
        return await standing(session, conversation, now)
    placement = await placing.place(session, conversation, reason, now)
    return await _foreseen(session, placement, reason, now)


async def queue_up(
    session: AsyncSession, conversation_id: uuid.UUID, reason: str, now: datetime
) -> Queued:
    """Let a conversation wait for a person; after hours it stays with the bot.

    The customer is told by whoever calls: see `notice`. A conversation that is in people's
    hands already stays as it is.
    """
    conversation = await conversations.locked(session, conversation_id)
    if conversation.owner in PEOPLES:
        return await standing(session, conversation, now)
    placement = await placing.place(session, conversation, reason, now)
    foreseen = await _foreseen(session, placement, reason, now)
    by = _ASKED_BY.get(reason, CLOCK)
    handoff = await begin(session, conversation, placement, reason, now)
    if not foreseen.is_open:
        handoff.ended_at, handoff.outcome = now, AFTER_HOURS
        record(session, handoff, Happening(AFTER_HOURS, by, to=handoff.queue), now)
        return replace(foreseen, handoff_id=handoff.id)
    handoff.position_told, handoff.position_told_at = foreseen.position, now
    happened = Happening("queued", by, to=handoff.queue, why=placement.why)
    record(session, handoff, happened, now)
    await to_queue(session, conversation, handoff, now)
    fact = HandoffAsked(
        at=now,
        conversation_id=conversation.id,
        handoff_id=handoff.id,
        queue=handoff.queue,
        reason=reason,
        priority=handoff.priority,
    )
    await announce(session, fact)
    return replace(foreseen, handoff_id=handoff.id)


def notice(queued: Queued, now: datetime) -> str:
    """Return what the customer is told who has asked for a person."""
    if not queued.is_open:
        return texts.after_hours(queued.opens_at, now)
    return texts.place("queued", queued.position, queued.wait)


async def begin(
    session: AsyncSession,
    conversation: Conversation,
    placement: Placement,
    reason: str,
    now: datetime,
) -> Handoff:
    """Begin a hand-over of a locked conversation that has none going on."""
    handoff = Handoff(
        conversation_id=conversation.id,
        reason=reason,
        priority=placement.priority,
        queue=placement.queue.name,
        skill=placement.skill,
        region=placement.region,
        vip=placement.vip,
        asked_at=now,
        due_at=now + timedelta(minutes=placement.queue.answer_minutes),
        not_to={},
    )
    session.add(handoff)
    await session.flush()
    return handoff


async def to_queue(
    session: AsyncSession, conversation: Conversation, handoff: Handoff, now: datetime
) -> None:
    """Let a locked conversation wait, at the place it has had since it was asked for."""
    await conversations.change_owner(session, conversation, "queue", now, handoff.reason)
    conversation.queued_at = handoff.asked_at
    conversation.queue, conversation.agent = handoff.queue, None
    await session.flush()
    await notifications.signal(session, conversation.id)


async def standing(session: AsyncSession, conversation: Conversation, now: datetime) -> Queued:
    """Return where a conversation stands that is in people's hands already."""
    layout = await routing.current_layout(session)
    plan = layout.queue(conversation.queue) or layout.for_role(conversation.queue or "")
    found = await placing.outlook(session, plan, now)
    position = await conversations.position_in_queue(session, conversation)
    wait = await placing.wait_at(session, plan.name, position, found, now)
    going_on = await repository.going_on(session, conversation.id)
    return Queued(going_on.id if going_on else None, plan.name, position, wait, True, None)


async def news_of_place(
    session: AsyncSession, conversation: Conversation, words: str, now: datetime
) -> Queued | None:
    """Return where somebody stands who waits and writes; nothing where they have just heard it.

    Who asks how long it takes is always to be told. Whoever calls this tells them.
    """
    going_on = await repository.going_on(session, conversation.id)
    position = await conversations.position_in_queue(session, conversation)
    if going_on is not None:
        told, told_at = going_on.position_told, going_on.position_told_at
        is_news = waiting.is_worth_repeating(told, told_at, position, now)
        if not is_news and not asks_how_long(words):
            return None
        going_on.position_told, going_on.position_told_at = position, now
    return await standing(session, conversation, now)


async def _foreseen(
    session: AsyncSession, placement: Placement, reason: str, now: datetime
) -> Queued:
    queue = placement.queue
    found = await placing.outlook(session, queue, now)
    first = reason == ANGER
    position = await conversations.place_among(session, now, queue.name, first=first)
    wait = await placing.wait_at(session, queue.name, position, found, now)
    return Queued(None, queue.name, position, wait, found.is_open, found.opens_at)
