"""Steps of those who are gone or silent go to others, or back to the queue."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select, update

from tests.ticketing.routing.floor import (
    Standing,
    headers,
    hire,
    history_of,
    lines_of,
    put_on_the_table,
    sit_down,
    staff,
    step_of,
    walk_away,
)
from ticketing.accounts.models import Person
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.facts import announce
from ticketing.routing.looking_round import look_round
from ticketing.routing.models import RoutingLine
from ticketing.routing.reassignment import reassign_deserted, reassign_silent
from ticketing.sla.events import SlaBreached
from ticketing.tickets.history import Line, record
from ticketing.tickets.models import Ticket, TicketStep

OLD = timedelta(minutes=30)


async def deserted(house: House, **known: object) -> Standing:
    """A step of anna's, who has been offline for eleven minutes."""
    await hire(house, "anna", "bob")
    at = await put_on_the_table(house, assignee="anna", now=clock.now() - OLD, **known)
    await sit_down(house, "anna", "bob")
    await walk_away(house, "anna", ago=timedelta(minutes=11))
    return at


async def touch(house: House, at: Standing, by: str) -> None:
    """Let somebody do something about a ticket."""
    async with house.db.transaction() as session:
        ticket = await session.get_one(Ticket, at.ticket_id, with_for_update=True)
        record(session, ticket, Line("note", by), clock.now())


async def test_what_somebody_offline_has_not_touched_goes_to_another(house: House) -> None:
    at = await deserted(house)
    await look_round(house.db, clock.now)
    assert (await step_of(house, at)).assignee == "bob"
    (line,) = await lines_of(house, at)
    assert line.why.startswith("受理人 anna 已离线 11 分钟；bob：")
    assert [c.what for c in await history_of(house, at)] == ["assigned"]


async def test_with_nobody_else_present_it_goes_back_to_the_queue(house: House) -> None:
    at = await deserted(house)
    await walk_away(house, "bob", ago=timedelta(seconds=1))
    await look_round(house.db, clock.now)
    step = await step_of(house, at)
    assert (step.assignee, step.queue) == (None, "claims")


async def test_who_comes_back_gets_it_back_when_it_still_waits(house: House) -> None:
    at = await deserted(house)
    await walk_away(house, "bob", ago=timedelta(seconds=1))
    await look_round(house.db, clock.now)
    await sit_down(house, "anna")
    await look_round(house.db, clock.now)
    assert (await step_of(house, at)).assignee == "anna"


async def test_what_they_have_touched_stays_theirs(house: House) -> None:
    at = await deserted(house)
    await touch(house, at, by="anna")
    await look_round(house.db, clock.now)
    assert (await step_of(house, at)).assignee == "anna"


async def test_anothers_touch_is_not_theirs(house: House) -> None:
    at = await deserted(house)
    await touch(house, at, by="lena")
    await look_round(house.db, clock.now)
    assert (await step_of(house, at)).assignee == "bob"


@pytest.mark.parametrize(("minutes", "owner"), [(4, "anna"), (6, "bob")])
async def test_how_long_one_may_be_offline_is_the_queues_to_say(
    house: House, minutes: int, owner: str
) -> None:
    await hire(house, "anna", "bob", team="leads")
    at = await put_on_the_table(
        house, role="lead", queue="lead", assignee="anna", now=clock.now() - OLD
    )
    await sit_down(house, "anna", "bob")
    await walk_away(house, "anna", ago=timedelta(minutes=minutes))
    await look_round(house.db, clock.now)
    assert (await step_of(house, at)).assignee == owner


async def test_two_workers_move_a_deserted_step_once(house: House) -> None:
    at = await deserted(house)
    await asyncio.gather(*(look_round(house.db, clock.now) for _ in range(4)))
    assert (await step_of(house, at)).assignee == "bob"
    assert len(await lines_of(house, at)) == 1


async def test_a_step_under_work_is_left_for_the_next_look(house: House) -> None:
    at = await deserted(house)
    async with house.db.transaction() as session:
        await session.get_one(Ticket, at.ticket_id, with_for_update=True)
        await look_round(house.db, clock.now)
        assert (await step_of(house, at)).assignee == "anna"
    await look_round(house.db, clock.now)
    assert (await step_of(house, at)).assignee == "bob"


async def test_whoever_leaves_leaves_nothing_behind(house: House, api: httpx.AsyncClient) -> None:
    await hire(house, "anna", "bob")
    await staff(house, "mina", Role.MANAGER)
    at = await put_on_the_table(house, assignee="anna")
    await sit_down(house, "anna", "bob")
    await touch(house, at, by="anna")
    mina = headers(house, "mina", Role.MANAGER)
    answer = await api.patch("/api/people/anna", json={"is_active": False}, headers=mina)
    assert answer.status_code == 200
    assert (await step_of(house, at)).assignee == "bob"
    (line,) = await lines_of(house, at)
    assert "受理人 anna 已离开" in line.why


async def test_more_than_one_look_can_take_is_taken_by_and_by(house: House) -> None:
    await hire(house, "anna")
    for _ in range(55):
        await put_on_the_table(house, assignee="anna")
    async with house.db.transaction() as session:
        await session.execute(update(Person).values(is_active=False))
    for _ in range(2):
        async with house.db.transaction() as session:
            await reassign_deserted(session, clock.now())
    async with house.db.transaction() as session:
        assert await session.scalar(select(func.count(TicketStep.assignee))) == 0
        assert await session.scalar(select(func.count()).select_from(RoutingLine)) == 55


async def silent(house: House, at: Standing) -> bool:
    """Let the time of a step run out."""
    async with house.db.transaction() as session:
        return await reassign_silent(session, at.step_id, "超过步骤时限", clock.now())


async def test_a_silent_assignee_loses_the_step(house: House) -> None:
    await hire(house, "anna", "bob")
    at = await put_on_the_table(house, assignee="anna", now=clock.now() - OLD)
    await sit_down(house, "anna", "bob")
    assert await silent(house, at)
    (line,) = await lines_of(house, at)
    assert (line.assignee, line.not_to) == ("bob", "anna")
    assert line.why.startswith("受理人 anna 超过步骤时限，没有动静；bob：")


async def test_a_silent_assignee_keeps_it_where_nobody_else_can(house: House) -> None:
    await hire(house, "anna")
    at = await put_on_the_table(house, assignee="anna", now=clock.now() - OLD)
    await sit_down(house, "anna")
    assert not await silent(house, at)
    assert (await step_of(house, at)).assignee == "anna"


async def test_late_is_not_silent(house: House) -> None:
    await hire(house, "anna", "bob")
    at = await put_on_the_table(house, assignee="anna", now=clock.now() - OLD)
    await sit_down(house, "anna", "bob")
    await touch(house, at, by="anna")
    assert not await silent(house, at)


@pytest.mark.parametrize("known", [{"assignee": None}, {"assignee": "anna", "step_id": 10**6}])
async def test_there_is_nothing_to_take_from_nobody(house: House, known: dict[str, object]) -> None:
    step_id = known.pop("step_id", None)
    at = await put_on_the_table(house, **known)
    wanted = Standing(at.ticket_id, at.ticket_no, int(str(step_id))) if step_id else at
    assert not await silent(house, wanted)


def breach(at: Standing, **known: object) -> SlaBreached:
    """The fact that the time of anna's step has run out."""
    now = clock.now()
    ordinary = {
        "at": now,
        "ticket_id": at.ticket_id,
        "ticket_no": at.ticket_no,
        "clock_id": 1,
        "clock": "step",
        "audience": "staff",
        "step_id": at.step_id,
        "due_at": now,
        "assignee": "anna",
        "queue": "claims",
        "level": 1,
        "to": "assignee",
    }
    return SlaBreached(**{**ordinary, **known})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "owner"),
    [
        ({}, "bob"),
        ({"clock": "claim", "step_id": None}, "bob"),
        ({"level": 2}, "anna"),
        ({"clock": "solution", "step_id": None}, "anna"),
        ({"clock": "confirmation"}, "anna"),
        ({"assignee": None}, "anna"),
    ],
)
async def test_only_a_first_breach_of_ones_own_clocks_wakes_routing(
    house: House, known: dict[str, object], owner: str
) -> None:
    await hire(house, "anna", "bob")
    at = await put_on_the_table(house, assignee="anna", now=clock.now() - OLD)
    await sit_down(house, "anna", "bob")
    async with house.db.transaction() as session:
        await announce(session, breach(at, **known))
    assert (await step_of(house, at)).assignee == owner
