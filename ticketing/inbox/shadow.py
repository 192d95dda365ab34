"""What the bot would have said, for the person who holds a conversation; never sent."""

from __future__ import annotations

import uuid
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.handoffs import suggesting
from ticketing.handoffs.events import HandoffTaken
from ticketing.inbox.bot import BotClient, BotFailed
from ticketing.kernel import jobs
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database

JOB = "ask_the_bot_in_shadow"

_log = structlog.get_logger(__name__)


async def suggest_later(session: AsyncSession, conversation_id: uuid.UUID, seq: int) -> None:
    """Have the bot asked, once this is committed, what it would say to a message."""
    args = {"conversation_id": str(conversation_id), "seq": seq}
    await jobs.defer(session, JOB, args, lock=f"shadow/{conversation_id}")


async def suggest_to_the_taker(fact: HandoffTaken, session: AsyncSession) -> None:
    """Have something to suggest for what the customer wrote last before a person came."""
    last = await conversations.last_unanswered(session, fact.conversation_id)
    if last is not None:
        await suggest_later(session, fact.conversation_id, last.seq)


async def suggest(db: Database, bot: BotClient, clock: Clock, **args: Any) -> None:
    """Ask the bot in shadow and keep its answer; a bot that fails suggests nothing."""
    conversation_id, seq = uuid.UUID(args["conversation_id"]), int(args["seq"])
    async with db.transaction() as session:
        text = await _still_wanted(session, conversation_id, seq)
    if text is None:
        return
    try:
        answer = await bot.shadow(str(conversation_id), f"{conversation_id}:{seq}", text)
    except BotFailed as failure:
        _log.info("no_suggestion", conversation=str(conversation_id), **failure.facts)
        return
    texts = [utterance.text for utterance in answer.utterances if utterance.text]
    async with db.transaction() as session:
        await suggesting.keep(session, conversation_id, seq, texts, now=clock())


async def _still_wanted(session: AsyncSession, conversation_id: uuid.UUID, seq: int) -> str | None:
    """Return the text of a message a person has to answer, if nothing newer was said."""
    conversation = await conversations.known(session, conversation_id)
    last = await conversations.last_unanswered(session, conversation_id)
    is_newest = conversation.owner == "agent" and last is not None and last.seq == seq
    return last.text if is_newest and last is not None else None
