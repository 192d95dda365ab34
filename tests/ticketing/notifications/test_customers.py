"""The chat first; an SMS only to who does not look, once for each spell of not looking."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import update

from tests.ticketing.notifications.conftest import PostRoom
from tests.ticketing.tickets.desk import opened
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation
from ticketing.conversations.service import Utterance
from ticketing.notifications.addresses import mobile
from ticketing.notifications.customers import reach_customer
from ticketing.notifications.manners import State
from ticketing.notifications.windows import REACHES, Reach, reach_of

PHONE = "13800000001"


class Customer:
    """A customer with a ticket and a phone, in a chat."""

    def __init__(self, room: PostRoom, conversation_id: uuid.UUID, ticket_no: str) -> None:
        self.room, self.conversation_id, self.ticket_no = room, conversation_id, ticket_no

    async def is_told(self, key: str, *, urgent: bool = False, card: bool = True) -> None:
        """Say something about the ticket to them."""
        shown = {"type": "ticket", "ticket_no": self.ticket_no} if card else None
        said = Utterance("工单有新进展", author="system", card=shown)
        async with self.room.house.db.transaction() as session:
            await reach_customer(
                session, self.conversation_id, said, key, self.room.hands.at, urgent=urgent
            )

    async def looks(self) -> None:
        """Their page shows everything there is."""
        async with self.room.house.db.transaction() as session:
            seq = await conversations.last_seq(session, self.conversation_id)
            await conversations.mark_seen(session, self.conversation_id, seq)

    async def heard(self) -> list[str]:
        """What stands in the chat."""
        async with self.room.house.db.transaction() as session:
            return [
                m.text for m in await conversations.messages_after(session, self.conversation_id, 0)
            ]


async def customer_of(room: PostRoom, channel: str = "web", phone: str | None = PHONE) -> Customer:
    """Somebody who has filed a complaint."""
    async with room.house.db.transaction() as session:
        chat = await conversations.open_conversation(session, channel, "someone", room.hands.at)
        ticket = await opened(session, now=room.hands.at, contact_phone=phone)
        return Customer(room, chat.id, ticket.ticket_no)


@pytest.fixture
async def customer(room: PostRoom) -> Customer:
    await room.route("customer_unseen", "sms", "customer", delay_seconds=600)
    return await customer_of(room)


async def test_who_does_not_look_for_ten_minutes_gets_the_number_of_the_ticket(
    room: PostRoom, customer: Customer
) -> None:
    await customer.is_told("k1")
    assert await customer.heard() == ["工单有新进展"]
    room.hands.forward(minutes=9)
    await room.work()
    assert room.arrived("aliyun_sms") == []
    room.hands.forward(minutes=1)
    await room.work()
    [message] = room.arrived("aliyun_sms")
    assert message.to == PHONE
    assert message.text == (
        f"【快递助手】您的工单{customer.ticket_no}有新进展，请回到聊天窗口查看。"
    )
    row = await room.row()
    assert (row.state, row.recipient) == (State.SENT, f"ticket:{customer.ticket_no}")
    assert PHONE not in str(row.variables)


async def test_who_has_looked_gets_nothing(room: PostRoom, customer: Customer) -> None:
    await customer.is_told("k1")
    await customer.looks()
    room.hands.forward(minutes=11)
    await room.work()
    assert room.arrived("aliyun_sms") == []


async def test_much_said_while_nobody_looks_is_one_sms(room: PostRoom, customer: Customer) -> None:
    for number in range(4):
        await customer.is_told(f"k{number}")
        room.hands.forward(minutes=3)
    room.hands.forward(minutes=20)
    await room.work()
    assert len(room.arrived("aliyun_sms")) == 1
    assert len(await customer.heard()) == 4


async def test_who_looked_and_turned_away_again_is_reminded_again(
    room: PostRoom, customer: Customer
) -> None:
    await customer.is_told("k1")
    room.hands.forward(minutes=11)
    await room.work()
    await customer.looks()
    await customer.is_told("k2")
    room.hands.forward(minutes=11)
    await room.work()
    assert len(room.arrived("aliyun_sms")) == 2


async def test_the_same_key_is_said_and_reminded_of_once(
    room: PostRoom, customer: Customer
) -> None:
    await customer.is_told("k1")
    await customer.is_told("k1")
    room.hands.forward(minutes=11)
    assert await room.work() == 2, "one reminder, one delivery"
    assert len(await customer.heard()) == 1


async def test_a_reminder_of_the_night_is_held_unless_it_is_urgent(
    room: PostRoom, customer: Customer
) -> None:
    room.hands.forward(hours=13)
    await customer.is_told("k1")
    room.hands.forward(minutes=11)
    await room.work()
    assert (await room.row()).state == State.HELD
    await customer.looks()
    await customer.is_told("k2", urgent=True)
    room.hands.forward(minutes=11)
    await room.work()
    assert len(room.arrived("aliyun_sms")) == 1


async def test_a_message_without_a_ticket_is_for_the_chat_only(
    room: PostRoom, customer: Customer
) -> None:
    await customer.is_told("k1", card=False)
    room.hands.forward(minutes=11)
    assert await room.work() == 0


async def test_without_a_managers_rule_nobody_is_reminded(room: PostRoom) -> None:
    customer = await customer_of(room)
    await customer.is_told("k1")
    room.hands.forward(hours=1)
    assert await room.work() == 0


@pytest.mark.parametrize("phone", [None, "021-12345678", "hello", ""])
async def test_who_left_no_mobile_number_is_not_reminded(room: PostRoom, phone: str | None) -> None:
    await room.route("customer_unseen", "sms", "customer")
    customer = await customer_of(room, phone=phone)
    await customer.is_told("k1")
    await room.work()
    assert list(await room.rows()) == []


async def test_where_nobody_can_tell_what_was_seen_nobody_is_reminded(room: PostRoom) -> None:
    await room.route("customer_unseen", "sms", "customer")
    customer = await customer_of(room, channel="rest")
    await customer.is_told("k1")
    assert await room.work() == 0


async def test_where_the_platforms_window_is_shut_the_sms_goes_at_once(
    room: PostRoom, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shut = Reach(is_open=lambda _conversation, _now: False)
    monkeypatch.setitem(REACHES, "wechat", shut)
    async with room.house.db.transaction() as session:
        await session.execute(update(Conversation).values(channel="wechat"))
    await customer.is_told("k1")
    await room.work()
    assert len(room.arrived("aliyun_sms")) == 1
    assert len(await customer.heard()) == 1


async def test_progress_of_a_ticket_is_reminded_of_too(room: PostRoom, customer: Customer) -> None:
    assert reach_of("web").tells_seen
    assert not reach_of("rest").tells_seen
    assert not reach_of("unheard of").tells_seen
    await customer.is_told("ticket-change:1")
    room.hands.forward(minutes=11)
    await room.work()
    assert len(room.arrived("aliyun_sms")) == 1


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("13800000001", "13800000001"),
        ("+86 138-0000-0001", "13800000001"),
        ("8613800000001", "13800000001"),
        ("12800000001", None),
        ("1380000000", None),
        ("021-12345678", None),
        (None, None),
    ],
)
def test_what_is_a_mobile_number(text: str | None, digits: str | None) -> None:
    assert mobile(text) == digits
