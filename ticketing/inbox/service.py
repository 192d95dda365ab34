"""The conversation's traffic: store first, acknowledge second, hand to the owner third."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation
from ticketing.conversations.service import Received, Turn, Utterance
from ticketing.inbox.bot import BotAnswer, BotClient, BotFailed
from ticketing.inbox.texts import say
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.notifications import service as notifications

LEASE_BEYOND_BOT_TIMEOUT = timedelta(seconds=3)
ACK_EVERY = timedelta(minutes=2)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Arrival:
    """A stored message, and the turn to be taken for it when the bot is free."""

    received: Received
    turn: Turn | None


class Inbox:
    """Receives messages and gets each of them answered, one at a time in a conversation."""

    def __init__(self, db: Database, bot: BotClient, clock: Clock, bot_timeout: timedelta) -> None:
        self._db = db
        self._bot = bot
        self._clock = clock
        self._lease = bot_timeout + LEASE_BEYOND_BOT_TIMEOUT
        self._answered = asyncio.Condition()

    async def receive(
        self, channel: str, customer_key: str, external_id: str, text: str
    ) -> Arrival:
        """Store a message (once); when the bot owns the conversation and is free, take its turn."""
        now = self._clock()
        async with self._db.transaction() as session:
            conversation = await conversations.open_conversation(
                session, channel, customer_key, now
            )
            received = await conversations.receive(session, conversation, external_id, text, now)
            if received.is_new and received.owner != "bot":
                await _acknowledge(session, conversation, received, now)
            turn = await conversations.take_turn(session, conversation, now, self._lease)
        return Arrival(received, turn)

    async def answer(self, turn: Turn | None) -> None:
        """Answer a message, and every one that has come in behind it meanwhile."""
        while turn is not None:
            turn = await self._answer_one(turn)
            async with self._answered:
                self._answered.notify_all()

    async def answer_waiting(self, conversation_id: uuid.UUID) -> None:
        """Take up a conversation that has an unanswered message and nobody at work on it."""
        async with self._db.transaction() as session:
            conversation = await conversations.locked(session, conversation_id)
            turn = await conversations.take_turn(session, conversation, self._clock(), self._lease)
        await self.answer(turn)

    async def wait_for_answer(self, received: Received, limit: timedelta) -> None:
        """Return when somebody has dealt with the message, or the limit has passed."""
        deadline = self._clock() + limit
        while self._clock() < deadline and not await self._is_handled(received):
            async with self._answered:
                try:
                    await asyncio.wait_for(self._answered.wait(), 0.2)
                except TimeoutError:
                    continue

    async def sweep(self) -> int:
        """Answer what a dead process has left behind; return how many conversations."""
        async with self._db.transaction() as session:
            left = await conversations.waiting(session, self._clock())
        for conversation_id in left:
            await self.answer_waiting(conversation_id)
        return len(left)

    async def _is_handled(self, received: Received) -> bool:
        async with self._db.transaction() as session:
            return await conversations.is_handled(session, received.conversation_id, received.seq)

    async def _answer_one(self, turn: Turn) -> Turn | None:
        try:
            answer = await self._bot.turn(turn)
        except BotFailed as failure:
            _log.warning("bot_failed", conversation=str(turn.conversation_id), **failure.facts)
            return await self._give_up(turn)
        return await self._say(turn, answer)

    async def _say(self, turn: Turn, answer: BotAnswer) -> Turn | None:
        now = self._clock()
        async with self._db.transaction() as session:
            conversation = await conversations.finish_turn(session, turn, answer.understood, now)
            if conversation is None:
                _log.info("late_bot_answer_dropped", conversation=str(turn.conversation_id))
                return None
            for number, utterance in enumerate(answer.utterances):
                key = f"turn:{turn.message_id}:{number}"
                await notifications.send(
                    session, conversation, utterance, key, now, answers_seq=turn.seq
                )
            await _hand_over_if_wanted(session, conversation, turn, now)
            return await conversations.take_turn(session, conversation, now, self._lease)

    async def _give_up(self, turn: Turn) -> Turn | None:
        now = self._clock()
        async with self._db.transaction() as session:
            conversation = await conversations.finish_turn(session, turn, None, now)
            if conversation is None:
                return None
            await conversations.change_owner(session, conversation, "queue", now, "bot_failure")
            position = await conversations.position_in_queue(session, conversation)
            notice = Utterance(say("bot_failed", position=position), author="system")
            key = f"turn:{turn.message_id}:failed"
            await notifications.send(session, conversation, notice, key, now, answers_seq=turn.seq)
        return None


async def _acknowledge(
    session: AsyncSession, conversation: Conversation, received: Received, now: datetime
) -> None:
    """Tell a customer who writes to a person that it was received, now and then."""
    window = int(now.timestamp() // ACK_EVERY.total_seconds())
    key = f"ack:{conversation.id}:{conversation.owner_epoch}:{window}"
    if conversation.owner == "queue":
        position = await conversations.position_in_queue(session, conversation)
        text = say("queue_ack", position=position)
    else:
        text = say("agent_ack")
    notice = Utterance(text, author="system")
    await notifications.send(session, conversation, notice, key, now, answers_seq=received.seq)


async def _hand_over_if_wanted(
    session: AsyncSession, conversation: Conversation, turn: Turn, now: datetime
) -> None:
    wanted = conversation.wanted_handoff
    if wanted and wanted["message_id"] == turn.message_id:
        conversation.wanted_handoff = None
        await conversations.change_owner(session, conversation, "queue", now, wanted["reason"])
