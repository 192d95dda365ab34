"""Closed tickets that are worked on again, or followed by new ones."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.tickets.desk import again, chat, finish, hears, history, listening, opened
from ticketing.composition import House
from ticketing.conversations.service import messages_after
from ticketing.kernel import clock
from ticketing.tickets import chain, repository, steps
from ticketing.tickets.events import TicketGoesOnElsewhere, TicketOpened, TicketReopened
from ticketing.tickets.kinds import ticket_kind, ticket_kinds
from ticketing.tickets.listing import Linked, links
from ticketing.tickets.merging import merge
from ticketing.tickets.models import Ticket
from ticketing.tickets.reopening import Reopened, TicketNotClosed, reopen
from ticketing.tickets.steps import TicketChangedMeanwhile

NOW = clock.now()


async def asked_again(session: AsyncSession, ticket: Ticket, days: float = 1) -> Reopened:
    at = NOW + timedelta(days=days)
    return await reopen(session, ticket.ticket_no, "又坏了", by="anna", now=at)


async def closed(session: AsyncSession, kind: str = "damage", **more: object) -> Ticket:
    return await finish(session, await opened(session, kind, NOW, **more), NOW)


async def test_it_begins_anew_with_the_process_it_was_started_with(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await closed(session)
        version = ticket.process_version
        heard.clear()
        reopened = await asked_again(session, ticket)
        assert (reopened.ticket, reopened.is_new) == (ticket, False)
        assert (ticket.state, ticket.reopened_count, ticket.process_version) == ("open", 1, version)
        assert (ticket.closed_at, ticket.resolved_at) == (None, None)
        rows = await repository.open_steps(session, ticket.id)
        assert [row.step for row in rows] == ["accept"]
        line = (await history(session, ticket))[-1]
        [fact] = [fact for fact in heard if isinstance(fact, TicketReopened)]
        assert fact.entered == tuple(row.id for row in rows)
        assert fact.reason == "又坏了"
        lines = [each for each in await history(session, ticket) if each.what == "reopened"]
        assert [each.id for each in lines] == [fact.change_id]
        assert line.by != ""
        assert (await chain.verify(session, ticket)).ok


async def test_it_can_be_finished_and_opened_again_as_often_as_needed(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await closed(session)
        for count in (1, 2):
            await asked_again(session, ticket)
            assert (ticket.state, ticket.reopened_count) == ("open", count)
            await finish(session, ticket, NOW)


@pytest.mark.parametrize("kind", ["damage", "delay", "lost"])
async def test_its_kind_says_how_long_it_may_be_opened_again(house: House, kind: str) -> None:
    async with house.db.transaction() as session:
        ticket = await closed(session, kind)
        days = ticket_kind(kind).reopen_days
        assert (await asked_again(session, ticket, days)).ticket is ticket
        await finish(session, ticket, NOW)
        late = await asked_again(session, ticket, days + 0.01)
        assert late.is_new
        assert (ticket.state, late.ticket.state) == ("closed", "open")
        assert await links(session, late.ticket) == (
            Linked(ticket.ticket_no, "caused_by", outgoing=True),
        )


def test_every_kind_may_be_opened_again_for_some_days() -> None:
    assert all(7 <= kind.reopen_days <= 30 for kind in ticket_kinds().values())
    assert ticket_kind("lost").reopen_days == 30


async def test_a_new_ticket_asks_for_the_same_and_its_customer_hears_of_it(
    house: House,
) -> None:
    async with listening(house) as (session, heard):
        customer = await chat(session, "customer")
        ticket = await closed(
            session,
            "invoice",
            waybill_no=None,
            details={"title": "公司"},
            conversation_id=customer,
        )
        new = (await asked_again(session, ticket, 60)).ticket
        assert (new.details["title"], new.description) == ("公司", "又坏了")
        assert await repository.audience(session, new.id) == [customer]
        assert any(isinstance(f, TicketOpened) and f.ticket_id == new.id for f in heard)
        assert (await history(session, ticket))[-1].facts["ticket_no"] == new.ticket_no
        said = [message.text for message in await messages_after(session, customer, 0)]
        assert [text for text in said if new.ticket_no in text] == [
            f"工单 {ticket.ticket_no} 已经结束，这件事由工单 {new.ticket_no} 接着处理，"
            "有进展马上告诉您。"
        ]


async def test_a_withdrawn_ticket_is_followed_by_a_new_one(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session, "damage", NOW)
        customer = await chat(session, "customer")
        await steps.withdraw(session, ticket.ticket_no, customer, "m1", NOW)
        follower = await asked_again(session, ticket)
        assert follower.is_new
        assert ticket.state == "closed"


async def test_while_another_one_about_the_same_is_open_it_takes_the_reason_in(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        old = await closed(session)
        again = {"words": ("第二次",), "details": {"item": "碗"}, "anew": True}
        newer = await opened(session, "damage", NOW, **again)
        joined = await asked_again(session, old)
        assert (joined.ticket, joined.is_new) == (newer, False)
        assert newer.words == ["第二次", "又坏了"]
        assert newer.details["item"] == "碗"
        assert old.state == "closed"


async def test_a_merged_ticket_is_asked_for_at_its_survivor(house: House) -> None:
    async with listening(house) as (session, heard):
        delay, damage = await opened(session, "delay", NOW), await opened(session, "damage", NOW)
        await merge(session, delay.ticket_no, damage.ticket_no, by="anna", now=NOW)
        there = await asked_again(session, delay)
        assert (there.ticket, there.is_new) == (damage, False)
        assert "又坏了" in damage.words
        told = [fact for fact in heard if isinstance(fact, TicketGoesOnElsewhere)]
        assert [(fact.ticket_id, fact.other_id) for fact in told] == [(delay.id, damage.id)]
        await finish(session, damage, NOW)
        new = await asked_again(session, delay)
        assert new.is_new
        assert (delay.state, new.ticket.kind) == ("closed", "delay")


async def test_a_ticket_that_is_not_closed_is_not_opened_again(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        with pytest.raises(TicketNotClosed):
            await asked_again(session, ticket)


async def test_whoever_looked_at_an_older_version_opens_nothing(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await closed(session)
        with pytest.raises(TicketChangedMeanwhile):
            await reopen(session, ticket.ticket_no, "又坏了", by="anna", now=NOW, seen=1)
        assert ticket.state == "closed"


async def test_asked_for_twice_at_once_it_is_opened_once(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await closed(session)

    async def ask() -> Reopened:
        async with house.db.transaction() as session:
            return await asked_again(session, ticket)

    done = await asyncio.gather(*(ask() for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(each, Reopened) for each in done) == 1
    assert sum(isinstance(each, TicketNotClosed) for each in done) == 3


async def test_opened_again_while_the_same_is_complained_of_leaves_one_open(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        ticket = await closed(session)

    async def ask() -> Ticket:
        async with house.db.transaction() as session:
            try:
                return (await asked_again(session, ticket)).ticket
            except TicketNotClosed:
                return ticket

    async def complain() -> Ticket:
        async with house.db.transaction() as session:
            return await opened(session)

    one, other = await asyncio.gather(ask(), complain())
    assert one.ticket_no == other.ticket_no
    async with house.db.transaction() as session:
        assert (await again(session, one)).state == "open"


async def test_who_only_joined_hears_nothing_new_when_it_is_followed(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await closed(session)
        customer, stranger = await chat(session, "customer"), await chat(session, "stranger")
        await hears(session, ticket, customer)
        await hears(session, ticket, stranger, opener=True)
        new = (await asked_again(session, ticket, 90)).ticket
        assert await repository.audience(session, new.id) == [customer]
