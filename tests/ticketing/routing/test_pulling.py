"""What waits goes to whoever arrives or gets room: once, the most pressing first."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
from sqlalchemy import update

from tests.ticketing.routing.floor import (
    Standing,
    headers,
    hire,
    in_hand,
    lines_of,
    put_on_the_table,
    sit_down,
    step_of,
    walk_away,
)
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.routing.choose import Status
from ticketing.routing.looking_round import look_round
from ticketing.routing.models import RoutingLine
from ticketing.routing.presence import be_present
from ticketing.routing.reassignment import idle_people
from ticketing.routing.service import pull
from ticketing.tickets.models import TicketStep


async def pulled_by(house: House, username: str, limit: int = 5) -> list[int]:
    """Let somebody pull in a transaction of their own."""
    async with house.db.transaction() as session:
        return [step.id for step in await pull(session, username, clock.now(), limit)]


async def owners(house: House, steps: list[Standing]) -> list[str | None]:
    """Who has each step."""
    return [(await step_of(house, at)).assignee for at in steps]


async def test_whoever_arrives_is_given_what_waits(house: House, api: httpx.AsyncClient) -> None:
    await hire(house, "anna")
    at = await put_on_the_table(house)
    answer = await api.post("/api/presence", headers=headers(house, "anna"))
    assert (answer.status_code, answer.json()["pulled"]) == (200, 1)
    assert (await step_of(house, at)).assignee == "anna"
    (line,) = await lines_of(house, at)
    assert "排到「理赔」的下一张" in line.why


async def test_whoever_arrives_busy_is_given_nothing(house: House) -> None:
    await hire(house, "anna")
    at = await put_on_the_table(house)
    async with house.db.transaction() as session:
        arrival = await be_present(session, "anna", Status.BUSY, clock.now())
    assert list(arrival.pulled) == []
    assert (await step_of(house, at)).assignee is None


async def test_the_most_pressing_comes_first(house: House) -> None:
    await hire(house, "anna")
    now = clock.now()
    later = await put_on_the_table(house, due_at=now + timedelta(hours=5))
    never_due = await put_on_the_table(house)
    sooner = await put_on_the_table(house, due_at=now + timedelta(hours=1))
    vip = await put_on_the_table(house, vip=True, due_at=now + timedelta(hours=9))
    high = await put_on_the_table(house, priority="high")
    urgent = await put_on_the_table(house, priority="urgent")
    low = await put_on_the_table(house, priority="low", vip=True, due_at=now)
    await sit_down(house, "anna")
    order = [step for _ in range(7) for step in await pulled_by(house, "anna", limit=1)]
    wanted = [urgent, high, vip, sooner, later, never_due, low]
    assert order == [at.step_id for at in wanted]


async def test_nobody_is_given_more_than_they_can_carry(house: House) -> None:
    await hire(house, "anna", capacity=4)
    urgent = await put_on_the_table(house, priority="urgent")
    high = await put_on_the_table(house, priority="high")
    ordinary = await put_on_the_table(house)
    await sit_down(house, "anna")
    assert await pulled_by(house, "anna") == [urgent.step_id, ordinary.step_id]
    assert await owners(house, [high]) == [None]


async def test_what_is_too_heavy_does_not_hide_what_fits_behind_it(house: House) -> None:
    await hire(house, "anna", capacity=1)
    for _ in range(8):
        await put_on_the_table(house, priority="urgent")
    light = await put_on_the_table(house)
    await sit_down(house, "anna")
    assert await pulled_by(house, "anna", limit=2) == [light.step_id]


async def test_only_what_one_is_able_to_do_is_pulled(house: House) -> None:
    await hire(house, "anna", skills=["fragile"], regions=["广东省"])
    able = await put_on_the_table(house, skill="fragile", region="广东省")
    anywhere = await put_on_the_table(house)
    unable = [
        await put_on_the_table(house, skill="english"),
        await put_on_the_table(house, region="北京市"),
        await put_on_the_table(house, role="finance", queue="finance"),
        await put_on_the_table(house, role="customer"),
        await put_on_the_table(house, assignee="somebody"),
    ]
    await sit_down(house, "anna")
    assert set(await pulled_by(house, "anna", limit=20)) == {able.step_id, anywhere.step_id}
    assert await owners(house, unable) == [None, None, None, None, "somebody"]


async def test_what_another_queue_cannot_handle_is_pulled_too(house: House) -> None:
    await hire(house, "anna", team="customer_service")
    at = await put_on_the_table(house, role="customer_service", queue="vip", vip=True)
    await sit_down(house, "anna")
    assert await pulled_by(house, "anna") == [at.step_id]
    assert (await step_of(house, at)).queue == "vip"


async def test_being_in_two_teams_of_a_queue_gives_nobody_a_step_twice(house: House) -> None:
    for team in ("vip", "customer_service"):
        await hire(house, "anna", team=team)
    at = await put_on_the_table(house, role="customer_service", queue="vip", vip=True)
    await sit_down(house, "anna")
    assert await pulled_by(house, "anna") == [at.step_id]
    assert len(await lines_of(house, at)) == 1


async def test_the_absent_pull_nothing(house: House) -> None:
    await hire(house, "anna")
    await put_on_the_table(house)
    assert await pulled_by(house, "anna") == []
    await sit_down(house, "anna")
    await walk_away(house, "anna", ago=timedelta(seconds=1))
    assert await pulled_by(house, "anna") == []


async def test_any_number_pulling_at_once_get_every_step_once(house: House) -> None:
    names = ("anna", "bob", "carl", "dora")
    await hire(house, *names, capacity=6)
    steps = [await put_on_the_table(house) for _ in range(18)]
    await sit_down(house, *names)
    got = await asyncio.gather(*(pulled_by(house, name) for name in names * 4))
    flat = [step for each in got for step in each]
    assert len(flat) == len(set(flat))
    for _ in range(6):
        await asyncio.gather(*(pulled_by(house, name) for name in names))
    assert None not in await owners(house, steps)
    assert all(carried <= 6 for carried in (await in_hand(house)).values())
    assert [len(await lines_of(house, at)) for at in steps] == [1] * 18


async def test_a_ticket_somebody_is_at_work_on_is_left_alone(house: House) -> None:
    await hire(house, "anna")
    at = await put_on_the_table(house)
    await sit_down(house, "anna")
    async with house.db.transaction() as session:
        await session.get_one(TicketStep, at.step_id, with_for_update=True)
        assert await pulled_by(house, "anna") == []
    assert await pulled_by(house, "anna") == [at.step_id]


async def test_the_look_round_shares_out_what_waits(house: House) -> None:
    await hire(house, "anna", "bob")
    for _ in range(6):
        await put_on_the_table(house)
    await sit_down(house, "anna", "bob")
    await look_round(house.db, clock.now)
    assert await in_hand(house) == {"anna": 3, "bob": 3}


async def test_the_look_round_finds_room_that_a_finished_step_has_left(house: House) -> None:
    await hire(house, "anna", capacity=1)
    first, second = await put_on_the_table(house), await put_on_the_table(house)
    await sit_down(house, "anna")
    await look_round(house.db, clock.now)
    assert await owners(house, [first, second]) == ["anna", None]
    async with house.db.transaction() as session:
        done = update(TicketStep).where(TicketStep.id == first.step_id)
        await session.execute(done.values(done_at=clock.now(), done_by="anna", outcome="done"))
    await look_round(house.db, clock.now)
    assert await owners(house, [second]) == ["anna"]


async def test_two_workers_looking_round_at_once_give_nothing_twice(house: House) -> None:
    await hire(house, "anna", "bob")
    steps = [await put_on_the_table(house) for _ in range(10)]
    await sit_down(house, "anna", "bob")
    await asyncio.gather(*(look_round(house.db, clock.now) for _ in range(3)))
    assert [len(await lines_of(house, at)) for at in steps] == [1] * 10


async def test_who_is_full_or_unable_is_not_called_idle(house: House) -> None:
    await hire(house, "anna", capacity=1)
    await hire(house, "bob", regions=["北京市"])
    await hire(house, "carl")
    await put_on_the_table(house, assignee="anna")
    await put_on_the_table(house, region="广东省")
    await sit_down(house, "anna", "bob", "carl")
    async with house.db.transaction() as session:
        assert list(await idle_people(session, clock.now())) == ["carl"]


async def test_what_somebody_has_put_back_does_not_come_back_within_the_hour(house: House) -> None:
    await hire(house, "anna")
    at = await put_on_the_table(house)
    async with house.db.transaction() as session:
        session.add(
            RoutingLine(
                ticket_id=at.ticket_id,
                step_id=at.step_id,
                step="assess",
                at=clock.now() - timedelta(minutes=59),
                by="anna",
                queue="claims",
                not_to="anna",
                why="anna 放回队列",
                ranking=[],
            )
        )
    await sit_down(house, "anna")
    assert await pulled_by(house, "anna") == []
    async with house.db.transaction() as session:
        await session.execute(update(RoutingLine).values(at=clock.now() - timedelta(minutes=61)))
    assert await pulled_by(house, "anna") == [at.step_id]
