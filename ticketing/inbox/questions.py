"""Questions of the house: asked in the chat, answered there in the customer's own words.

A reply that answers a question is taken here; any other goes on to the bot as if nothing had
been asked, and the question stays open.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.conversations.service import Turn, Utterance
from ticketing.inbox.models import HouseQuestion
from ticketing.notifications import service as notifications

LAPSED_FOR = timedelta(days=30)
"""So long a real answer still counts where silence was taken for one."""


@dataclass(frozen=True)
class Asking:
    """What is asked: `cause` is the outbox key of the message that asks."""

    conversation_id: uuid.UUID
    kind: str
    ref: str
    cause: str
    form: str | None = None


class Answerer(Protocol):
    """Whoever asked questions of one kind, and knows what to do with the answers."""

    @property
    def kind(self) -> str:
        """The kind of questions."""

    async def read(
        self, session: AsyncSession, question: HouseQuestion, text: str, *, just_asked: bool
    ) -> Any | None:
        """Return what the text answers; nothing when it speaks of something else.

        Locks whatever `take` is going to change, so that every transaction locks in one order.
        """

    async def take(
        self, session: AsyncSession, question: HouseQuestion, answer: Any, at: Answering
    ) -> tuple[Utterance, ...]:
        """Act on the answer; return what is still to be said about it."""


@dataclass(frozen=True)
class Answering:
    """When an answer came, and by which message."""

    now: datetime
    message_id: str


@dataclass(frozen=True)
class Reading:
    """A reply that was understood as an answer."""

    question: HouseQuestion
    answerer: Answerer
    answer: Any

    @property
    def understood(self) -> dict[str, Any]:
        """What is kept with the message, in the shape the bot's understanding has."""
        asked = {"kind": self.question.kind, "ref": self.question.ref}
        intent = {"name": "answer_question", "confidence": 1.0}
        return {"intent": intent, "ranking": [], "entities": [], "question": asked}


async def ask(session: AsyncSession, asking: Asking, now: datetime) -> None:
    """Remember that something was asked; asked again, the answers so far are forgotten."""
    open_one = await _open(session, asking)
    if open_one is None:
        open_one = HouseQuestion(
            conversation_id=asking.conversation_id, kind=asking.kind, ref=asking.ref
        )
        session.add(open_one)
    open_one.form, open_one.answers, open_one.lapsed_at = asking.form, {}, None
    open_one.cause, open_one.asked_at = asking.cause, now


async def say_and_ask(
    session: AsyncSession, asking: Asking, utterance: Utterance, now: datetime
) -> None:
    """Say something in the chat that asks a question."""
    await notifications.send(session, asking.conversation_id, utterance, asking.cause, now)
    await ask(session, asking, now)


async def close(
    session: AsyncSession,
    kind: str,
    refs: Sequence[str],
    now: datetime,
    *,
    lapsed_too: bool = True,
) -> None:
    """Wait for these answers no longer."""
    wanted = update(HouseQuestion).where(
        HouseQuestion.kind == kind,
        HouseQuestion.ref.in_(refs),
        HouseQuestion.closed_at.is_(None),
    )
    if not lapsed_too:
        wanted = wanted.where(HouseQuestion.lapsed_at.is_(None))
    await session.execute(wanted.values(closed_at=now))


async def lapse(session: AsyncSession, asking: Asking, now: datetime) -> None:
    """Take silence for the answer; `asking.cause` is the message that says so."""
    question = await _open(session, asking)
    if question is not None:
        question.answers, question.cause, question.lapsed_at = {}, asking.cause, now


async def read(
    session: AsyncSession, turn: Turn, answerers: Mapping[str, Answerer]
) -> Reading | None:
    """Return which question a message answers, the newest first; nothing for none."""
    unanswered = await waiting(session, turn.conversation_id)
    if not unanswered:
        return None
    last = await conversations.last_cause(session, turn.conversation_id)
    for question in unanswered:
        answerer = answerers[question.kind]
        just_asked = question.cause == last
        answer = await answerer.read(session, question, turn.text, just_asked=just_asked)
        if answer is not None:
            return Reading(question, answerer, answer)
    return None


async def take(session: AsyncSession, reading: Reading, turn: Turn, now: datetime) -> None:
    """Act on an answer and say what there is to say."""
    at = Answering(now, turn.message_id)
    said = await reading.answerer.take(session, reading.question, reading.answer, at)
    await say_all(session, turn.conversation_id, turn.message_id, said, now)


async def say_all(
    session: AsyncSession,
    conversation_id: uuid.UUID,
    message_id: str,
    said: Sequence[Utterance],
    now: datetime,
) -> None:
    """Say what there is to say to an answer."""
    for number, utterance in enumerate(said):
        key = answer_key(message_id, number)
        await notifications.send(session, conversation_id, utterance, key, now)


async def waiting(
    session: AsyncSession, conversation_id: uuid.UUID, kind: str | None = None
) -> Sequence[HouseQuestion]:
    """Return what a conversation has been asked and not answered, the newest first."""
    lapsed_at = HouseQuestion.lapsed_at
    query = select(HouseQuestion).where(
        HouseQuestion.conversation_id == conversation_id,
        HouseQuestion.closed_at.is_(None),
        or_(lapsed_at.is_(None), lapsed_at > func.now() - LAPSED_FOR),
    )
    if kind is not None:
        query = query.where(HouseQuestion.kind == kind)
    return (await session.scalars(query.order_by(HouseQuestion.id.desc()))).all()


def answer_key(message_id: str, number: int) -> str:
    """Return the outbox key of what is said to an answer, counted from 0."""
    return f"answer:{message_id}:{number}"


async def _open(session: AsyncSession, asking: Asking) -> HouseQuestion | None:
    found = await session.scalars(
        select(HouseQuestion).where(
            HouseQuestion.conversation_id == asking.conversation_id,
            HouseQuestion.kind == asking.kind,
            HouseQuestion.ref == asking.ref,
            HouseQuestion.closed_at.is_(None),
        )
    )
    return found.one_or_none()
