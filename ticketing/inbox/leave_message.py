"""A message for people who are not at work: asked for in the chat, kept as a ticket."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.conversations.service import Utterance
from ticketing.handoffs import after_hours, texts, wording
from ticketing.handoffs.asking import AFTER_HOURS
from ticketing.handoffs.events import HandOverEnded
from ticketing.handoffs.words import asks_for_a_person
from ticketing.inbox import leaving, questions
from ticketing.inbox.leaving import Left
from ticketing.inbox.models import HouseQuestion
from ticketing.inbox.questions import Answering, Asking
from ticketing.inbox.texts import say
from ticketing.tickets import service as tickets
from ticketing.tickets.cards import ticket_card
from ticketing.tickets.service import Complaint
from ticketing.tickets.views import view

KIND = "leave_message"
TICKET_KIND, INTENT = "complaint", "talk_to_human"
_BEFORE = timedelta(minutes=30)
"""How far back what the customer has said belongs to what they leave."""


async def ask(
    session: AsyncSession, conversation_id: uuid.UUID, handoff_id: int, cause: str, now: datetime
) -> None:
    """Wait for a message; `cause` is the outbox key of what has asked for it."""
    older = await questions.waiting(session, conversation_id, KIND)
    await questions.close(session, KIND, [each.ref for each in older], now)
    await questions.ask(session, Asking(conversation_id, KIND, str(handoff_id), cause), now)
    await session.flush()


async def ask_who_waited_in_vain(fact: HandOverEnded, session: AsyncSession) -> None:
    """Ask somebody to leave a message whom nobody has taken before everybody went home."""
    if fact.outcome != AFTER_HOURS:
        return
    opens_at = await after_hours.opens_at(session, fact.handoff_id, fact.at)
    asking = Asking(fact.conversation_id, KIND, str(fact.handoff_id), f"after:{fact.handoff_id}")
    question = Utterance(texts.after_hours(opens_at, fact.at), author="system")
    await questions.say_and_ask(session, asking, question, fact.at)


@dataclass(frozen=True)
class LeftMessages:
    """Takes what customers leave."""

    kind: str = KIND

    async def read(
        self, session: AsyncSession, question: HouseQuestion, text: str, *, just_asked: bool
    ) -> Left | None:
        """Return what is known with this message; nothing when it speaks of something else."""
        before = Left.of(question.answers)
        found = leaving.read(text, before, just_asked=just_asked)
        if found is None or found.is_given_up or found.about:
            return found
        return replace(found, about=await _said_before(session, question))

    async def take(
        self, session: AsyncSession, question: HouseQuestion, answer: Left, at: Answering
    ) -> tuple[Utterance, ...]:
        """Ask for what is missing, once each, or open the ticket and say its number."""
        number = int(question.ref)
        if answer.is_given_up:
            question.closed_at = at.now
            await after_hours.given_up(session, number, at.now)
            return (Utterance(say("left_not"), author="system"),)
        missing = _missing(question, answer)
        if missing is not None:
            question.answers = {**answer.as_json(), "asked": missing}
            question.cause = questions.answer_key(at.message_id, 0)
            return (Utterance(say(missing), author="system"),)
        question.answers, question.closed_at = answer.as_json(), at.now
        return (await _file(session, question, answer, at.now),)


def _missing(question: HouseQuestion, left: Left) -> str | None:
    """Return the sentence that asks for what is missing; everything is asked for once."""
    asked = question.answers.get("asked")
    if not left.about:
        return "left_what"
    has_contact = left.phone is not None or left.is_here
    return None if has_contact or asked == "left_contact" else "left_contact"


async def _said_before(session: AsyncSession, question: HouseQuestion) -> tuple[str, ...]:
    """Return what a customer has told shortly before they were asked, without their wish."""
    since = question.asked_at - _BEFORE
    words = await wording.words(session)
    said = await conversations.words_since(session, question.conversation_id, since)
    until_now = said[:-1]
    return leaving.matters([each for each in until_now if not asks_for_a_person(each, words)])


async def _file(
    session: AsyncSession, question: HouseQuestion, left: Left, now: datetime
) -> Utterance:
    before = await _said_before(session, question)
    complaint = Complaint(
        kind=TICKET_KIND,
        waybill_no=None,
        description=say("left_description", about="；".join(left.about))[: leaving.LONGEST],
        by="customer",
        cause=f"left:{question.ref}",
        words=tuple(dict.fromkeys((*before, *left.about))),
        contact_phone=left.phone,
        conversation_id=question.conversation_id,
        intent=INTENT,
        anew=True,
    )
    filed = await tickets.file_complaint(session, complaint, now)
    number = filed.ticket.ticket_no
    await after_hours.message_left(session, int(question.ref), number, now)
    opens_at = await after_hours.opens_at(session, int(question.ref), now)
    opens = texts.spoken_day(opens_at, now) if opens_at else "尽快"
    name = "left_call" if left.phone else "left_chat"
    card = ticket_card(await view(session, filed.ticket))
    return Utterance(say(name, ticket_no=number, opens=opens), author="system", card=card)
