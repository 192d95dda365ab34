"""The conversation's traffic: store first, acknowledge second, hand to the owner third."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from channels.messages import OutMessage
from ticketing.conversations import service as conversations
from ticketing.conversations.service import Arriving, Finished, Received, Turn
from ticketing.handoffs import asking, ending
from ticketing.handoffs.asking import Queued
from ticketing.handoffs.texts import wait_in_words
from ticketing.inbox import acknowledging, handing_over, questions, shadow, telling
from ticketing.inbox.bot import BotAnswer, BotClient, BotFailed
from ticketing.inbox.questions import Answerer
from ticketing.inbox.texts import say
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.notifications import service as notifications

LEASE_BEYOND_BOT_TIMEOUT = timedelta(seconds=3)
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
                heard = await acknowledging.acknowledge(session, received, arriving.text, now)
                said = heard.said
                if heard.for_the_bot:
                    turn = await conversations.answer_after_all(session, received, now, self._lease)
                    turn = replace(turn, text=heard.for_the_bot) if turn else None
            if received.is_new and received.owner == "agent":
                await shadow.suggest_later(session, received.conversation_id, received.seq)
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
        taken, is_untold = await self._hand_over_if_asked(turn)
        if taken is None and self._answerers:
            taken = await self._take_as_answer(turn)
        if taken is not None:
            return taken
        try:
            if is_untold:
                await telling.tell(self._db, self._bot, turn.conversation_id)
            answer = await self._bot.turn(turn)
        except BotFailed as failure:
            _log.warning("bot_failed", conversation=str(turn.conversation_id), **failure.facts)
            return await self._give_up(turn)
        return await self._say(turn, answer)

    async def _hand_over_if_asked(self, turn: Turn) -> tuple[Answered | None, bool]:
        """Hand over where the message asks for a person in so many words, whatever is going on.

        Where it does not, returns whether the bot has still to hear of the hand-over before.
        """
        now = self._clock()
        async with self._db.transaction() as session:
            reason = await handing_over.reason_to_hand_over(session, turn, now)
            if reason is None:
                return None, await ending.is_untold(session, turn.conversation_id)
            understood = dict(handing_over.UNDERSTOOD)
            finished = await conversations.finish_turn(session, turn, understood, now, self._lease)
            if finished is None or not finished.is_current:
                return Answered((), finished.next_turn if finished else None), False
            key = turn_key(turn.message_id, 0)
            said = await handing_over.hand_over(session, turn, reason, key, now)
            owner = (await conversations.known(session, turn.conversation_id)).owner
        return Answered(said, finished.next_turn if owner == "bot" else None), False

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
            sent += await self._as_wanted(session, turn, finished, len(sent), now)
            owner = (await conversations.known(session, turn.conversation_id)).owner
        return Answered(sent, finished.next_turn if owner == "bot" else None)

    async def _as_wanted(
        self, session: AsyncSession, turn: Turn, wanted: Finished, said: int, now: datetime
    ) -> tuple[OutMessage, ...]:
        """Carry out the hand-over the bot has told of; say so where it has come out otherwise."""
        reason = str(wanted.handoff_reason)
        queued = await asking.queue_up(session, turn.conversation_id, reason, now)
        key = turn_key(turn.message_id, max(0, said - 1))
        more: OutMessage | None = None
        if queued.is_open != wanted.told_open:
            key = turn_key(turn.message_id, said)
            more = await handing_over.tell(session, turn, asking.notice(queued, now), key, now)
        await handing_over.unless_open(session, turn.conversation_id, queued, key, now)
        return (more,) if more else ()

    async def _give_up(self, turn: Turn) -> Answered:
        now = self._clock()
        async with self._db.transaction() as session:
            finished = await conversations.finish_turn(session, turn, None, now, self._lease)
            if finished is None or not finished.is_current:
                return Answered((), finished.next_turn if finished else None)
            queued = await asking.queue_up(session, turn.conversation_id, "bot_failure", now)
            key = f"turn:{turn.message_id}:failed"
            said = await handing_over.tell(session, turn, _apology(queued, now), key, now)
            await handing_over.unless_open(session, turn.conversation_id, queued, key, now)
        next_turn = None if queued.is_open else finished.next_turn
        return Answered((said,) if said else (), next_turn)


def turn_key(message_id: str, number: int) -> str:
    """Return the outbox key of what the bot answers to a message, counted from 0."""
    return f"turn:{message_id}:{number}"


def _apology(queued: Queued, now: datetime) -> str:
    """Return what a customer is told whose message the bot could not answer."""
    if not queued.is_open:
        return say("bot_failed_after_hours", after_hours=asking.notice(queued, now))
    wait = wait_in_words(queued.wait)
    return say("bot_failed", position=queued.position, wait=wait)
