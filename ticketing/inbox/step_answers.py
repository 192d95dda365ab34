"""Steps that the customer does: asked in the chat, form field by form field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.service import Utterance
from ticketing.forms import service as forms
from ticketing.forms import walk
from ticketing.forms.guide import photo_guide
from ticketing.forms.walk import AnswerNotUnderstood, Question
from ticketing.inbox import questions
from ticketing.inbox.choosing import choose
from ticketing.inbox.models import HouseQuestion
from ticketing.inbox.questions import Answering, Asking
from ticketing.inbox.texts import say
from ticketing.tickets import lookup, reopening, steps
from ticketing.tickets import service as tickets
from ticketing.tickets.events import TicketClosed, TicketMovedOn, TicketReopened
from ticketing.tickets.models import Ticket, TicketStep
from ticketing.tickets.steps import Doing, TicketAlreadyClosed
from ticketing.workflow.machine import StepNotCurrent

KIND = "step"
_LEAVES_THE_FORM = ("人工", "客服", "投诉")
_UNREADABLE = object()


async def ask_the_customer(fact: TicketMovedOn | TicketReopened, session: AsyncSession) -> None:
    """Wait for the answers to what a step asks of the customer; nobody waits for left steps.

    Where silence was taken for the answer, a real one still counts.
    """
    ticket = await lookup.ticket(session, fact.ticket_id)
    if isinstance(fact, TicketReopened):
        await _close_all(session, ticket, fact.at)
    rows = [await steps.step(session, number) for number in getattr(fact, "left", ())]
    left = [row for row in rows if row.role == "customer" and row.form]
    silent = [row for row in left if (row.outcome, row.done_by) == ("timed_out", "timer")]
    if gone := [_ref(ticket.ticket_no, row) for row in left if row not in silent]:
        await questions.close(session, KIND, gone, fact.at)
    entered = [await steps.step(session, number) for number in fact.entered]
    asked = [row for row in entered if row.role == "customer" and row.form]
    for conversation_id in await tickets.audience(session, ticket.id) if silent or asked else ():
        cause = f"ticket-change:{fact.change_id}:{conversation_id}"
        for row in silent:
            lapsed = Asking(conversation_id, KIND, _ref(ticket.ticket_no, row), cause)
            await questions.lapse(session, lapsed, fact.at)
        for row in asked:
            asking = Asking(conversation_id, KIND, _ref(ticket.ticket_no, row), cause, row.form)
            await questions.ask(session, asking, fact.at)


async def stop_asking(fact: TicketClosed, session: AsyncSession) -> None:
    """Wait for no answers about a closed ticket, but for those that may open it again."""
    ticket = await lookup.ticket(session, fact.ticket_id)
    await _close_all(session, ticket, fact.at, lapsed_too=fact.how != "finished")


@dataclass(frozen=True)
class StepAnswers:
    """Takes the customer's answers to what a step asks."""

    kind: str = KIND

    async def read(
        self, session: AsyncSession, question: HouseQuestion, text: str, *, just_asked: bool
    ) -> dict[str, Any] | None:
        """Return the answers with this one, or nothing."""
        form = await forms.form(session, question.form or "")
        asked = walk.next_question(form, question.answers)
        if asked is None:
            return None
        # What silence was taken for is answered by a choice; free words may be about anything.
        is_told = question.lapsed_at is None or asked.choices or question.answers
        is_asked = just_asked and bool(is_told)
        answers = _answers(form, asked, question.answers, text, just_asked=is_asked)
        if answers is None:
            return None
        # The time may be over by now, and the answer then open the ticket again.
        await reopening.locked(session, question.ref.partition("/")[0])
        await session.refresh(question)
        return answers if question.closed_at is None else None

    async def take(
        self, session: AsyncSession, question: HouseQuestion, answer: Any, at: Answering
    ) -> tuple[Utterance, ...]:
        """Ask what is still open, or complete the step; the ticket then tells what comes next."""
        return await go_on(session, question, answer, at)


async def go_on(
    session: AsyncSession, question: HouseQuestion, answers: dict[str, Any], at: Answering
) -> tuple[Utterance, ...]:
    """Take these answers: return the next question, or nothing after the step is completed."""
    question.answers = dict(answers)
    form = await forms.form(session, question.form or "")
    following = walk.next_question(form, question.answers)
    if following is not None:
        question.cause = questions.answer_key(at.message_id, 0)
        guide, buttons = photo_guide(following), following.buttons
        return (Utterance(following.spoken, author="system", buttons=buttons, card=guide),)
    ticket_no, _, step = question.ref.partition("/")
    doing = Doing(
        by="customer",
        data={key: value for key, value in question.answers.items() if value is not None},
        subject=str(question.conversation_id),
        cause=f"{at.message_id}/{question.ref}",
    )
    try:
        if question.lapsed_at is not None:
            return await _take_late(session, question, doing, at)
        await steps.complete_step(session, ticket_no, step, doing, at.now)
    except (StepNotCurrent, TicketAlreadyClosed):
        question.closed_at = at.now
        return (Utterance(say("answered_already", ticket_no=ticket_no), author="system"),)
    return ()


async def _take_late(
    session: AsyncSession, question: HouseQuestion, doing: Doing, at: Answering
) -> tuple[Utterance, ...]:
    """Take an answer that came after silence was taken for one; it may open the ticket again."""
    ticket_no, _, step = question.ref.partition("/")
    question.closed_at = at.now
    ticket = await lookup.ticket_by_no(session, ticket_no, lock=True)
    alike = Utterance(say("answered_alike", ticket_no=ticket_no), author="system")
    if await steps.is_to_come(session, ticket, step):
        words = [text for text in doing.data.values() if isinstance(text, str)]
        await tickets.add_evidence(session, ticket_no, words, str(doing.cause), at.now)
        return (Utterance(say("asked_again_later", ticket_no=ticket_no), author="system"),)
    if ticket.state != "closed":
        went_on = await steps.answer_late(session, ticket_no, step, doing, at.now)
        return () if went_on else (alike,)
    if not await steps.would_differ(session, ticket, step, doing.data):
        return (alike,)
    form = await forms.form(session, question.form or "")
    reason = walk.summary(form, question.answers)
    await reopening.reopen(session, ticket_no, reason, by="customer", now=at.now)
    return ()


async def _close_all(
    session: AsyncSession, ticket: Ticket, now: datetime, *, lapsed_too: bool = True
) -> None:
    process = await steps.process_of(session, ticket)
    refs = [f"{ticket.ticket_no}/{step.name}" for step in process.steps if step.role == "customer"]
    if refs:
        await questions.close(session, KIND, refs, now, lapsed_too=lapsed_too)


def _answers(
    form: Any, asked: Question, before: dict[str, Any], text: str, *, just_asked: bool
) -> dict[str, Any] | None:
    """Return the answers including this text; a choice may be followed by more words."""
    if not asked.choices:
        leaves = any(word in text for word in _LEAVES_THE_FORM)
        value = _read(asked, text) if just_asked and not leaves else _UNREADABLE
        return None if value is _UNREADABLE else {**before, asked.key: value}
    chosen = choose(asked, text, just_asked=just_asked)
    if chosen is None:
        return None
    answers = {**before, asked.key: chosen.value}
    following = walk.next_question(form, answers) if chosen.more else None
    if following is not None and not following.choices:
        value = _read(following, chosen.more)
        answers |= {} if value is _UNREADABLE else {following.key: value}
    return answers


def _read(asked: Question, text: str) -> Any:
    """Return what was answered, None where an optional question is skipped."""
    try:
        return walk.read_answer(asked, text)
    except AnswerNotUnderstood:
        return _UNREADABLE


def _ref(ticket_no: str, row: TicketStep) -> str:
    return f"{ticket_no}/{row.step}"
