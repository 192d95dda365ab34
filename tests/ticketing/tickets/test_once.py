"""What is asked for twice is done once; and what another step's turn is stays undone."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tests.support.filling import filled
from tests.ticketing.tickets.desk import chat, finish, hears, history, opened
from ticketing.composition import House
from ticketing.forms.errors import FormDataInvalid
from ticketing.kernel import clock
from ticketing.tickets import lookup, steps
from ticketing.tickets import service as tickets
from ticketing.tickets.amounts import StepNeedsLead
from ticketing.tickets.lookup import UnknownTicket
from ticketing.tickets.models import Ticket, TicketStep
from ticketing.tickets.steps import (
    Doing,
    StepUnknown,
    TicketAlreadyClosed,
    TicketChangedMeanwhile,
)
from ticketing.workflow.machine import StepNotCurrent, UnknownStep


async def do(session: AsyncSession, ticket: Ticket, step: str, **how: Any) -> Ticket:
    doing = Doing(**{"by": "anna", **how})
    return await steps.complete_step(session, ticket.ticket_no, step, doing, clock.now())


async def open_names(session: AsyncSession, ticket: Ticket) -> list[str]:
    return [row.step for row in await steps.open_steps(session, ticket.id)]


async def test_a_step_completed_twice_for_one_cause_is_done_once(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        first = await do(session, ticket, "accept", cause="m1")
        version = first.version
        again = await do(session, ticket, "accept", cause="m1", note="又来一次")
        lines = [line.what for line in await history(session, ticket)]
    assert (again.version, lines.count("step_completed")) == (version, 1)


async def test_a_cause_seen_before_does_not_complete_the_next_step(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        await do(session, ticket, "accept", cause="m1")
        await do(session, ticket, "verify", cause="m1", data=filled("first_review"))
        assert await open_names(session, ticket) == ["verify"]


async def test_without_a_cause_the_second_time_is_not_its_turn(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        await do(session, ticket, "accept")
        with pytest.raises(StepNotCurrent):
            await do(session, ticket, "accept")
        with pytest.raises(UnknownStep):
            await do(session, ticket, "fly_to_the_moon")


async def test_a_cause_of_a_closed_ticket_is_refused_like_any_other(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session, "urge")
        await do(session, ticket, "accept", cause="m1")
        await finish(session, ticket)
        with pytest.raises(TicketAlreadyClosed):
            await do(session, ticket, "accept", cause="m1")


async def test_a_form_that_is_refused_leaves_nothing_behind(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        await do(session, ticket, "accept")
        version, lines = ticket.version, len(await history(session, ticket))
        with pytest.raises(FormDataInvalid):
            await do(session, ticket, "verify", data={"decision": "perhaps"})
        assert (ticket.version, len(await history(session, ticket))) == (version, lines)
        assert await open_names(session, ticket) == ["verify"]


async def test_the_version_one_has_seen_is_the_one_that_may_be_changed(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        seen = ticket.version
        await do(session, ticket, "accept", seen=seen)
        with pytest.raises(TicketChangedMeanwhile) as refused:
            await do(session, ticket, "verify", seen=seen)
    assert refused.value.facts["current_version"] == ticket.version > seen


async def test_an_agent_does_not_do_a_leads_step(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        for _ in range(10):
            name = (await open_names(session, ticket))[0]
            if name == "approve":
                break
            row = (await steps.open_steps(session, ticket.id))[0]
            data = filled(row.form or "", **({"amount": 900} if name == "liability" else {}))
            await do(session, ticket, name, data=data)
        approval = {"decision": "approve"}
        with pytest.raises(StepNeedsLead):
            await do(session, ticket, "approve", data=approval, is_lead=False)
        await do(session, ticket, "approve", data=approval, is_lead=True)
        assert await open_names(session, ticket) == ["confirm"]


async def test_words_are_added_once_for_a_cause(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        for _ in range(2):
            await tickets.add_evidence(session, ticket.ticket_no, ["盒子也扁了"], "m7", clock.now())
        lines = [line for line in await history(session, ticket) if line.cause == "m7"]
    assert [line.facts for line in lines] == [{"words": ["盒子也扁了"]}]
    assert ticket.words == ["杯子碎了", "盒子也扁了"]


async def test_nothing_is_added_to_a_closed_ticket(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await finish(session, await opened(session, "urge"))
        with pytest.raises(TicketAlreadyClosed):
            await tickets.add_evidence(session, ticket.ticket_no, ["还没到"], "m7", clock.now())


async def test_what_was_done_for_a_cause_is_found_by_it(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session, cause="m1")
        assert await tickets.done_for(session, "m1") is ticket
        assert await tickets.done_for(session, "m2") is None


async def test_a_photo_is_a_line_with_its_seal(house: House) -> None:
    file_id, sha256 = uuid.uuid4(), "ab" * 32
    async with house.db.transaction() as session:
        ticket = await opened(session)
        await tickets.add_file(session, ticket.ticket_no, file_id, sha256, clock.now())
        last = (await history(session, ticket))[-1]
    assert (last.what, last.by) == ("file_added", "customer")
    assert last.facts == {"file_id": str(file_id), "sha256": sha256}


async def test_a_step_that_is_over_keeps_who_did_it_and_when(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        [row] = await steps.open_steps(session, ticket.id)
        row.due_at = clock.now() + timedelta(hours=1)
        await do(session, ticket, "accept", note="问过了")
        kept = await steps.step(session, row.id)
    assert (kept.outcome, kept.done_by, kept.due_at) == ("done", "anna", None)
    assert kept.done_at is not None


async def test_when_a_ticket_ends_every_open_step_is_over(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        await do(session, ticket, "accept")
        await do(session, ticket, "verify", data=filled("first_review"))
        both = await open_names(session, ticket)
        await steps.end(session, ticket, outcome="withdrawn", by="customer", now=clock.now())
        query = select(TicketStep).where(TicketStep.outcome == "withdrawn")
        ended = [row.step for row in await session.scalars(query.order_by(TicketStep.id))]
        assert await open_names(session, ticket) == []
    assert ended == both == ["warehouse_check", "branch_evidence"]
    assert (ticket.state, ticket.due_at) == ("closed", None)
    assert ticket.closed_at is not None


@pytest.mark.parametrize("number", ["T20260101000001", "", "nonsense"])
async def test_what_is_no_ticket_is_not_worked_on(house: House, number: str) -> None:
    async with house.db.transaction() as session:
        with pytest.raises(UnknownTicket):
            await steps.to_work_on(session, number, None)


async def test_numbers_are_found_in_small_letters_too(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        assert await lookup.ticket_by_no(session, ticket.ticket_no.lower()) is ticket


async def test_a_step_nobody_has_entered_is_unknown(house: House) -> None:
    async with house.db.transaction() as session:
        with pytest.raises(StepUnknown):
            await steps.step(session, 2_000_000_000)
        with pytest.raises(UnknownTicket):
            await lookup.ticket(session, uuid.uuid4())


ADDRESS = {"address": "广东省深圳市南山区科技路1号"}
OTHER_ADDRESS = {"address": "北京市朝阳区建国路2号"}


async def amended(session: AsyncSession, **by_whom: Any) -> dict[str, Any]:
    """Let somebody join the open ticket with another address; return its details after it."""
    ticket = await opened(session, "address_change", details=OTHER_ADDRESS, **by_whom)
    return ticket.details


async def test_our_own_people_may_correct_what_is_to_be_done(house: House) -> None:
    async with house.db.transaction() as session:
        await opened(session, "address_change", details=ADDRESS)
        assert await amended(session) == OTHER_ADDRESS


async def test_a_stranger_who_joins_changes_nothing_that_is_to_be_done(house: House) -> None:
    async with house.db.transaction() as session:
        owner, stranger = await chat(session, "owner"), await chat(session, "stranger")
        ticket = await opened(session, "address_change", details=ADDRESS, conversation_id=owner)
        assert await amended(session, conversation_id=stranger) == ADDRESS
        last = (await history(session, ticket))[-1]
    assert (last.what, last.facts["details"]) == ("joined", OTHER_ADDRESS)


async def test_who_has_shown_the_digits_may_correct_it(house: House) -> None:
    async with house.db.transaction() as session:
        owner, proven = await chat(session, "owner"), await chat(session, "proven")
        await opened(session, "address_change", details=ADDRESS, conversation_id=owner)
        assert await amended(session, conversation_id=proven, proven=True) == OTHER_ADDRESS


async def test_who_opened_it_may_correct_it_until_somebody_shows_the_digits(house: House) -> None:
    async with house.db.transaction() as session:
        owner, proven = await chat(session, "owner"), await chat(session, "proven")
        ticket = await opened(session, "address_change", details=ADDRESS, conversation_id=owner)
        assert await amended(session, conversation_id=owner) == OTHER_ADDRESS
        await hears(session, ticket, proven)
        ticket.details = ADDRESS
        assert await amended(session, conversation_id=owner) == ADDRESS
