"""What is due is announced once, by however many workers, and a bad clock holds up no other."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.sla.stage import DAY, HOUR, MINUTE, TEN, Stage, run_after
from ticketing.kernel.db import Database
from ticketing.kernel.facts import Listener
from ticketing.sla.events import SlaBreached, SlaWarned
from ticketing.sla.firing import fire_due, wait_after
from ticketing.sla.models import SlaClock
from ticketing.tickets.models import Ticket


class Unwell(Exception):
    """A listener that cannot go on."""


async def fire(stage: Stage, now: datetime, limit: int = 100) -> list[tuple[str, int, str]]:
    """Fire what is due at a time; return what was heard."""
    stage.heard.clear()
    await fire_due(stage.db, lambda: now, limit, lanes=1)
    return stage.told()


async def only(stage: Stage, ticket: Ticket, clock: str) -> SlaClock:
    """Stop every clock of a ticket but one."""
    async with stage.db.transaction() as session:
        await session.execute(
            text(
                "UPDATE sla_clocks SET stopped_at = now() WHERE ticket_id = :id"
                " AND (clock <> :clock OR audience = 'customer')"
            ),
            {"id": ticket.id, "clock": clock},
        )
    return (await stage.clocks(ticket))[clock]


async def test_a_clock_warns_is_breached_and_escalates_each_once(stage: Stage) -> None:
    ticket = await stage.open()
    await only(stage, ticket, "claim")
    assert await fire(stage, TEN + 23 * MINUTE) == []
    assert await fire(stage, TEN + 24 * MINUTE) == [("claim", 0, "assignee")]
    assert await fire(stage, TEN + 29 * MINUTE) == []
    assert await fire(stage, TEN + 30 * MINUTE) == [("claim", 1, "assignee")]
    assert await fire(stage, TEN + 59 * MINUTE) == []
    assert await fire(stage, TEN + 60 * MINUTE) == [("claim", 2, "lead")]
    assert await fire(stage, TEN + 30 * MINUTE + 4 * HOUR) == [("claim", 3, "manager")]
    assert await fire(stage, TEN + 9 * DAY) == []


async def test_a_fact_says_what_somebody_must_know_to_act(stage: Stage) -> None:
    ticket = await stage.open(assignee="lead", steps=({"step": "a", "assignee": "anna"},))
    clock = await only(stage, ticket, "step")
    await fire(stage, TEN + 9 * HOUR)
    [fact] = stage.heard
    assert fact == SlaBreached(
        at=TEN + 9 * HOUR,
        ticket_id=ticket.id,
        ticket_no=ticket.ticket_no,
        clock_id=clock.id,
        clock="step",
        audience="internal",
        step_id=clock.step_id,
        due_at=TEN + 8 * HOUR,
        assignee="anna",
        queue="customer_service",
        level=1,
        to="assignee",
    )


async def test_the_promise_to_the_customer_is_told_apart_from_our_own(stage: Stage) -> None:
    ticket = await stage.open()
    await fire(stage, TEN + 5 * DAY - HOUR)
    warned = [fact for fact in stage.heard if isinstance(fact, SlaWarned)]
    assert [(fact.clock, fact.audience, fact.due_at) for fact in warned] == [
        ("solution", "customer", (await stage.clocks(ticket))["promise"].due_at)
    ]


async def test_after_a_long_sleep_the_warning_is_left_out_and_every_level_is_told(
    stage: Stage,
) -> None:
    ticket = await stage.open()
    await only(stage, ticket, "claim")
    assert await fire(stage, TEN + DAY) == [("claim", 1, "assignee")]
    assert await fire(stage, TEN + DAY) == [("claim", 2, "lead")]
    clock = (await stage.clocks(ticket))["claim"]
    assert (clock.warned_at, clock.breached_at, clock.level) == (None, TEN + DAY, 2)


async def test_small_batches_fire_everything_in_the_order_it_is_due(stage: Stage) -> None:
    for minute in (3, 1, 2):
        await only(stage, await stage.open(TEN + minute * MINUTE), "claim")
    await fire(stage, TEN + 28 * MINUTE, limit=1)
    assert [fact.due_at for fact in stage.heard] == [
        TEN + 30 * MINUTE + minute * MINUTE for minute in (1, 2, 3)
    ]


async def test_a_paused_clock_says_nothing_until_it_goes_on(stage: Stage) -> None:
    ticket = await stage.open(steps=({"step": "ask", "waits_for": "customer"},))
    await only(stage, ticket, "solution")
    assert await fire(stage, TEN + 90 * DAY) == []
    await stage.move(ticket, TEN + DAY, step="go_on")
    await only(stage, ticket, "solution")
    assert await fire(stage, TEN + 90 * DAY) == [("solution", 1, "assignee")]


async def test_two_workers_share_the_work_and_tell_each_fact_once(
    stage: Stage, database_url: str
) -> None:
    tickets = [await stage.open() for _ in range(40)]
    for ticket in tickets:
        await only(stage, ticket, "claim")
    other = second_worker(stage, database_url)
    later = TEN + 45 * MINUTE
    done = await asyncio.gather(*(fire_due(db, lambda: later, 7) for db in (stage.db, other) * 2))
    await other.close()
    assert Counter(fact.ticket_id for fact in stage.heard) == Counter(t.id for t in tickets)
    assert sum(done) == 40


async def test_a_worker_with_much_to_do_works_in_lanes_and_tells_each_fact_once(
    stage: Stage,
) -> None:
    tickets = [await stage.open() for _ in range(20)]
    for ticket in tickets:
        await only(stage, ticket, "claim")
    assert await fire_due(stage.db, lambda: TEN + 45 * MINUTE, 3, lanes=4) == 20
    assert Counter(fact.ticket_id for fact in stage.heard) == Counter(t.id for t in tickets)


async def test_a_worker_killed_half_way_loses_and_doubles_nothing(stage: Stage) -> None:
    tickets = [await stage.open() for _ in range(4)]
    for ticket in tickets:
        await only(stage, ticket, "claim")
    later = TEN + 45 * MINUTE
    hanging = asyncio.Event()

    async def hang(_fact: SlaBreached, _session: AsyncSession) -> None:
        hanging.set()
        await asyncio.Event().wait()

    with listening(stage, hang) as heard_before:
        killed = asyncio.create_task(fire_due(stage.db, lambda: later))
        await hanging.wait()
        killed.cancel()
        await asyncio.gather(killed, return_exceptions=True)
    assert heard_before == []
    await fire(stage, later)
    assert {fact.ticket_id for fact in stage.heard} == {ticket.id for ticket in tickets}
    assert len(stage.heard) == 4


async def test_one_bad_clock_rests_while_the_others_go_on(stage: Stage) -> None:
    tickets = [await stage.open() for _ in range(3)]
    for ticket in tickets:
        await only(stage, ticket, "claim")
    later, bad = TEN + 45 * MINUTE, tickets[1].id

    async def choke(fact: SlaBreached, session: AsyncSession) -> None:
        await session.execute(text("UPDATE tickets SET description = 'half done'"))
        if fact.ticket_id == bad:
            raise Unwell

    with listening(stage, choke) as heard:
        await fire_due(stage.db, lambda: later)
        told = Counter(fact.ticket_id for fact in heard)
        await fire_due(stage.db, lambda: later + 9 * timedelta(seconds=1))
        assert Counter(fact.ticket_id for fact in heard) == told
    clock = (await stage.clocks(tickets[1]))["claim"]
    assert (clock.failures, clock.level) == (1, 0)
    assert clock.next_at == later + timedelta(seconds=10)
    assert (await stage.clocks(tickets[0]))["claim"].level == 1
    assert (await stage.clocks(tickets[2]))["claim"].level == 1


async def test_a_bad_clock_that_is_well_again_catches_up(stage: Stage) -> None:
    ticket = await stage.open()
    await only(stage, ticket, "claim")
    later = TEN + 45 * MINUTE

    async def choke(_fact: SlaBreached, _session: AsyncSession) -> None:
        raise Unwell

    with listening(stage, choke):
        await fire_due(stage.db, lambda: later)
    assert await fire(stage, later + MINUTE) == [("claim", 1, "assignee")]
    assert (await stage.clocks(ticket))["claim"].failures == 0


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 10), (1, 20), (5, 320), (6, 600), (999, 600)]
)
def test_a_clock_rests_longer_each_time_it_fails(failures: int, seconds: int) -> None:
    assert wait_after(failures) == timedelta(seconds=seconds)


async def test_a_ticket_somebody_is_changing_is_left_for_the_next_round(stage: Stage) -> None:
    ticket = await stage.open()
    await only(stage, ticket, "claim")
    later = TEN + 45 * MINUTE
    async with stage.db.transaction() as session:
        await session.execute(
            text("SELECT 1 FROM tickets WHERE id = :id FOR UPDATE"), {"id": ticket.id}
        )
        assert await fire(stage, later) == []
    assert await fire(stage, later) == [("claim", 1, "assignee")]


async def test_an_index_entry_that_came_too_early_only_moves_the_clock(stage: Stage) -> None:
    ticket = await stage.open()
    await only(stage, ticket, "claim")
    async with stage.db.transaction() as session:
        await session.execute(text("UPDATE sla_clocks SET next_at = :at"), {"at": TEN})
    assert await fire(stage, TEN + MINUTE) == []
    assert (await stage.clocks(ticket))["claim"].next_at == TEN + 24 * MINUTE


async def test_a_timer_beside_a_step_begins_another_and_fires_once(stage: Stage) -> None:
    run = run_after("pickup", "accept")
    ticket = await stage.open(kind="pickup", run=run, steps=({"step": "dispatch"},))
    clock = await only(stage, ticket, "timer")
    assert (clock.timer_name, clock.due_at) == ("dispatch_slow", TEN + 2 * HOUR)
    assert await fire(stage, TEN + 2 * HOUR) == []
    _, rows = await stage.again(ticket)
    assert [(row.step, row.done_at) for row in rows] == [("dispatch", None), ("escalate", None)]
    assert rows[1].due_at == TEN + 3 * HOUR
    assert (await stage.clocks(ticket))["timer"].outcome == "fired"
    await fire(stage, TEN + 2 * HOUR + MINUTE)
    assert len((await stage.again(ticket))[1]) == 2


async def test_a_timer_that_interrupts_ends_the_wait_of_its_step(stage: Stage) -> None:
    run = run_after("invoice", "accept", "issue", "send")
    wait = {"step": "confirm", "waits_for": "customer", "form": "confirm_solution"}
    ticket = await stage.open(kind="invoice", run=run, steps=(wait,))
    await only(stage, ticket, "timer")
    await fire(stage, TEN + 7 * DAY)
    kept, [row] = await stage.again(ticket)
    assert (row.outcome, row.done_at) == ("timed_out", TEN + 7 * DAY)
    assert kept.state == "closed"
    assert await stage.running(ticket) == set()
    assert await stage.pauses(ticket) == [("waiting_customer", TEN, TEN + 7 * DAY)]


async def test_a_timer_of_a_step_the_process_has_left_just_stops(stage: Stage) -> None:
    ticket = await stage.open(kind="lost", steps=({"step": "carrier_reply"},))
    clock = await only(stage, ticket, "timer")
    assert (clock.timer_name, clock.due_at) == ("carrier_silent", TEN + 2 * DAY)
    assert await fire(stage, TEN + 3 * DAY) == []
    clock = (await stage.clocks(ticket))["timer"]
    assert (clock.outcome, clock.next_at) == ("fired", None)


async def test_a_closed_ticket_fires_nothing(stage: Stage) -> None:
    ticket = await stage.open()
    await stage.move(ticket, TEN + MINUTE, state="closed")
    assert await fire(stage, TEN + 90 * DAY) == []


@contextmanager
def listening(stage: Stage, listener: Listener) -> Iterator[list[SlaBreached]]:
    """Let another listener hear of breaches for a while; yield those it has dealt with."""
    before, heard = stage.listeners[SlaBreached], list[SlaBreached]()

    async def deal_with(fact: SlaBreached, session: AsyncSession) -> None:
        await listener(fact, session)
        heard.append(fact)

    stage.listeners[SlaBreached] = (deal_with,)
    yield heard
    stage.listeners[SlaBreached] = before


def second_worker(stage: Stage, url: str) -> Database:
    """A database of another process that announces to the same ears."""
    return Database(url.replace("postgresql://", "postgresql+psycopg://", 1), stage.listeners)
