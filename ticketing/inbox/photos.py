"""Photos and videos that customers send: kept, shown in the chat, added to their ticket."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation
from ticketing.conversations.service import Utterance
from ticketing.files import service as files
from ticketing.files.cards import file_card
from ticketing.files.models import StoredFile
from ticketing.forms import service as forms
from ticketing.forms import walk
from ticketing.forms.form import FieldKind
from ticketing.inbox import questions
from ticketing.inbox.models import HouseQuestion
from ticketing.inbox.questions import Answering, Asking
from ticketing.inbox.step_answers import KIND as STEP
from ticketing.inbox.step_answers import go_on
from ticketing.inbox.texts import say
from ticketing.notifications import service as notifications
from ticketing.tickets import lookup
from ticketing.tickets import service as tickets
from ticketing.tickets.events import TicketOpened
from ticketing.tickets.models import Ticket

KIND = "photo"
LABELS = {"outer": "外箱", "label": "面单", "inner": "内件", "other": "其他"}
_SAID_ALSO = {
    "outer": ("箱子", "包装", "盒子", "外面"),
    "label": ("单子", "快递单", "运单"),
    "inner": ("里面", "东西", "商品", "物品", "货"),
    "other": ("别的", "其它"),
}
_LONGEST_NAME = 8
_CALLED = {"image": "照片", "video": "视频"}


async def take_in(
    session: AsyncSession, conversation_id: uuid.UUID, stored: StoredFile, now: datetime
) -> None:
    """Add a customer's file to their conversation and the ticket it is meant for."""
    # Whoever works on a ticket tells its conversations: tickets are locked first everywhere.
    await _lock_tickets(session, conversation_id)
    conversation = await conversations.locked(session, conversation_id)
    await files.link(session, stored, str(conversation.id), "other", by="customer", now=now)
    await _show(session, conversation, stored, now)
    if await _fills_in(session, conversation, stored, now):
        return
    going_on = await tickets.going_on_of_conversation(session, conversation.id)
    ticket = going_on[0] if len(going_on) == 1 else None
    if ticket is not None:
        await _add_to(session, ticket, stored, now)
    if conversation.owner == "bot":
        await _ask_what_it_shows(session, conversation, stored, ticket, now)


async def add_those_sent_before(fact: TicketOpened, session: AsyncSession) -> None:
    """Add to a new ticket what its customer sent in before it was opened."""
    if fact.conversation_id is None:
        return
    own = str(fact.conversation_id)
    for link, stored in await files.linked(session, [own]):
        if not await files.belongs_elsewhere(session, stored, own):
            await files.link(session, stored, fact.ticket_no, link.role, by="customer", now=fact.at)


@dataclass(frozen=True)
class PhotoAnswers:
    """Takes what a customer says a photo shows."""

    kind: str = KIND

    async def read(
        self, _session: AsyncSession, _question: HouseQuestion, text: str, *, just_asked: bool
    ) -> str | None:
        """Return the role of the photo, or nothing."""
        return role_named(text) if just_asked else None

    async def take(
        self, session: AsyncSession, question: HouseQuestion, answer: Any, at: Answering
    ) -> tuple[Utterance, ...]:
        """Remember what the photo shows."""
        question.closed_at = at.now
        await files.change_role(session, uuid.UUID(question.ref), answer)
        return (Utterance(say("photo_named", label=LABELS[answer]), author="system"),)


def role_named(text: str) -> str | None:
    """Return the role a short answer names: `外箱`, `是里面的东西` …"""
    if len(text) > _LONGEST_NAME:
        return None
    for role, label in LABELS.items():
        if any(word in text for word in (label, *_SAID_ALSO[role])):
            return role
    return None


async def _show(
    session: AsyncSession, conversation: Conversation, stored: StoredFile, now: datetime
) -> None:
    """Let the photo stand in the conversation as something the customer said."""
    what = _CALLED.get(stored.media_type.partition("/")[0], "文件")
    shown = Utterance(f"[{what}]", author="customer", card=file_card(stored))
    await notifications.send(session, conversation.id, shown, f"photo:{stored.id}", now)


async def _fills_in(
    session: AsyncSession, conversation: Conversation, stored: StoredFile, now: datetime
) -> bool:
    """Take the photo as the answer to a form that asks for one; tell whether one did."""
    for question in await questions.waiting(session, conversation.id, STEP):
        form = await forms.form(session, question.form or "")
        asked = walk.next_question(form, question.answers)
        if question.lapsed_at or asked is None or asked.kind is not FieldKind.FILES:
            continue
        ticket_no = question.ref.partition("/")[0]
        ticket = await lookup.ticket_by_no(session, ticket_no, lock=True)
        await files.link(session, stored, ticket.ticket_no, asked.key, by="customer", now=now)
        message_id = f"{conversation.id}:photo:{stored.id}"
        answers = {**question.answers, asked.key: [str(stored.id)]}
        said = await go_on(session, question, answers, Answering(now, message_id))
        await questions.say_all(session, conversation.id, message_id, said, now)
        return True
    return False


async def _lock_tickets(session: AsyncSession, conversation_id: uuid.UUID) -> None:
    """Lock the tickets that a file of this conversation may be meant for."""
    waiting = await questions.waiting(session, conversation_id, STEP)
    numbers = {question.ref.partition("/")[0] for question in waiting}
    going_on = await tickets.going_on_of_conversation(session, conversation_id)
    if len(going_on) == 1:
        numbers.add(going_on[0].ticket_no)
    for number in sorted(numbers):
        await lookup.ticket_by_no(session, number, lock=True)


async def _add_to(session: AsyncSession, ticket: Ticket, stored: StoredFile, now: datetime) -> None:
    await files.link(session, stored, ticket.ticket_no, "other", by="customer", now=now)
    await tickets.add_file(session, ticket.ticket_no, stored.id, stored.sha256, now)


async def _ask_what_it_shows(
    session: AsyncSession,
    conversation: Conversation,
    stored: StoredFile,
    ticket: Ticket | None,
    now: datetime,
) -> None:
    key = f"photo-asked:{stored.id}"
    text = (
        say("photo_added", ticket_no=ticket.ticket_no) if ticket is not None else say("photo_kept")
    )
    buttons = tuple({"title": label, "payload": label} for label in LABELS.values())
    asking = Asking(conversation.id, KIND, str(stored.id), key)
    notice = Utterance(text, author="system", buttons=buttons)
    await questions.say_and_ask(session, asking, notice, now)
