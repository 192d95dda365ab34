"""The conversation's traffic: store first, acknowledge second, hand to the owner third."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from channels.messages import OutMessage
from ticketing.conversations import service as conversations
from ticketing.conversations.service import Arriving, Received, Turn, Utterance
from ticketing.inbox import questions
from ticketing.inbox.bot import BotAnswer, BotClient, BotFailed
from ticketing.inbox.questions import Answerer
from ticketing.inbox.texts import say
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.notifications import service as notifications

LEASE_BEYOND_BOT_TIMEOUT = timedelta(seconds=3)
ACK_EVERY = timedelta(minutes=2)
_SWEPT_AT_ONCE = 4

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Arrival:
    """A stored message, and the turn to be taken for it when the bot is free."""

    received: Received
    turn: Turn | None
    said: tuple[OutMessage, ...] = ()

    @property
    def is_answered_here(self) -> bool:
        """Whether this process gives the answer, or a person will."""
        own = self.turn is not None and self.turn.seq == self.received.seq
        return own or self.received.handled


@dataclass(frozen=True)
class Answered:
    """What was said in a turn, and the next turn to be taken."""

    said: tuple[OutMessage, ...]
    next_turn: Turn | None


class Inbox:
    """Receives messages and gets each of them answered, one at a time in a conversation."""

    def __init__(
        self,
        db: Database,
        bot: BotClient,
        clock: Clock,
        bot_timeout: timedelta,
        answerers: tuple[Answerer, ...] = (),
    ) -> None:
        self._db = db
        self._answerers = {answerer.kind: answerer for answerer in answerers}
        self._bot = bot
        self._clock = clock
        self._lease = bot_timeout + LEASE_BEYOND_BOT_TIMEOUT
        self._answered = asyncio.Condition()

    async def receive(self, arriving: Arriving) -> Arrival:
        """Store a message (once); when the bot owns the conversation and is free, take its turn."""
        now = self._clock()
        said: OutMessage | None = None
        async with self._db.transaction() as session:
            received, turn = await conversations.receive(session, arriving, now, self._lease)
            if received.is_new and received.owner != "bot":
                said = await _acknowledge(session, received, now)
        return Arrival(received, turn, (said,) if said else ())

    async def answer(self, turn: Turn | None) -> tuple[OutMessage, ...]:
        """Answer a message, and every one that has come in behind it meanwhile.

        Returns what was said to the first one.
        """
        first: tuple[OutMessage, ...] | None = None
        while turn is not None:
            answered = await self._answer_one(turn)
            first = answered.said if first is None else first
            turn = answered.next_turn
            async with self._answered:
                self._answered.notify_all()
        return first or ()

    async def answer_waiting(self, conversation_id: uuid.UUID) -> None:
        """Take up a conversation that has an unanswered message and nobody at work on it."""
        async with self._db.transaction() as session:
            await conversations.locked(session, conversation_id)
            turn = await conversations.take_turn(
                session, conversation_id, self._clock(), self._lease
            )
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
        limit = asyncio.Semaphore(_SWEPT_AT_ONCE)

        async def one(conversation_id: uuid.UUID) -> None:
            async with limit:
                await self.answer_waiting(conversation_id)

        for outcome in await asyncio.gather(*map(one, left), return_exceptions=True):
            if isinstance(outcome, Exception):
                _log.error("swept_turn_broken", exc_info=outcome)
        return len(left)

    async def _is_handled(self, received: Received) -> bool:
        async with self._db.transaction() as session:
            return await conversations.is_handled(session, received.conversation_id, received.seq)

    async def _answer_one(self, turn: Turn) -> Answered:
        taken = await self._take_as_answer(turn) if self._answerers else None
        if taken is not None:
            return taken
        try:
            answer = await self._bot.turn(turn)
        except BotFailed as failure:
            _log.warning("bot_failed", conversation=str(turn.conversation_id), **failure.facts)
            return await self._give_up(turn)
        return await self._say(turn, answer)

    async def _take_as_answer(self, turn: Turn) -> Answered | None:
        """Take a message that answers a question of ours; nothing when it is for the bot."""
        now = self._clock()
        async with self._db.transaction() as session:
            reading = await questions.read(session, turn, self._answerers)
            if reading is None:
                return None
            finished = await conversations.finish_turn(
                session, turn, reading.understood, now, self._lease
            )
            if finished is None or not finished.is_current:
                return Answered((), finished.next_turn if finished else None)
            before = await conversations.last_seq(session, turn.conversation_id)
            await questions.take(session, reading, turn, now)
            said = await conversations.make_answers(
                session, turn.conversation_id, before, to=turn.seq
            )
        return Answered(said, finished.next_turn)

    async def _say(self, turn: Turn, answer: BotAnswer) -> Answered:
        now = self._clock()
        async with self._db.transaction() as session:
            finished = await conversations.finish_turn(
                session, turn, answer.understood, now, self._lease
            )
            if finished is None or not finished.is_current:
                _log.info("late_bot_answer_dropped", conversation=str(turn.conversation_id))
                return Answered((), finished.next_turn if finished else None)
            said = []
            for number, utterance in enumerate(answer.utterances):
                key = turn_key(turn.message_id, number)
                said.append(
                    await notifications.send(
                        session, turn.conversation_id, utterance, key, now, answers_seq=turn.seq
                    )
                )
            sent = tuple(message for message in said if message is not None)
            if finished.handoff_reason is None:
                return Answered(sent, finished.next_turn)
            await _into_the_queue(session, turn.conversation_id, now, finished.handoff_reason)
        return Answered(sent, None)

    async def _give_up(self, turn: Turn) -> Answered:
        now = self._clock()
        async with self._db.transaction() as session:
            finished = await conversations.finish_turn(session, turn, None, now, self._lease)
            if finished is None or not finished.is_current:
                return Answered((), finished.next_turn if finished else None)
            position = await _into_the_queue(session, turn.conversation_id, now, "bot_failure")
            notice = Utterance(say("bot_failed", position=position), author="system")
            key = f"turn:{turn.message_id}:failed"
            said = await notifications.send(
                session, turn.conversation_id, notice, key, now, answers_seq=turn.seq
            )
        return Answered((said,) if said else (), None)


def turn_key(message_id: str, number: int) -> str:
    """Return the outbox key of what the bot answers to a message, counted from 0."""
    return f"turn:{message_id}:{number}"


async def _acknowledge(
    session: AsyncSession, received: Received, now: datetime
) -> OutMessage | None:
    """Tell a customer who writes to a person that it was received, now and then."""
    conversation = await conversations.locked(session, received.conversation_id)
    window = int(now.timestamp() // ACK_EVERY.total_seconds())
    key = f"ack:{conversation.id}:{conversation.owner_epoch}:{window}"
    if conversation.owner == "queue":
        position = await conversations.position_in_queue(session, conversation)
        text = say("queue_ack", position=position)
    else:
        text = say("agent_ack")
    notice = Utterance(text, author="system")
    return await notifications.send(
        session, conversation.id, notice, key, now, answers_seq=received.seq
    )


async def _into_the_queue(
    session: AsyncSession, conversation_id: uuid.UUID, now: datetime, reason: str
) -> int:
    """Give a conversation to people; return its place in the queue."""
    conversation = await conversations.locked(session, conversation_id)
    await conversations.change_owner(session, conversation, "queue", now, reason)
    return await conversations.position_in_queue(session, conversation)
