"""Clocks start, stop, pause and go on with the steps of their ticket."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from sqlalchemy import text

from tests.ticketing.sla.days import shanghai
from tests.ticketing.sla.stage import DAY, HOUR, MINUTE, TEN, Stage, Statements
from ticketing.kernel.facts import announce
from ticketing.sla import clocks as sla_clocks
from ticketing.tickets import events
from ticketing.tickets.models import TicketStep

WAITING = {
    "step": "confirm",
    "role": "customer",
    "form": "confirm_solution",
    "waits_for": "customer",
}


async def test_an_opened_ticket_is_timed_from_every_side(stage: Stage) -> None:
    ticket = await stage.open()
    found = await stage.clocks(ticket)
    assert {name: clock.due_at for name, clock in found.items() if name != "timer"} == {
        "claim": TEN + 30 * MINUTE,
        "first_response": TEN + HOUR,
        "step": TEN + 8 * HOUR,
        "solution": shanghai("2026-11-21 14:00"),
        "promise": TEN + 5 * DAY,
    }
    assert found["solution"].policy == "0:damage/*"
    assert (found["solution"].calendar, found["promise"].calendar) == ("hotline", "always")


async def test_a_ticket_and_its_step_show_what_is_due_next(stage: Stage) -> None:
    ticket = await stage.open()
    kept, [step] = await stage.again(ticket)
    assert kept.due_at == TEN + 30 * MINUTE
    assert step.due_at == TEN + 8 * HOUR


async def test_opening_reads_nothing_and_writes_the_clocks_at_once(stage: Stage) -> None:
    await stage.open()
    with Statements(stage.db) as sql:
        await stage.open(steps=({"step": "one"}, {"step": "two", "assignee": "anna"}))
    assert sql.about("SELECT") == []
    assert len([each for each in sql.sent if "INSERT INTO sla_clocks" in each]) == 1


async def test_a_ticket_opened_with_an_assignee_needs_no_claim(stage: Stage) -> None:
    ticket = await stage.open(steps=({"step": "one", "assignee": "anna"},))
    assert "claim" not in await stage.running(ticket)
    assert (await stage.again(ticket))[0].due_at == TEN + HOUR


async def test_a_step_runs_by_the_calendar_of_its_own_queue(stage: Stage) -> None:
    at_seven = shanghai("2026-11-19 19:00")
    ticket = await stage.open(at_seven, steps=({"step": "pay", "queue": "finance"},))
    found = await stage.clocks(ticket)
    assert found["step"].calendar == "office"
    assert found["step"].due_at == shanghai("2026-11-23 09:30")
    assert found["claim"].due_at == at_seven + 30 * MINUTE


async def test_what_the_process_allows_a_step_beats_the_policies(stage: Stage) -> None:
    ticket = await stage.open(steps=({"step": "verify", "allowed_seconds": 7200},))
    clock = (await stage.clocks(ticket))["step"]
    assert (clock.policy, clock.due_at) == ("process", TEN + 2 * HOUR)


async def test_the_claim_is_met_when_a_person_has_the_step(stage: Stage) -> None:
    ticket = await stage.open()
    await stage.assign(ticket, TEN + 5 * MINUTE, assignee="anna", queue="customer_service")
    claim = (await stage.clocks(ticket))["claim"]
    assert (claim.stopped_at, claim.outcome, claim.next_at) == (TEN + 5 * MINUTE, "claimed", None)
    assert (await stage.again(ticket))[0].due_at == TEN + HOUR


async def test_a_queue_without_a_person_claims_nothing(stage: Stage) -> None:
    ticket = await stage.open()
    await stage.assign(ticket, TEN + MINUTE, assignee=None, queue="customer_service")
    assert "claim" in await stage.running(ticket)


async def test_a_step_handed_to_another_queue_runs_by_its_calendar(stage: Stage) -> None:
    at_seven = shanghai("2026-11-19 19:00")
    ticket = await stage.open(at_seven)
    await stage.assign(ticket, at_seven + MINUTE, assignee=None, queue="finance")
    found = await stage.clocks(ticket)
    assert (found["step"].calendar, found["solution"].calendar) == ("office", "hotline")
    assert found["step"].due_at == shanghai("2026-11-23 09:30")


async def test_an_assignment_while_it_is_opened_needs_no_clock_yet(stage: Stage) -> None:
    ticket = await stage.open()
    async with stage.db.transaction() as session:
        kept = await session.get_one(type(ticket), ticket.id)
        kept.due_at = None
        fact = events.TicketAssigned(
            at=TEN,
            ticket_id=ticket.id,
            step_id=0,
            queue="x",
            assignee="anna",
            before=None,
            by="s",
            why="",
        )
        await announce(session, fact)
    assert "claim" in await stage.running(ticket)


async def test_the_first_answer_of_a_person_is_a_response_and_a_claim(stage: Stage) -> None:
    ticket = await stage.open()
    await stage.announce(events.TicketResponded(at=TEN + 9 * MINUTE, ticket_id=ticket.id))
    found = await stage.clocks(ticket)
    assert found["first_response"].outcome == "responded"
    assert found["claim"].outcome == "claimed"
    assert {"claim", "first_response"}.isdisjoint(await stage.running(ticket))


async def test_what_ended_before_the_wait_began_stays_late(stage: Stage) -> None:
    ticket = await stage.open()
    await stage.move(ticket, TEN + 2 * HOUR, state="paused", **WAITING)
    found = await stage.clocks(ticket)
    assert (found["claim"].due_at, found["solution"].due_at) == (TEN + 30 * MINUTE, None)
    assert (await stage.again(ticket))[0].due_at == TEN + 30 * MINUTE


async def test_a_step_that_is_left_stops_and_the_next_one_starts(stage: Stage) -> None:
    ticket = await stage.open()
    first = (await stage.clocks(ticket))["step"]
    await stage.move(ticket, TEN + HOUR, step="verify", queue="customer_service")
    second = (await stage.clocks(ticket))["step"]
    assert second.id != first.id
    assert (second.started_at, second.due_at) == (TEN + HOUR, TEN + 9 * HOUR)
    _, [_, step] = await stage.again(ticket)
    assert step.due_at == second.due_at
    async with stage.db.transaction() as session:
        old = await session.get_one(type(first), first.id)
    assert (old.outcome, old.stopped_at, old.next_at) == ("left", TEN + HOUR, None)


async def test_waiting_for_the_customer_pauses_our_clocks_and_not_theirs(stage: Stage) -> None:
    ticket = await stage.open()
    await stage.move(ticket, TEN + 10 * MINUTE, state="paused", **WAITING)
    found = await stage.clocks(ticket)
    assert await stage.pauses(ticket) == [("waiting_customer", TEN + 10 * MINUTE, None)]
    assert found["solution"].due_at is None
    assert found["solution"].next_at is None
    assert found["promise"].due_at == TEN + 5 * DAY
    assert found["confirmation"].due_at == TEN + 10 * MINUTE + 3 * DAY
    assert (await stage.again(ticket))[0].due_at == TEN + 10 * MINUTE + 3 * DAY


async def test_the_time_of_waiting_is_given_back_when_work_goes_on(stage: Stage) -> None:
    ticket = await stage.open()
    due = (await stage.clocks(ticket))["solution"].due_at
    await stage.move(ticket, TEN + HOUR, state="paused", **WAITING)
    await stage.move(ticket, TEN + 4 * HOUR, step="pay")
    found = await stage.clocks(ticket)
    assert await stage.pauses(ticket) == [("waiting_customer", TEN + HOUR, TEN + 4 * HOUR)]
    assert due is not None
    assert found["solution"].due_at == due + 3 * HOUR
    assert found["promise"].due_at == TEN + 5 * DAY


async def test_a_wait_for_the_carrier_is_timed_itself(stage: Stage) -> None:
    ticket = await stage.open()
    await stage.move(
        ticket, TEN, step="ask", waits_for="carrier", queue="carrier", allowed_seconds=3600
    )
    found = await stage.clocks(ticket)
    assert await stage.pauses(ticket) == [("waiting_carrier", TEN, None)]
    assert (found["step"].due_at, found["solution"].due_at) == (TEN + HOUR, None)


async def test_from_one_wait_to_another_the_reason_changes(stage: Stage) -> None:
    ticket = await stage.open(steps=({"step": "ask", "waits_for": "carrier"},))
    await stage.move(ticket, TEN + HOUR, state="paused", **WAITING)
    await stage.move(ticket, TEN + 2 * HOUR, state="paused", **WAITING)
    assert await stage.pauses(ticket) == [
        ("waiting_carrier", TEN, TEN + HOUR),
        ("waiting_customer", TEN + HOUR, None),
    ]


async def test_a_ticket_waits_only_while_nobody_of_ours_has_anything_to_do(stage: Stage) -> None:
    ticket = await stage.open(steps=({"step": "ask", "waits_for": "carrier"}, {"step": "check"}))
    assert await stage.pauses(ticket) == []
    async with stage.db.transaction() as session:
        _, [_, check] = await stage.again(ticket)
        (await session.get_one(TicketStep, check.id)).done_at = TEN + HOUR
        fact = events.TicketMovedOn(
            at=TEN + HOUR,
            ticket_id=ticket.id,
            change_id=1,
            step_done="check",
            announcement="",
            left=(check.id,),
        )
        await announce(session, fact)
    assert await stage.pauses(ticket) == [("waiting_carrier", TEN + HOUR, None)]


async def test_a_solution_stops_its_clocks_and_a_rejection_starts_them_again(stage: Stage) -> None:
    ticket = await stage.open()
    before = await stage.clocks(ticket)
    await stage.move(ticket, TEN + HOUR, state="resolved", **WAITING)
    assert {"solution", "promise"}.isdisjoint(await stage.running(ticket))
    await stage.move(ticket, TEN + 3 * HOUR, step="review")
    after = await stage.clocks(ticket)
    assert {"solution", "promise", "step"} <= await stage.running(ticket)
    assert after["solution"].id == before["solution"].id
    assert before["solution"].due_at is not None
    assert after["solution"].due_at == before["solution"].due_at + 2 * HOUR
    assert after["promise"].due_at == before["promise"].due_at


async def test_a_closed_ticket_is_timed_no_longer(stage: Stage) -> None:
    ticket = await stage.open(steps=({"step": "ask", "waits_for": "carrier"},))
    await stage.move(ticket, TEN + HOUR, state="closed")
    assert await stage.running(ticket) == set()
    assert await stage.pauses(ticket) == [("waiting_carrier", TEN, TEN + HOUR)]
    assert (await stage.again(ticket))[0].due_at is None


async def test_a_reopened_ticket_has_its_time_anew_and_owes_no_first_response(stage: Stage) -> None:
    ticket = await stage.open(responded_at=TEN)
    await stage.move(ticket, TEN + HOUR, state="closed")
    later = TEN + DAY
    async with stage.db.transaction() as session:
        step = TicketStep(
            ticket_id=ticket.id,
            step="intake",
            label="",
            role="customer_service",
            entered_at=later,
            data={},
        )
        session.add(step)
        await session.flush()
        fact = events.TicketReopened(
            at=later,
            ticket_id=ticket.id,
            ticket_no=ticket.ticket_no,
            change_id=1,
            reason="",
            entered=(step.id,),
        )
        await announce(session, fact)
    assert await stage.running(ticket) - {"timer"} == {"claim", "solution", "promise", "step"}
    assert (await stage.clocks(ticket))["promise"].due_at == later + 5 * DAY


async def test_an_old_solution_is_not_revived_after_reopening(stage: Stage) -> None:
    ticket = await stage.open()
    await stage.move(ticket, TEN + HOUR, state="resolved", **WAITING)
    await stage.move(ticket, TEN + 2 * HOUR, state="closed")
    fact = events.TicketReopened(
        at=TEN + DAY, ticket_id=ticket.id, ticket_no=ticket.ticket_no, change_id=1, reason=""
    )
    await stage.announce(fact)
    await stage.move(ticket, TEN + DAY + HOUR, step="review")
    async with stage.db.transaction() as session:
        running = await session.scalar(
            text("SELECT count(*) FROM sla_clocks WHERE clock = 'solution' AND stopped_at IS NULL")
        )
    assert running == 2


async def test_a_more_urgent_ticket_is_due_earlier_from_the_same_start(stage: Stage) -> None:
    ticket = await stage.open(steps=({"step": "a"}, {"step": "b", "allowed_seconds": 600}))
    await raise_to(stage, ticket.id, "urgent", TEN + MINUTE)
    found = await stage.clocks(ticket)
    assert found["claim"].due_at == TEN + 5 * MINUTE
    assert found["promise"].due_at == TEN + 3 * DAY
    assert found["solution"].policy == "0:damage/urgent"
    kept, steps = await stage.again(ticket)
    assert kept.due_at == TEN + 5 * MINUTE
    assert [step.due_at for step in steps] == [TEN + 2 * HOUR, TEN + 10 * MINUTE]


async def test_a_less_urgent_ticket_that_was_late_is_late_no_longer(stage: Stage) -> None:
    ticket = await stage.open(priority="urgent")
    async with stage.db.transaction() as session:
        await session.execute(
            text("UPDATE sla_clocks SET level = 2, warned_at = now(), breached_at = now()")
        )
    await raise_to(stage, ticket.id, "low", TEN + 30 * MINUTE)
    claim = (await stage.clocks(ticket))["claim"]
    assert claim.due_at == TEN + 2 * HOUR
    assert (claim.level, claim.breached_at, claim.warned_at) == (0, None, None)


async def raise_to(stage: Stage, ticket_id: uuid.UUID, priority: str, now: datetime) -> None:
    """Change the priority of a ticket and announce it."""
    async with stage.db.transaction() as session:
        await session.execute(
            text("UPDATE tickets SET priority = :to WHERE id = :id"),
            {"to": priority, "id": ticket_id},
        )
        fact = events.TicketPriorityChanged(at=now, ticket_id=ticket_id, before="", after=priority)
        await announce(session, fact)


@pytest.mark.parametrize(
    ("waits", "reason"),
    [
        ((), None),
        ((None,), None),
        (("customer",), "waiting_customer"),
        (("carrier",), "waiting_carrier"),
        (("carrier", "customer"), "waiting_customer"),
        (("carrier", None), None),
    ],
)
def test_a_ticket_waits_when_every_open_step_does(
    waits: tuple[str | None, ...], reason: str | None
) -> None:
    assert sla_clocks.waiting_for([TicketStep(waits_for=each) for each in waits]) == reason
