"""Two tickets about one matter become one, and nobody hears what is not theirs."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.tickets.desk import (
    OTHER_WAYBILL,
    again,
    chat,
    finish,
    hears,
    history,
    listening,
    opened,
)
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.tickets import chain, repository, search, steps, survivors
from ticketing.tickets.events import TicketClosed, TicketPriorityChanged, TicketsMerged
from ticketing.tickets.links import SameTicket
from ticketing.tickets.listing import Linked, links
from ticketing.tickets.merging import merge, survivor
from ticketing.tickets.models import Ticket, TicketStep
from ticketing.tickets.search import Sought
from ticketing.tickets.steps import Doing, TicketAlreadyClosed, TicketChangedMeanwhile


async def merged(session: AsyncSession, ticket: Ticket, into: Ticket) -> Ticket:
    numbers = ticket.ticket_no, into.ticket_no
    return await merge(session, *numbers, by="anna", now=clock.now())


async def two(session: AsyncSession) -> tuple[Ticket, Ticket]:
    return (
        await opened(session, "delay", words=("三天没动了", "急用")),
        await opened(session, "damage", words=("杯子碎了",)),
    )


async def test_the_merged_ticket_ends_and_both_histories_say_so(house: House) -> None:
    async with listening(house) as (session, heard):
        delay, damage = await two(session)
        heard.clear()
        assert await merged(session, delay, damage) is damage
        assert (delay.state, delay.merged_into) == ("closed", damage.id)
        assert (damage.state, damage.closed_at) == ("open", None)
        assert delay.closed_at is not None
        assert (await history(session, delay))[-1].facts == {"into": damage.ticket_no}
        told = next(c for c in await history(session, damage) if c.what == "merged_from")
        assert told.facts["ticket_no"] == delay.ticket_no
        kinds = [type(fact) for fact in heard]
        assert kinds.index(TicketsMerged) < kinds.index(TicketClosed)
        [closed] = [fact for fact in heard if isinstance(fact, TicketClosed)]
        assert (closed.ticket_id, closed.how) == (delay.id, "merged")
        assert await links(session, delay) == (
            Linked(damage.ticket_no, "duplicate", outgoing=True),
        )


async def test_its_open_steps_are_over_and_the_survivors_go_on(house: House) -> None:
    async with house.db.transaction() as session:
        delay, damage = await two(session)
        await merged(session, delay, damage)
        assert await repository.open_steps(session, delay.id) == []
        outcomes = await session.scalars(
            select(TicketStep.outcome).where(TicketStep.ticket_id == delay.id)
        )
        assert set(outcomes) == {"merged"}
        assert await repository.open_steps(session, damage.id) != []


async def test_its_words_are_kept_once_and_found_by_the_survivor(house: House) -> None:
    async with house.db.transaction() as session:
        delay = await opened(session, "delay", words=("杯子碎了", "三天没动了"))
        damage = await opened(session, "damage", words=("杯子碎了",))
        await merged(session, delay, damage)
        assert damage.words == ["杯子碎了", "三天没动了"]
        for asked in ("三天", delay.ticket_no):
            page = await search.search(session, Sought(asked), None, 10)
            assert damage.ticket_no in [row.ticket.ticket_no for row in page.rows]


async def test_the_survivor_is_as_urgent_as_the_more_urgent_of_both(house: House) -> None:
    async with listening(house) as (session, heard):
        delay, damage = await two(session)
        delay.priority, damage.priority, delay.red_flag = "urgent", "normal", True
        await session.flush()
        await merged(session, delay, damage)
        assert (damage.priority, damage.red_flag) == ("urgent", True)
        [changed] = [fact for fact in heard if isinstance(fact, TicketPriorityChanged)]
        assert (changed.ticket_id, changed.before, changed.after) == (
            damage.id,
            "normal",
            "urgent",
        )


async def test_details_of_the_same_parcel_fill_gaps_and_change_nothing(house: House) -> None:
    async with house.db.transaction() as session:
        delay = await opened(
            session,
            "delay",
            details={"item": "杯子", "amount": "20元"},
            contact_phone="13800000001",
        )
        damage = await opened(session, "damage", details={"amount": "90元"})
        await merged(session, delay, damage)
        assert damage.details == {"item": "杯子", "amount": "90元"}
        assert damage.contact_phone == "13800000001"


async def test_a_strangers_details_do_not_get_into_what_is_to_be_done(house: House) -> None:
    async with house.db.transaction() as session:
        stranger, customer = await chat(session, "stranger"), await chat(session, "customer")
        delay = await opened(
            session, "delay", details={"address": "别处"}, conversation_id=stranger
        )
        damage = await opened(session, "damage", conversation_id=customer, proven=True)
        await merged(session, delay, damage)
        assert "address" not in damage.details
        told = next(c for c in await history(session, damage) if c.what == "merged_from")
        assert told.facts["details"] == {"address": "别处"}


async def test_who_has_proved_their_right_to_the_parcel_hears_of_the_survivor(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        delay, damage = await two(session)
        customer = await chat(session, "customer")
        await hears(session, delay, customer)
        await merged(session, delay, damage)
        assert await repository.audience(session, damage.id) == [customer]


async def test_who_only_opened_it_hears_of_the_survivor_while_nobody_else_does(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        delay, damage = await two(session)
        customer = await chat(session, "customer")
        await hears(session, delay, customer, opener=True)
        await merged(session, delay, damage)
        assert await repository.audience(session, damage.id) == [customer]


async def test_a_stranger_who_opened_a_ticket_does_not_hear_of_the_customers(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        delay, damage = await two(session)
        customer, stranger = await chat(session, "customer"), await chat(session, "stranger")
        await hears(session, delay, stranger, opener=True)
        await hears(session, damage, customer)
        await merged(session, delay, damage)
        assert await repository.audience(session, damage.id) == [customer]


async def test_nobody_hears_of_another_parcel(house: House) -> None:
    async with house.db.transaction() as session:
        mine = await opened(session, "delay")
        another = await opened(session, "delay", waybill_no=OTHER_WAYBILL)
        customer = await chat(session, "customer")
        await hears(session, mine, customer)
        await merged(session, mine, another)
        assert await repository.audience(session, another.id) == []


async def test_who_has_shown_the_digits_of_the_other_parcel_too_hears_of_it(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        mine = await opened(session, "delay")
        another = await opened(session, "delay", waybill_no=OTHER_WAYBILL)
        proof = await opened(session, "damage", waybill_no=OTHER_WAYBILL)
        customer = await chat(session, "customer")
        await hears(session, mine, customer)
        await hears(session, proof, customer)
        await merged(session, mine, another)
        assert await repository.audience(session, another.id) == [customer]


async def test_two_wishes_without_a_parcel_do_not_share_their_customers(house: House) -> None:
    async with house.db.transaction() as session:
        first = await opened(session, "invoice", waybill_no=None, cause="1")
        second = await opened(session, "invoice", waybill_no=None, cause="2")
        one, other = await chat(session, "one"), await chat(session, "other")
        await hears(session, first, one, opener=True)
        await hears(session, second, other, opener=True)
        await merged(session, first, second)
        assert await repository.audience(session, second.id) == [other]


async def test_merging_the_same_two_again_changes_nothing(house: House) -> None:
    async with listening(house) as (session, heard):
        delay, damage = await two(session)
        await merged(session, delay, damage)
        before = delay.version, damage.version, list(damage.words)
        heard.clear()
        assert await merged(session, delay, damage) is damage
        assert (delay.version, damage.version, damage.words) == before
        assert heard == []


async def test_the_same_merge_asked_for_several_times_at_once_is_done_once(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        delay, damage = await two(session)

    async def once_more() -> str:
        async with house.db.transaction() as session:
            return (await merged(session, delay, damage)).ticket_no

    assert set(await asyncio.gather(*(once_more() for _ in range(5)))) == {damage.ticket_no}
    async with house.db.transaction() as session:
        lines = await history(session, damage)
        assert [line.what for line in lines].count("merged_from") == 1


async def test_two_that_are_merged_into_each_other_at_once_do_not_both_end(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        delay, damage = await two(session)

    async def merge_one(one: Ticket, other: Ticket) -> str:
        async with house.db.transaction() as session:
            return (await merged(session, one, other)).ticket_no

    both = (merge_one(delay, damage), merge_one(damage, delay))
    done = await asyncio.gather(*both, return_exceptions=True)
    assert sum(isinstance(each, SameTicket) for each in done) == 1
    async with house.db.transaction() as session:
        states = {(await again(session, each)).state for each in (delay, damage)}
        assert states == {"open", "closed"}


async def test_a_row_of_merges_ends_at_the_last_one(house: House) -> None:
    async with house.db.transaction() as session:
        delay, damage = await two(session)
        lost, urge = await opened(session, "lost"), await opened(session, "urge")
        await merged(session, delay, damage)
        await merged(session, damage, lost)
        assert await survivor(session, delay) is lost
        assert await merged(session, urge, delay) is lost
        assert await survivors.absorbed(session, lost) == sorted(
            each.ticket_no for each in (delay, damage, urge)
        )
        with pytest.raises(SameTicket):
            await merged(session, lost, delay)


async def test_a_ticket_is_not_merged_into_itself_or_into_a_closed_one(house: House) -> None:
    async with house.db.transaction() as session:
        delay, damage = await two(session)
        with pytest.raises(SameTicket):
            await merged(session, delay, delay)
        await finish(session, damage)
        with pytest.raises(TicketAlreadyClosed):
            await merged(session, delay, damage)
        with pytest.raises(TicketAlreadyClosed):
            await merged(session, damage, delay)


async def test_a_ticket_merged_elsewhere_is_not_merged_once_more(house: House) -> None:
    async with house.db.transaction() as session:
        delay, damage = await two(session)
        lost = await opened(session, "lost")
        await merged(session, delay, damage)
        with pytest.raises(TicketAlreadyClosed):
            await merged(session, delay, lost)


async def test_whoever_looked_at_an_older_version_is_told_both(house: House) -> None:
    async with house.db.transaction() as session:
        delay, damage = await two(session)
        seen = delay.version - 1
        numbers = delay.ticket_no, damage.ticket_no
        with pytest.raises(TicketChangedMeanwhile) as caught:
            await merge(session, *numbers, by="anna", now=clock.now(), seen=seen)
        assert caught.value.facts["seen_version"] == seen
        assert caught.value.facts["current_version"] == delay.version
        assert delay.state == "open"


KINDS = ("damage", "delay", "lost", "urge")


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=6))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_whatever_is_merged_in_whatever_order_twice_is_as_once(
    house: House, pairs: list[tuple[int, int]]
) -> None:
    async with house.db.transaction() as session:
        tickets = [await opened(session, kind) for kind in KINDS]
        for one, other in pairs:
            for _ in range(2):
                before = [(t.version, t.merged_into, t.state, tuple(t.words)) for t in tickets]
                try:
                    into = await merged(session, tickets[one], tickets[other])
                except (SameTicket, TicketAlreadyClosed):
                    now = [(t.version, t.merged_into, t.state, tuple(t.words)) for t in tickets]
                    assert now == before
                    continue
                assert await survivor(session, tickets[one]) is into
        ends = [await survivor(session, each) for each in tickets]
        assert all(each.merged_into is None and each.state == "open" for each in ends)
        assert all((t.merged_into is None) == (t.state == "open") for t in tickets)
        for each in tickets:
            assert (await chain.verify(session, each)).ok
            if each.state == "open":
                await steps.end(session, each, outcome="withdrawn", by="anna", now=clock.now())


async def test_nothing_more_is_done_in_a_merged_ticket(house: House) -> None:
    async with house.db.transaction() as session:
        delay, damage = await two(session)
        await merged(session, delay, damage)
        with pytest.raises(TicketAlreadyClosed):
            await steps.complete_step(
                session, delay.ticket_no, "accept", Doing(by="anna"), clock.now()
            )
