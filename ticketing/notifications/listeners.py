"""What leaves when tickets move."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.service import Utterance
from ticketing.forms import service as forms
from ticketing.forms import walk
from ticketing.forms.guide import photo_guide
from ticketing.notifications import setup
from ticketing.notifications.customers import reach_customer
from ticketing.notifications.wording import CHAT, spoken
from ticketing.routing.events import StepHandedOver
from ticketing.sla.events import SlaBreached
from ticketing.tickets import lookup, steps
from ticketing.tickets import service as tickets
from ticketing.tickets.cards import ticket_card
from ticketing.tickets.events import (
    TicketGoesOnElsewhere,
    TicketMovedOn,
    TicketReopened,
    TicketsMerged,
    TicketSplit,
    TicketWithdrawn,
)
from ticketing.tickets.models import Ticket
from ticketing.tickets.views import view
from ticketing.workflow.process import ROLES

_OPEN = ("open", "paused")


class _Asked(NamedTuple):
    """A question that goes with a notice."""

    text: str
    buttons: tuple[dict[str, str], ...]
    guide: dict[str, Any] | None = None
    """How to take the photo that is asked for."""


@dataclass(frozen=True)
class _News:
    """A template with what it says; `cause` lets each conversation hear of it once."""

    template: str
    cause: str
    at: datetime
    said: Mapping[str, str] = field(default_factory=dict)


async def tell_the_progress(fact: TicketMovedOn, session: AsyncSession) -> None:
    """Tell every conversation of a ticket what was done and what comes next.

    Nothing where the process has nothing to say to customers, as when a lead steps in.
    """
    audience = await tickets.audience(session, fact.ticket_id)
    if not audience:
        return
    ticket = await lookup.ticket(session, fact.ticket_id)
    card = ticket_card(await view(session, ticket))
    asked = await _asked_of_customer(session, ticket, fact)
    text = fact.announcement + asked.text
    if not text and not asked.buttons:
        return
    text = text or f"工单 {ticket.ticket_no} 有新进展：{card['state_label']}。"
    card |= {"photo_guide": asked.guide} if asked.guide else {}
    for conversation_id in audience:
        notice = Utterance(text, author="system", buttons=asked.buttons, card=card)
        key = f"ticket-change:{fact.change_id}:{conversation_id}"
        await reach_customer(session, conversation_id, notice, key, fact.at)


async def tell_of_the_reopening(fact: TicketReopened, session: AsyncSession) -> None:
    """Tell the conversations of a ticket that it is worked on again; the bot answers who asked."""
    news = _News("ticket_reopened", f"ticket-change:{fact.change_id}", fact.at)
    audience = await tickets.audience(session, fact.ticket_id)
    others = [each for each in audience if each != fact.conversation_id]
    await _tell(session, others, fact.ticket_id, news)


async def tell_where_it_goes_on(fact: TicketGoesOnElsewhere, session: AsyncSession) -> None:
    """Tell the conversations of a closed ticket which other one takes the matter up."""
    cause = f"goes-on:{fact.ticket_no}:{fact.other_no}:{fact.version}"
    said = {"ticket_no": fact.ticket_no, "other_no": fact.other_no}
    audience = await tickets.audience(session, fact.ticket_id)
    news = _News("ticket_goes_on", cause, fact.at, said)
    await _tell(session, audience, fact.other_id, news)


async def tell_of_the_merge(fact: TicketsMerged, session: AsyncSession) -> None:
    """Tell the conversations of a ticket under which number it goes on."""
    said = {"ticket_no": fact.ticket_no, "into_no": fact.into_no}
    audience = await tickets.audience(session, fact.ticket_id)
    news = _News("tickets_merged", f"tickets-merged:{fact.ticket_no}", fact.at, said)
    await _tell(session, audience, fact.into_id, news)


async def tell_of_the_split(fact: TicketSplit, session: AsyncSession) -> None:
    """Tell the conversations of a new ticket which part of an older one it is."""
    audience = await tickets.audience(session, fact.ticket_id)
    cause, said = f"ticket-split:{fact.change_id}", {"from_no": fact.from_no}
    await _tell(session, audience, fact.ticket_id, _News("ticket_split", cause, fact.at, said))


async def tell_of_the_hand_over(fact: StepHandedOver, session: AsyncSession) -> None:
    """Tell the conversations of an open ticket which department goes on with it."""
    ticket = await lookup.ticket(session, fact.ticket_id)
    if ticket.state not in _OPEN or fact.department not in ROLES:
        return
    audience = await tickets.audience(session, fact.ticket_id)
    cause = f"handed-over:{ticket.ticket_no}:{fact.version}"
    said = {"department": ROLES[fact.department]}
    await _tell(session, audience, ticket.id, _News("step_handed_over", cause, fact.at, said))


async def tell_of_the_delay(fact: SlaBreached, session: AsyncSession) -> None:
    """Tell the customer, once, that what they were promised takes longer.

    Of our own limits they hear nothing, and nothing either while it is they who are waited for.
    """
    if fact.audience != "customer" or fact.level != 1:
        return
    audience = await tickets.audience(session, fact.ticket_id)
    if not audience or await _waits_for_customer(session, fact.ticket_id):
        return
    news = _News("promise_late", f"promise-late:{fact.clock_id}", fact.at)
    await _tell(session, audience, fact.ticket_id, news)


async def tell_the_others(fact: TicketWithdrawn, session: AsyncSession) -> None:
    """Tell the other conversations of a withdrawn ticket; the bot answers the one who withdrew."""
    ticket = await lookup.ticket(session, fact.ticket_id)
    for conversation_id in await tickets.audience(session, fact.ticket_id):
        if conversation_id != fact.conversation_id:
            await tell_of_withdrawal(session, ticket, conversation_id, fact.at)


async def tell_of_withdrawal(
    session: AsyncSession, ticket: Ticket, conversation_id: uuid.UUID, now: datetime
) -> None:
    """Tell one conversation, once, that a ticket is withdrawn."""
    news = _News("ticket_withdrawn", f"ticket-withdrawn:{ticket.ticket_no}", now)
    await _tell(session, [conversation_id], ticket.id, news)


async def _tell(
    session: AsyncSession, audience: Sequence[uuid.UUID], ticket_id: uuid.UUID, news: _News
) -> None:
    """Tell conversations something of a ticket; those that may hear of it are shown its card."""
    if not audience:
        return
    ticket = await lookup.ticket(session, ticket_id)
    text = await _worded(session, news.template, **{"ticket_no": ticket.ticket_no, **news.said})
    card = ticket_card(await view(session, ticket))
    may_hear = set(await tickets.audience(session, ticket_id))
    for conversation_id in audience:
        shown = card if conversation_id in may_hear else None
        notice = Utterance(text, author="system", card=shown)
        key = f"{news.cause}:{conversation_id}"
        await reach_customer(session, conversation_id, notice, key, news.at)


async def _worded(session: AsyncSession, name: str, **values: str) -> str:
    """Return what is said in the chat, as a manager has worded it."""
    template = await setup.template(session, name, CHAT)
    return spoken(template.text, values)


async def _waits_for_customer(session: AsyncSession, ticket_id: uuid.UUID) -> bool:
    ticket = await lookup.ticket(session, ticket_id)
    waiting = {row.waits_for for row in await steps.open_steps(session, ticket_id)}
    return ticket.state not in _OPEN or "customer" in waiting


async def _asked_of_customer(session: AsyncSession, ticket: Ticket, fact: TicketMovedOn) -> _Asked:
    """Return the first question of the step the customer is to do next, if there is one.

    Where the process itself says what is wanted, the form's own words would say it twice.
    """
    process = await steps.process_of(session, ticket)
    for number in fact.entered:
        row = await steps.step(session, number)
        if row.role == "customer" and row.form:
            asked = walk.next_question(await forms.form(session, row.form), {})
            if asked is not None:
                drawn = process.step(row.step)
                is_said = drawn is not None and bool(drawn.on_enter)
                words = "" if is_said else asked.spoken
                return _Asked(words, asked.buttons, photo_guide(asked))
    return _Asked("", ())
