"""From the bot to people: into the queue, or after hours to a message that is left."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from channels.messages import OutMessage
from ticketing.conversations import service as conversations
from ticketing.conversations.models import ANGER
from ticketing.conversations.service import Turn, Utterance
from ticketing.handoffs import asking, ending, wording
from ticketing.handoffs.asking import Queued
from ticketing.handoffs.models import Handoff
from ticketing.handoffs.words import asks_for_a_person, is_angry
from ticketing.inbox import leave_message
from ticketing.notifications import service as notifications

ASKED = "asked"
UNDERSTOOD: Mapping[str, Any] = {
    "intent": {"name": "talk_to_human", "confidence": 1.0},
    "ranking": [],
    "entities": [],
}
"""What is kept with a message that asks for a person in words of the house."""

_REMEMBERED = timedelta(hours=24)


async def reason_to_hand_over(session: AsyncSession, turn: Turn, now: datetime) -> str | None:
    """Return why a message is for people whatever the bot makes of it; nothing if it is not."""
    if not asks_for_a_person(turn.text, await wording.words(session)):
        return None
    since = now - _REMEMBERED
    upset = is_angry(turn.text) or await conversations.was_angry(
        session, turn.conversation_id, since
    )
    return ANGER if upset else ASKED


async def hand_over(
    session: AsyncSession, turn: Turn, reason: str, key: str, now: datetime
) -> tuple[OutMessage, ...]:
    """Hand a conversation over and tell the customer, as the answer to their message."""
    queued = await asking.queue_up(session, turn.conversation_id, reason, now)
    said = await tell(session, turn, asking.notice(queued, now), key, now)
    await unless_open(session, turn.conversation_id, queued, key, now)
    if not queued.is_open and queued.handoff_id is not None:
        # The bot has not seen the message: a form it was in would ask on.
        await ending.tell_the_bot(session, await session.get_one(Handoff, queued.handoff_id))
    return (said,) if said else ()


async def tell(
    session: AsyncSession, turn: Turn, text: str, key: str, now: datetime
) -> OutMessage | None:
    """Say something as the answer to a message."""
    notice = Utterance(text, author="system")
    return await notifications.send(
        session, turn.conversation_id, notice, key, now, answers_seq=turn.seq
    )


async def unless_open(
    session: AsyncSession, conversation_id: uuid.UUID, queued: Queued, cause: str, now: datetime
) -> None:
    """Wait for the message a customer may leave where nobody is at work; `cause` asked for it."""
    if not queued.is_open and queued.handoff_id is not None:
        await leave_message.ask(session, conversation_id, queued.handoff_id, cause, now)
