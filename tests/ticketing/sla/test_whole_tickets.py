"""Clocks along the whole way of real tickets, through the doors everybody uses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.ticketing.sla.stage import DAY, HOUR, MINUTE, Statements, name_of
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.sla import service
from ticketing.sla.clocks import is_running
from ticketing.sla.firing import fire_due
from ticketing.tickets import lookup, steps
from ticketing.tickets.kinds import Priority
from ticketing.tickets.service import Complaint, change_priority, file_complaint
from ticketing.tickets.steps import Doing

WAYBILL = "YT2700000000009"


async def opened(house: House, kind: str, now: datetime, waybill_no: str = WAYBILL) -> str:
    """File a complaint as an agent does; return the number of its ticket."""
    async with house.db.transaction() as session:
        complaint = Complaint(kind=kind, waybill_no=waybill_no, description="杯子碎了", by="anna")
        return (await file_complaint(session, complaint, now)).ticket.ticket_no


async def running(house: House, ticket_no: str) -> Mapping[str, Any]:
    """The running clocks of a ticket by name."""
    async with house.db.transaction() as session:
        timed = await service.timed(session, ticket_no)
    return {name_of(each): each for each in timed.clocks if is_running(each)}


async def test_opening_costs_no_question_about_time_limits(house: House) -> None:
    now = clock.now()
    await opened(house, "damage", now, "YT2700000000007")
    with Statements(house.db) as sql:
        await opened(house, "damage", now, "YT2700000000008")
    asked = [each for each in sql.about("SELECT") if "sla_" in each or "calendar" in each]
    written = [each for each in sql.sent if "INSERT INTO sla_clocks" in each]
    assert asked == []
    assert len(written) == 1


async def test_a_ticket_is_timed_from_opening_to_withdrawal(house: House) -> None:
    now = clock.now()
    number = await opened(house, "damage", now)
    assert {"claim", "first_response", "step", "solution", "promise"} <= set(
        await running(house, number)
    )
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number)
        assert ticket.due_at is not None
        conversation = await session.scalar(text("SELECT gen_random_uuid()"))
        assert conversation is not None
        await steps.withdraw(session, number, conversation, "cause", now + HOUR)
    assert await running(house, number) == {}
    async with house.db.transaction() as session:
        assert (await lookup.ticket_by_no(session, number)).due_at is None


async def test_a_completed_step_answers_claims_and_starts_the_next(house: House) -> None:
    now = clock.now()
    number = await opened(house, "pickup", now)
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number)
        [first] = await steps.open_steps(session, ticket.id)
        await steps.complete_step(session, number, first.step, Doing(by="anna"), now + MINUTE)
    found = await running(house, number)
    assert {"claim", "first_response"}.isdisjoint(found)
    assert found["step"].started_at == now + MINUTE
    assert (found["timer"].timer_name, found["timer"].due_at) == (
        "dispatch_slow",
        now + MINUTE + 2 * HOUR,
    )


async def test_a_timer_goes_off_in_the_house_and_its_step_is_timed(house: House) -> None:
    now = clock.now()
    number = await opened(house, "pickup", now)
    async with house.db.transaction() as session:
        await steps.complete_step(session, number, "accept", Doing(by="anna"), now)
    later = now + 2 * HOUR
    await fire_due(house.db, lambda: later)
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number)
        names = {row.step for row in await steps.open_steps(session, ticket.id)}
    assert names == {"dispatch", "escalate"}
    assert "timer" not in await running(house, number)


@pytest.mark.parametrize("priority", [Priority.URGENT, Priority.LOW])
async def test_another_priority_sets_other_ends(house: House, priority: Priority) -> None:
    now = clock.now()
    number = await opened(house, "complaint", now)
    before = (await running(house, number))["promise"].due_at
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, number, lock=True)
        await change_priority(session, ticket, priority, by="anna", now=now)
    after = (await running(house, number))["promise"]
    assert after.due_at == now + (1 if priority is Priority.URGENT else 5) * DAY
    assert after.due_at != before


async def test_every_late_clock_tells_somebody_once(house: House) -> None:
    now = clock.now()
    await opened(house, "damage", now)
    later = now + timedelta(days=60)
    for _ in range(6):
        await fire_due(house.db, lambda: later)
    async with house.db.transaction() as session:
        rows = await session.execute(
            text(
                "SELECT level, next_at FROM sla_clocks"
                " WHERE stopped_at IS NULL AND clock <> 'timer'"
            )
        )
        assert {(row.level, row.next_at) for row in rows} == {(3, None)}
