"""What is told of tickets in the chat: worded by a manager, and followed by an SMS."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.notifications.conftest import PostRoom
from tests.ticketing.tickets.desk import hears, opened
from ticketing.conversations import service as conversations
from ticketing.notifications import listeners, management
from ticketing.notifications.wording import CHAT, Template, UnknownBlank, spoken
from ticketing.routing.events import StepHandedOver
from ticketing.sla.events import SlaBreached
from ticketing.tickets.events import TicketReopened, TicketsMerged, TicketSplit
from ticketing.tickets.models import Ticket

NAMES = ("reopened", "merged", "split", "handed_over", "late")


async def story(room: PostRoom) -> tuple[uuid.UUID, Ticket, Ticket]:
    """Return a conversation that hears of two tickets, with a mobile number left in both."""
    await room.route("customer_unseen", "sms", "customer", delay_seconds=600)
    async with room.house.db.transaction() as session:
        chat = await conversations.open_conversation(session, "web", "someone", room.hands.at)
        given: dict[str, Any] = {"now": room.hands.at, "contact_phone": "13800000001"}
        first, second = await opened(session, **given), await opened(session, "delay", **given)
        for ticket in (first, second):
            await hears(session, ticket, chat.id, opener=True)
    return chat.id, first, second


async def announced(session: AsyncSession, name: str, first: Ticket, second: Ticket) -> None:
    """Tell the conversations of the first ticket what became of it."""
    about: dict[str, Any] = {"at": first.opened_at, "ticket_id": first.id}
    named = about | {"ticket_no": first.ticket_no}
    if name == "reopened":
        fact = TicketReopened(**named, change_id=77, reason="又坏了")
        await listeners.tell_of_the_reopening(fact, session)
    if name == "merged":
        merged = TicketsMerged(**named, into_id=second.id, into_no=second.ticket_no)
        await listeners.tell_of_the_merge(merged, session)
    if name == "split":
        split = TicketSplit(**named, from_id=second.id, from_no=second.ticket_no, change_id=1)
        await listeners.tell_of_the_split(split, session)
    if name == "handed_over":
        handed = StepHandedOver(**about, version=7, department="claims")
        await listeners.tell_of_the_hand_over(handed, session)
    if name == "late":
        await listeners.tell_of_the_delay(breach(named), session)


def breach(named: dict[str, Any]) -> SlaBreached:
    """A promise to the customer that was not kept."""
    clock: dict[str, Any] = {"clock_id": 1, "clock": "solution", "step_id": None, "level": 1}
    whose: dict[str, Any] = {"assignee": None, "queue": "claims", "to": "assignee"}
    return SlaBreached(**named, **clock, **whose, due_at=named["at"], audience="customer")


async def told(room: PostRoom, name: str) -> tuple[uuid.UUID, str]:
    """Announce something; return the conversation and what it heard last."""
    chat, first, second = await story(room)
    async with room.house.db.transaction() as session:
        await announced(session, name, first, second)
    async with room.house.db.transaction() as session:
        [said] = await conversations.messages_after(session, chat, 0)
    return chat, said.text


@pytest.mark.parametrize("name", NAMES)
async def test_who_does_not_look_is_reminded_by_sms(room: PostRoom, name: str) -> None:
    await told(room, name)
    assert room.arrived("aliyun_sms") == []
    room.hands.forward(minutes=11)
    await room.work()
    assert len(room.arrived("aliyun_sms")) == 1


@pytest.mark.parametrize("name", NAMES)
async def test_who_has_looked_gets_no_sms(room: PostRoom, name: str) -> None:
    chat, text = await told(room, name)
    assert "工单" in text
    async with room.house.db.transaction() as session:
        seq = await conversations.last_seq(session, chat)
        await conversations.mark_seen(session, chat, seq)
    room.hands.forward(minutes=11)
    await room.work()
    assert room.arrived("aliyun_sms") == []


async def test_a_managers_words_are_said_in_the_chat(room: PostRoom) -> None:
    worded = Template("step_handed_over", CHAT, "", "{department}接手 {ticket_no} 了。")
    async with room.house.db.transaction() as session:
        await management.word(session, worded, "mia", room.hands.at)
    _, text = await told(room, "handed_over")
    assert text.startswith("理赔接手 T")
    assert text.endswith(" 了。")


async def test_words_with_a_blank_nothing_fills_are_refused(room: PostRoom) -> None:
    worded = Template("promise_late", CHAT, "", "{department}慢了")
    async with room.house.db.transaction() as session:
        with pytest.raises(UnknownBlank):
            await management.word(session, worded, "mia", room.hands.at)


def test_what_is_put_in_stands_spaced_among_chinese() -> None:
    assert spoken("{a}的{b}好", {"a": "T1", "b": "事"}) == "T1 的事好"
