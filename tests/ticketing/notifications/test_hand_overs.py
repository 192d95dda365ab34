"""Whose complaint goes to another department is told so once, in plain words."""

from __future__ import annotations

import uuid

import pytest

from tests.ticketing.assistant_door import begin
from tests.ticketing.inbox.waiting_tickets import asked
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.kernel import clock
from ticketing.kernel.facts import announce
from ticketing.routing import by_hand
from ticketing.routing.by_hand import Deed
from ticketing.routing.events import StepHandedOver
from ticketing.tickets import lookup, steps


@pytest.fixture
async def who(house: House) -> uuid.UUID:
    return await begin(house, "rest", "demo/one")


async def heard(house: House, who: uuid.UUID) -> list[str]:
    """Return what was said of hand-overs in a conversation."""
    async with house.db.transaction() as session:
        said = await conversations.messages_after(session, who, 0)
    return [message.text for message in said if "已转给" in message.text]


async def hand_over(house: House, number: str, *queues: str) -> None:
    for queue in queues:
        deed = Deed(ticket_no=number, step="accept", by="lena", is_lead=True, note="嫌疑：内盗")
        async with house.db.transaction() as session:
            await by_hand.hand_over(session, deed, queue, clock.now())


async def test_the_customer_is_told_who_goes_on_and_not_why(house: House, who: uuid.UUID) -> None:
    number = await asked(house, who, step="accept")
    await hand_over(house, number, "warehouse")
    assert await heard(house, who) == [f"工单 {number} 已转给仓库处理，有进展马上告诉您。"]


async def test_each_hand_over_is_told_once_and_none_within_a_department(
    house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who, step="accept")
    await hand_over(house, number, "claims", "claims", "customer_service", "vip", "claims")
    assert [text.partition("已转给")[2][:2] for text in await heard(house, who)] == [
        "理赔",
        "客服",
        "理赔",
    ]


async def test_the_same_hand_over_is_said_once(house: House, who: uuid.UUID) -> None:
    number = await asked(house, who, step="accept")
    for _ in range(2):
        async with house.db.transaction() as session:
            ticket = await lookup.ticket_by_no(session, number)
            fact = StepHandedOver(
                at=clock.now(), ticket_id=ticket.id, version=7, department="finance"
            )
            await announce(session, fact)
    assert await heard(house, who) == [f"工单 {number} 已转给财务处理，有进展马上告诉您。"]


async def test_nothing_is_said_of_a_ticket_that_is_closed(house: House, who: uuid.UUID) -> None:
    number = await asked(house, who, step="accept")
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number, lock=True)
        await steps.end(session, ticket, outcome="withdrawn", by="anna", now=clock.now())
        fact = StepHandedOver(at=clock.now(), ticket_id=ticket.id, version=7, department="finance")
        await announce(session, fact)
    assert await heard(house, who) == []


async def test_a_ticket_nobody_talks_about_is_handed_over_in_silence(
    house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who, step="accept")
    other = await begin(house, "rest", "demo/two")
    await hand_over(house, number, "warehouse")
    assert await heard(house, other) == []
