"""A promise to the customer that is not kept is said plainly; our own limits are ours."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.ticketing.assistant_door import begin
from tests.ticketing.inbox.waiting_tickets import asked
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.kernel import clock
from ticketing.kernel.facts import announce
from ticketing.sla.events import SlaBreached
from ticketing.sla.firing import fire_due
from ticketing.tickets import lookup, steps

INTERNAL = ("SLA", "超时", "升级", "主管", "时限", "lena", "anna")


@pytest.fixture
async def who(house: House) -> uuid.UUID:
    return await begin(house, "rest", "demo/one")


async def said(house: House, who: uuid.UUID) -> list[str]:
    async with house.db.transaction() as session:
        return [m.text for m in await conversations.messages_after(session, who, 0)]


async def told_of_delay(house: House, who: uuid.UUID) -> list[str]:
    return [text for text in await said(house, who) if "比预计的慢" in text]


async def breach(house: House, number: str, **changes: Any) -> None:
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number)
        facts = {
            "clock": "solution",
            "audience": "customer",
            "level": 1,
            "clock_id": 7,
            "step_id": None,
            "assignee": None,
            "queue": None,
            "to": "lead",
            **changes,
        }
        fact = SlaBreached(
            at=clock.now(), ticket_id=ticket.id, ticket_no=number, due_at=clock.now(), **facts
        )
        await announce(session, fact)


async def test_who_was_promised_something_is_told_that_it_is_late(
    house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who, step="accept")
    await breach(house, number)
    assert await told_of_delay(house, who) == [
        f"工单 {number} 处理得比预计的慢，我们正在催办，有进展马上告诉您。"
    ]


async def test_a_delay_is_told_once_however_often_it_is_escalated(
    house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who, step="accept")
    for level in (1, 1, 2, 3):
        await breach(house, number, level=level)
    assert len(await told_of_delay(house, who)) == 1


@pytest.mark.parametrize("name", ["claim", "first_response", "step", "solution", "confirmation"])
async def test_of_our_own_limits_customers_hear_nothing(
    house: House, who: uuid.UUID, name: str
) -> None:
    number = await asked(house, who, step="accept")
    before = await said(house, who)
    await breach(house, number, clock=name, audience="internal")
    assert await said(house, who) == before


async def test_who_keeps_us_waiting_is_not_told_that_we_are_slow(
    house: House, who: uuid.UUID
) -> None:
    number = await asked(house, who)
    await breach(house, number)
    assert await told_of_delay(house, who) == []


async def test_nothing_is_said_of_a_closed_ticket(house: House, who: uuid.UUID) -> None:
    number = await asked(house, who, step="accept")
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number, lock=True)
        await steps.end(session, ticket, outcome="withdrawn", by="anna", now=clock.now())
    await breach(house, number)
    assert await told_of_delay(house, who) == []


async def test_the_clocks_themselves_bring_it_and_no_internal_word(
    house: House, who: uuid.UUID
) -> None:
    await asked(house, who, step="accept")
    later = clock.now() + timedelta(days=60)
    for _ in range(8):
        await fire_due(house.db, lambda: later)
    assert len(await told_of_delay(house, who)) == 1
    for text in await said(house, who):
        assert not any(word in text for word in INTERNAL), text
