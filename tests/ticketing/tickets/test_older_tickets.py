"""Tickets the release before has opened: runs of rows, no step of theirs in the table yet."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from tests.support.filling import filled
from tests.ticketing.tickets.desk import chat, hears, history, listening, opened
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.db import LISTENERS
from ticketing.tickets import merging, steps
from ticketing.tickets.events import TicketMovedOn
from ticketing.tickets.models import Ticket, TicketStep
from ticketing.tickets.steps import Doing
from ticketing.tickets.views import view
from ticketing.workflow.definitions import RETIRED, SHIPPED, shipped
from ticketing.workflow.machine import RunState, StepNotCurrent, progress
from ticketing.workflow.process import Process

OF_OLD = tuple(
    shipped().version(*file.stem.rsplit("-", 1)) for file in (SHIPPED / RETIRED).glob("*.bpmn")
)
DONE, ACTIVE = 64, 16


def as_it_was_written(process: Process, done: int) -> dict[str, Any]:
    """Return a run that has so many steps done, as the release before wrote it."""
    names = [step.name for step in process.steps]
    rows: list[list[Any]] = [["Start", -1, DONE], ["opened", 0, DONE]]
    rows += [[name, len(rows), DONE, {name: {"note": "已办"}}] for name in names[:done]]
    rows.append([names[done], done + 1, ACTIVE])
    return {
        "process": process.id,
        "version": process.version,
        "state": "open",
        "finished": False,
        "tasks": rows,
    }


async def from_before(
    session: AsyncSession, process: Process, done: int = 0, kind: str | None = None
) -> Ticket:
    """Return a ticket as the release before has left it."""
    real, session.info[LISTENERS] = session.info[LISTENERS], {}
    ticket = await opened(session, kind or process.id, anew=True)
    await session.flush()
    session.info[LISTENERS] = real
    await session.execute(delete(TicketStep).where(TicketStep.ticket_id == ticket.id))
    ticket.process_id, ticket.process_version = process.id, process.version
    ticket.run = as_it_was_written(process, done)
    await session.flush()
    return ticket


def current(process: Process, ticket: Ticket) -> tuple[str, ...]:
    return tuple(progress(process, RunState.from_dict(ticket.run)).current)


async def do(session: AsyncSession, ticket: Ticket, process: Process) -> str:
    """Complete whatever is to be done next with the least it takes; return its name."""
    name = current(process, ticket)[0]
    step = process.step(name)
    data = filled(step.form) if step and step.form else {}
    doing = Doing(by="anna", data=data)
    await steps.complete_step(session, ticket.ticket_no, name, doing, clock.now())
    return name


DAMAGE = next(process for process in OF_OLD if process.id == "damage")


def test_the_processes_of_the_release_before_are_still_here() -> None:
    assert len(OF_OLD) == len({process.id for process in OF_OLD}) > 10


async def test_an_older_ticket_goes_on_where_it_stood(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await from_before(session, DAMAGE, done=2)
        third, fourth = (step.name for step in DAMAGE.steps[2:4])
        assert await do(session, ticket, DAMAGE) == third
        rows = await steps.open_steps(session, ticket.id)
    assert [row.step for row in rows] == [fourth]
    assert current(DAMAGE, ticket) == (fourth,)


async def test_the_step_it_stood_at_gets_its_row_when_it_is_done(house: House) -> None:
    async with listening(house) as (session, heard):
        ticket = await from_before(session, DAMAGE)
        heard.clear()
        await do(session, ticket, DAMAGE)
        [fact] = [each for each in heard if isinstance(each, TicketMovedOn)]
        [left] = [await steps.step(session, number) for number in fact.left]
    assert (left.step, left.outcome, left.done_by) == ("accept", "done", "anna")
    assert len(fact.entered) == 1


async def test_what_was_filled_in_before_is_kept(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await from_before(session, DAMAGE, done=1)
        await do(session, ticket, DAMAGE)
        run = RunState.from_dict(ticket.run)
    assert run.data["accept"] == {"note": "已办"}
    assert "tasks" not in ticket.run
    assert "accept" in run.done


async def test_every_process_of_the_release_before_comes_to_its_end(house: House) -> None:
    ended = {}
    async with house.db.transaction() as session:
        for process in OF_OLD:
            ticket = await from_before(session, process, kind=kind_of(process))
            for _ in range(20):
                if ticket.state == "closed":
                    break
                await do(session, ticket, process)
            ended[process.id] = ticket.state
            assert await steps.open_steps(session, ticket.id) == []
    assert set(ended.values()) == {"closed"}


def kind_of(process: Process) -> str:
    """Return a kind of tickets that have followed a process."""
    return process.id if process.id != "standard" else "complaint"


async def test_a_step_that_was_done_before_is_not_done_again(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await from_before(session, DAMAGE, done=2)
        with pytest.raises(StepNotCurrent):
            await steps.complete_step(
                session, ticket.ticket_no, "accept", Doing(by="anna"), clock.now()
            )
        assert "tasks" in ticket.run


async def test_an_older_ticket_is_shown_with_its_steps(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await from_before(session, DAMAGE, done=1)
        shown = await view(session, ticket)
    states = [str(step.state) for step in shown.progress.steps]
    assert states[:2] == ["done", "current"]
    assert set(states[2:]) == {"waiting"}
    assert shown.open_steps == ()


async def test_a_customer_takes_an_older_ticket_back(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await from_before(session, DAMAGE, done=1)
        who = await chat(session, "one")
        await hears(session, ticket, who, opener=True)
        await steps.withdraw(session, ticket.ticket_no, who, "m1", clock.now())
        lines = await history(session, ticket)
    assert (ticket.state, lines[-1].what) == ("closed", "withdrawn")
    assert RunState.from_dict(ticket.run).is_finished


async def test_an_older_ticket_is_merged_into_a_new_one(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await from_before(session, DAMAGE, done=1)
        new = await opened(session, "delay")
        await merging.merge(session, ticket.ticket_no, new.ticket_no, by="anna", now=clock.now())
    assert (ticket.state, ticket.merged_into) == ("closed", new.id)
    assert new.state == "open"


async def test_a_timer_of_today_does_not_fire_in_an_older_ticket(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await from_before(session, DAMAGE, done=2)
        now = clock.now()
        assert await steps.fire_timer(session, ticket.ticket_no, "branch_silent", now) is None
        assert "tasks" in ticket.run


async def test_the_same_complaint_joins_an_older_ticket(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await from_before(session, DAMAGE, done=1)
        joined = await opened(session, "damage", words=("盘子也碎了",))
    assert joined.ticket_no == ticket.ticket_no
    assert current(DAMAGE, ticket) == (DAMAGE.steps[1].name,)
