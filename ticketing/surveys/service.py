"""Verbs of surveys: ask how it was, take the answer, look into what went wrong."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.tokens import Caller
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation
from ticketing.conversations.service import Utterance
from ticketing.inbox import questions
from ticketing.inbox.questions import Asking
from ticketing.kernel.errors import HouseError
from ticketing.kernel.masking import mask
from ticketing.routing import by_hand
from ticketing.routing import service as routing
from ticketing.routing.by_hand import Deed
from ticketing.routing.scope import scope_of
from ticketing.surveys import repository
from ticketing.surveys.models import Survey
from ticketing.surveys.repository import Reach
from ticketing.surveys.scoring import LOW, Reading, read
from ticketing.surveys.texts import BUTTONS, say
from ticketing.tickets import links, lookup, steps
from ticketing.tickets import service as tickets
from ticketing.tickets.history import Line, record
from ticketing.tickets.models import Ticket
from ticketing.tickets.service import Complaint

QUIET = timedelta(hours=24)
"""Nobody is asked twice within this time."""

TEXT_LIMIT = 500
QUESTION = "survey"
"""The kind of the questions that surveys ask."""

SURVEY = "survey"
"""Who opens reviews, in histories."""

REVIEW_KIND, REVIEW_INTENT = "complaint", "low_score"
LEADS = "lead"
"""The queue of those who look into low scores."""


class UnknownSurvey(HouseError):
    """No survey has this id."""

    status, code = 404, "unknown_survey"

    def __init__(self) -> None:
        super().__init__("没有这个满意度调查")


@dataclass(frozen=True)
class Reply:
    """What the customer is told; `outcome` is `scored`, `unclear` or `already`."""

    outcome: str
    text: str


@dataclass(frozen=True)
class Listed:
    """A survey with the numbers of the tickets it has to do with."""

    survey: Survey
    ticket_no: str | None
    review_ticket_no: str | None


async def open_for_ticket(session: AsyncSession, ticket: Ticket, now: datetime) -> Survey | None:
    """Ask the customer of a finished ticket how it was, once; nothing where it would disturb.

    Not asked: about a review that a survey opened, where nobody is in a chat, while a person is
    speaking with the customer, or when they were asked within a day.
    """
    if await repository.opened_by_survey(session, ticket.id):
        return None
    heard_by = await tickets.audience(session, ticket.id)
    if not heard_by:
        return None
    conversation = await conversations.locked(session, heard_by[0])
    if conversation.owner != "bot":
        return None
    survey = Survey(
        cause=f"ticket:{ticket.id}",
        reason="ticket",
        ticket_id=ticket.id,
        conversation_id=conversation.id,
        queue=ticket.queue,
        assignee=ticket.assignee,
        asked_at=now,
    )
    return await _ask(session, survey, say("ask_ticket", ticket_no=ticket.ticket_no))


async def open_for_hand_over(
    session: AsyncSession, conversation: Conversation, agent: str | None, now: datetime
) -> Survey | None:
    """Ask a customer how a person has served them, once for each hand-over.

    `conversation` is locked and has just been given back or closed by `agent`.
    """
    survey = Survey(
        cause=f"hand_over:{conversation.id}:{conversation.owner_epoch}",
        reason="hand_over",
        conversation_id=conversation.id,
        assignee=agent,
        asked_at=now,
    )
    return await _ask(session, survey, say("ask_hand_over"))


async def _ask(session: AsyncSession, survey: Survey, question: str) -> Survey | None:
    if await repository.asked_for(session, survey.cause):
        return None
    since = survey.asked_at - QUIET
    if await repository.asked_since(session, survey.conversation_id, since):
        return None
    session.add(survey)
    await session.flush()
    asking = Asking(
        conversation_id=survey.conversation_id,
        kind=QUESTION,
        ref=str(survey.id),
        cause=f"survey:{survey.id}",
    )
    card = {"type": "survey", "survey_id": str(survey.id), "about": survey.reason}
    utterance = Utterance(question, author="system", buttons=BUTTONS, card=card)
    await questions.say_and_ask(session, asking, utterance, survey.asked_at)
    return survey


async def held(session: AsyncSession, survey_id: uuid.UUID) -> Survey:
    """Return a survey, it and its ticket locked; raise `UnknownSurvey`."""
    survey = await repository.survey(session, survey_id)
    if survey is None:
        raise UnknownSurvey
    if survey.ticket_id:
        ticket = await lookup.ticket(session, survey.ticket_id)
        await lookup.ticket_by_no(session, ticket.ticket_no, lock=True)
    await repository.lock(session, survey)
    return survey


async def answer(session: AsyncSession, survey_id: uuid.UUID, text: str, now: datetime) -> Reply:
    """Take what a customer answers; a low score is looked into. Raises `UnknownSurvey`."""
    survey = await held(session, survey_id)
    if survey.score is not None:
        return Reply("already", say("already"))
    reading = read(text)
    if reading.score is None:
        return Reply("unclear", say("unclear"))
    return await take(session, survey, reading, now)


async def take(session: AsyncSession, survey: Survey, reading: Reading, now: datetime) -> Reply:
    """Keep the score of a locked survey, thank for it, and open a review when it is low."""
    survey.score, survey.answered_at = reading.score, now
    survey.text = mask(reading.text)[:TEXT_LIMIT] if reading.text else None
    await questions.close(session, QUESTION, (str(survey.id),), now)
    if survey.ticket_id:
        told = {"score": survey.score, "text": survey.text}
        ticket = await lookup.ticket(session, survey.ticket_id)
        record(session, ticket, Line("survey_answered", "customer", told), now)
    if reading.score is None or reading.score > LOW:
        return Reply("scored", say(f"thanks_{reading.score}"))
    review = await _review(session, survey, reading.score, now)
    return Reply("scored", say("sorry", review_no=review.ticket_no))


async def _review(session: AsyncSession, survey: Survey, score: int, now: datetime) -> Ticket:
    """Open a ticket for a lead who looks into a low score."""
    about = await _about(session, survey)
    what = f"工单 {about.ticket_no}" if about and survey.ticket_id else "人工服务"
    words = survey.text or say("no_words")
    complaint = Complaint(
        kind=REVIEW_KIND,
        waybill_no=about.waybill_no if about else None,
        description=say("review", about=what, score=score, text=words),
        by=SURVEY,
        cause=f"survey:{survey.id}",
        role=about.role if about else None,
        words=(survey.text,) if survey.text else (),
        contact_phone=about.contact_phone if about else None,
        conversation_id=survey.conversation_id,
        urgent=True,
        intent=REVIEW_INTENT,
        anew=True,
    )
    filed = await tickets.file_complaint(session, complaint, now)
    survey.review_ticket_id = filed.ticket.id
    if about is not None and filed.ticket.id != about.id:
        await links.tie(session, filed.ticket, about, "caused_by", by=SURVEY, now=now)
    if filed.outcome == "opened":
        await _to_the_lead(session, filed.ticket, now)
    return filed.ticket


async def _about(session: AsyncSession, survey: Survey) -> Ticket | None:
    """Return the ticket a survey is about; after a hand-over, the conversation's newest."""
    if survey.ticket_id:
        return await lookup.ticket(session, survey.ticket_id)
    found = await tickets.tickets_of_conversation(session, survey.conversation_id)
    return next((ticket for ticket in found if ticket.waybill_no), None)


async def _to_the_lead(session: AsyncSession, review: Ticket, now: datetime) -> None:
    """Let a lead look into a low score, not whoever may have caused it."""
    if (await routing.current_layout(session)).queue(LEADS) is None:
        return
    for step in await steps.open_steps(session, review.id):
        deed = Deed(
            ticket_no=review.ticket_no,
            step=step.step,
            by=SURVEY,
            is_lead=True,
            note=say("why"),
            is_told=True,
        )
        await by_hand.hand_over(session, deed, LEADS, now)


async def page(
    session: AsyncSession,
    filters: Mapping[str, str | int],
    before: tuple[datetime, uuid.UUID] | None,
    limit: int,
    *,
    caller: Caller,
) -> Sequence[Listed]:
    """Return a page of surveys, newest first: of the queues the caller sees, and about them."""
    queues = (await scope_of(session, caller)).queues
    reach = None if queues is None else Reach(caller.name, queues)
    found = await repository.page(session, filters, before, limit, reach=reach)
    return [Listed(*row) for row in found]
