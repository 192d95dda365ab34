"""What tickets announce: each fact once, by the verb that made it true and by no other."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.tickets.desk import (
    chat,
    finish,
    hears,
    history,
    listening,
    opened,
)
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.facts import Fact
from ticketing.tickets import merging, reopening, steps
from ticketing.tickets import service as tickets
from ticketing.tickets.events import (
    TicketAssigned,
    TicketClosed,
    TicketMovedOn,
    TicketOpened,
    TicketPriorityChanged,
    TicketReopened,
    TicketResolved,
    TicketResponded,
    TicketsMerged,
    TicketWithdrawn,
)
from ticketing.tickets.kinds import Priority
from ticketing.tickets.models import Ticket
from ticketing.tickets.steps import Assignment, Doing, TicketAlreadyClosed


def named(heard: list[Fact]) -> Counter[str]:
    """Count the tickets' own facts, without what routing and time limits do about them."""
    skipped = {"TicketAssigned", "SlaWarned", "SlaBreached"}
    names = (type(fact).__name__ for fact in heard)
    return Counter(name for name in names if name not in skipped)


def only(heard: list[Fact], kind: type[Fact]) -> Fact:
    [fact] = [each for each in heard if type(each) is kind]
    return fact


async def accepted(session: AsyncSession, ticket: Ticket, by: str = "anna") -> Ticket:
    doing = Doing(by=by)
    return await steps.complete_step(session, ticket.ticket_no, "accept", doing, clock.now())


async def test_opening_says_which_steps_begin(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await opened(session)
        rows = await steps.open_steps(session, ticket.id)
        lines = await history(session, ticket)
    assert named(heard) == Counter(["TicketOpened"])
    fact = only(heard, TicketOpened)
    assert isinstance(fact, TicketOpened)
    assert (fact.ticket_id, fact.ticket_no) == (ticket.id, ticket.ticket_no)
    assert fact.entered == tuple(row.id for row in rows)
    assert fact.change_id == lines[0].id
    assert fact.conversation_id is None


async def test_who_complained_is_named_when_a_ticket_is_opened(house: House) -> None:
    async with listening(house) as (session, heard):
        who = await chat(session, "one")
        await opened(session, conversation_id=who)
    fact = only(heard, TicketOpened)
    assert isinstance(fact, TicketOpened)
    assert fact.conversation_id == who


async def test_joining_announces_nothing(house: House) -> None:
    async with listening(house) as (session, heard):
        await opened(session)
        heard.clear()
        await opened(session, words=("盘子也碎了",))
    assert named(heard) == Counter()


async def test_joining_in_haste_announces_that_it_became_more_urgent(house: House) -> None:
    async with listening(house) as (session, heard):
        await opened(session, "delay")
        heard.clear()
        await opened(session, "delay", urgent=True)
    fact = only(heard, TicketPriorityChanged)
    assert isinstance(fact, TicketPriorityChanged)
    assert (fact.before, fact.after) == ("normal", "high")


async def test_a_step_that_is_done_moves_the_ticket_on_and_is_its_first_answer(
    house: House,
) -> None:
    async with listening(house) as (session, heard):
        ticket = await opened(session)
        [first] = await steps.open_steps(session, ticket.id)
        heard.clear()
        await accepted(session, ticket)
        [second] = await steps.open_steps(session, ticket.id)
    assert named(heard) == Counter(["TicketMovedOn", "TicketResponded"])
    fact = only(heard, TicketMovedOn)
    assert isinstance(fact, TicketMovedOn)
    assert (fact.step_done, fact.left, fact.entered) == ("accept", (first.id,), (second.id,))


async def test_a_second_step_is_no_first_answer(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await accepted(session, await opened(session, "urge"))
        heard.clear()
        await finish(session, ticket)
    assert named(heard)["TicketResponded"] == 0


@pytest.mark.parametrize("who", ["customer", "assistant", "timer"])
async def test_what_no_person_did_is_no_answer(house: House, who: str) -> None:
    async with listening(house) as (session, heard):
        ticket = await opened(session)
        heard.clear()
        await accepted(session, ticket, by=who)
    assert named(heard) == Counter(["TicketMovedOn"])
    assert ticket.responded_at is None


async def test_a_whole_life_is_announced_once_at_each_turn(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await finish(session, await opened(session, "damage"))
        lines = await history(session, ticket)
    counted = named(heard)
    done = sum(line.what == "step_completed" for line in lines)
    assert counted.pop("TicketMovedOn") == done
    once = ["TicketOpened", "TicketResponded", "TicketResolved", "TicketClosed"]
    assert counted == Counter(once)


async def test_a_finished_ticket_is_closed_as_finished(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await finish(session, await opened(session, "urge"))
    fact = only(heard, TicketClosed)
    assert isinstance(fact, TicketClosed)
    assert (fact.how, fact.ticket_no) == ("finished", ticket.ticket_no)
    resolved = [type(each) for each in heard].index(TicketResolved)
    assert resolved < [type(each) for each in heard].index(TicketClosed)


async def test_a_ticket_taken_back_is_announced_to_the_others_and_as_closed(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await opened(session)
        who = await chat(session, "one")
        await hears(session, ticket, who, opener=True)
        heard.clear()
        await steps.withdraw(session, ticket.ticket_no, who, "m1", clock.now())
        await steps.withdraw(session, ticket.ticket_no, who, "m1", clock.now())
    assert named(heard) == Counter(["TicketWithdrawn", "TicketClosed"])
    fact, closed = only(heard, TicketWithdrawn), only(heard, TicketClosed)
    assert isinstance(fact, TicketWithdrawn)
    assert isinstance(closed, TicketClosed)
    assert (fact.conversation_id, closed.how) == (who, "withdrawn")


async def test_a_ticket_is_not_taken_back_for_two_reasons(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await opened(session)
        await steps.withdraw(session, ticket.ticket_no, uuid.uuid4(), "m1", clock.now())
        heard.clear()
        with pytest.raises(TicketAlreadyClosed):
            await steps.withdraw(session, ticket.ticket_no, uuid.uuid4(), "m2", clock.now())
    assert heard == []


async def test_a_merge_closes_one_of_both(house: House) -> None:
    async with listening(house) as (session, heard):
        one, other = await opened(session), await opened(session, "delay")
        heard.clear()
        await merging.merge(session, one.ticket_no, other.ticket_no, by="anna", now=clock.now())
    assert named(heard)["TicketsMerged"] == named(heard)["TicketClosed"] == 1
    fact, closed = only(heard, TicketsMerged), only(heard, TicketClosed)
    assert isinstance(fact, TicketsMerged)
    assert isinstance(closed, TicketClosed)
    assert (fact.ticket_no, fact.into_no) == (one.ticket_no, other.ticket_no)
    assert (closed.ticket_no, closed.how) == (one.ticket_no, "merged")


async def test_a_ticket_that_is_opened_again_says_so_and_not_that_it_is_new(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await finish(session, await opened(session, "urge"))
        heard.clear()
        await reopening.reopen(
            session, ticket.ticket_no, "还没送到", by="anna", now=clock.now() + timedelta(hours=1)
        )
        [first] = await steps.open_steps(session, ticket.id)
    assert named(heard) == Counter(["TicketReopened"])
    fact = only(heard, TicketReopened)
    assert isinstance(fact, TicketReopened)
    assert (fact.reason, fact.entered) == ("还没送到", (first.id,))


async def test_the_priority_it_has_already_is_no_news(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await opened(session)
        lines = len(await history(session, ticket))
        heard.clear()
        same = Priority(ticket.priority)
        await tickets.change_priority(session, ticket, same, by="anna", now=clock.now())
        assert len(await history(session, ticket)) == lines
    assert heard == []


async def test_lowering_the_priority_by_hand_is_announced(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await opened(session)
        heard.clear()
        await tickets.change_priority(session, ticket, Priority.LOW, by="anna", now=clock.now())
    fact = only(heard, TicketPriorityChanged)
    assert isinstance(fact, TicketPriorityChanged)
    assert (fact.before, fact.after) == ("high", "low")


async def given(session: AsyncSession, ticket: Ticket, assignee: str | None, by: str) -> None:
    [step] = await steps.open_steps(session, ticket.id)
    to = Assignment(queue="claims", assignee=assignee, by=by, why="轮到")
    await steps.assign_step(session, step, to, clock.now())


async def test_an_assignment_says_who_had_the_step_before(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await opened(session)
        await given(session, ticket, "anna", by="routing")
        heard.clear()
        await given(session, ticket, "lena", by="mina")
        last = (await history(session, ticket))[-1]
    fact = only(heard, TicketAssigned)
    assert isinstance(fact, TicketAssigned)
    assert (fact.before, fact.assignee, fact.by, fact.why) == ("anna", "lena", "mina", "轮到")
    assert (last.what, last.facts["assignee"]) == ("assigned", "lena")
    assert (ticket.queue, ticket.assignee) == ("claims", "lena")


@pytest.mark.parametrize(
    ("assignee", "by", "responds"),
    [("anna", "anna", True), ("anna", "mina", False), (None, "anna", False)],
)
async def test_only_who_takes_a_step_themselves_has_answered(
    house: House, assignee: str | None, by: str, responds: bool
) -> None:
    async with listening(house) as (session, heard):
        ticket = await opened(session)
        heard.clear()
        await given(session, ticket, assignee, by)
    assert (TicketResponded in map(type, heard)) is responds
    assert (ticket.responded_at is not None) is responds


async def test_the_first_answer_counts_once_whoever_comes_later(house: House) -> None:
    then = clock.now()
    async with listening(house) as (session, heard):
        ticket = await opened(session, now=then)
        heard.clear()
        await steps.responded(session, ticket, then + timedelta(minutes=5))
        await steps.responded(session, ticket, then + timedelta(minutes=9))
    assert named(heard) == Counter(["TicketResponded"])
    assert ticket.responded_at == then + timedelta(minutes=5)
