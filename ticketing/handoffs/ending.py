"""The end of a hand-over: back to the bot or closed, and the bot is told what was agreed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation
from ticketing.conversations.service import Utterance
from ticketing.handoffs import repository
from ticketing.handoffs.events import HandOverEnded
from ticketing.handoffs.history import Happening, record
from ticketing.handoffs.models import Handoff
from ticketing.kernel import jobs
from ticketing.kernel.facts import announce
from ticketing.kernel.masking import mask
from ticketing.notifications import service as notifications

TELL_THE_BOT = "tell_the_bot_what_was_agreed"
"""The job that lets the bot know; whoever can speak with the bot runs it."""


@dataclass(frozen=True)
class End:
    """Whose a conversation is afterwards, how it ended, by whom, and what the customer is told."""

    owner: str
    outcome: str
    by: str
    agreed: str = ""
    text: str = ""


async def end(
    session: AsyncSession, conversation: Conversation, handoff: Handoff, how: End, now: datetime
) -> Conversation:
    """End the hand-over of a locked conversation: tell the customer, the bot, and whoever asks."""
    agent = conversation.agent
    await conversations.change_owner(session, conversation, how.owner, now)
    conversation.agent = conversation.queue = conversation.queued_at = None
    handoff.offered_to = handoff.offered_until = None
    handoff.ended_at, handoff.outcome = now, how.outcome
    handoff.agreed = mask(how.agreed) or None
    handoff.untold = True
    record(session, handoff, Happening(how.outcome, how.by, note=handoff.agreed), now)
    await session.flush()
    await notifications.signal(session, conversation.id)
    if how.text:
        key = f"handoff:{conversation.id}:{conversation.owner_epoch}"
        notice = Utterance(how.text, author="system")
        await notifications.send(session, conversation.id, notice, key, now)
    await tell_the_bot(session, handoff)
    fact = HandOverEnded(
        at=now,
        conversation_id=conversation.id,
        handoff_id=handoff.id,
        agent=agent or handoff.taken_by,
        outcome=how.outcome,
        has_spoken=handoff.replied_at is not None,
    )
    await announce(session, fact)
    return conversation


async def tell_the_bot(session: AsyncSession, handoff: Handoff) -> None:
    """Have the bot told, once this is committed, that a hand-over is over and what was agreed.

    It hears of it before it is asked anything else in this conversation.
    """
    handoff.untold = True
    told = {"conversation_id": str(handoff.conversation_id)}
    await jobs.defer(session, TELL_THE_BOT, told, lock=f"bot/{handoff.conversation_id}")


async def is_untold(session: AsyncSession, conversation_id: uuid.UUID) -> bool:
    """Tell whether the bot has still to hear of a hand-over that is over."""
    return await repository.is_untold(session, conversation_id)


async def take_untold(session: AsyncSession, conversation_id: uuid.UUID) -> Handoff | None:
    """Return the newest hand-over the bot has still to hear of; it counts as told from now on.

    Whoever asks at the same time waits until this is committed, and then has nothing to tell.
    """
    found = await repository.locked_untold(session, conversation_id)
    for handoff in found:
        handoff.untold = False
    return found[-1] if found else None
