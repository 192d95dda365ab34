"""Whatever happens in whatever order, what must hold holds."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.ticketing.routing.floor import (
    Standing,
    headers,
    hire,
    lines_of,
    put_on_the_table,
    route,
    sit_down,
    staff,
    step_of,
    walk_away,
)
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.routing import by_hand
from ticketing.routing.by_hand import Deed
from ticketing.routing.choose import Status, weight_of
from ticketing.routing.looking_round import look_round
from ticketing.routing.reassignment import idle_people
from ticketing.routing.service import pull
from ticketing.tickets.models import Ticket, TicketStep

CAPACITY = 5
NAMES = ("anna", "bob", "carl")
PRIORITIES = ("low", "normal", "high", "urgent")


class Day:
    """A day at the office, as chance will have it; nobody assigns beyond capacity by hand."""

    def __init__(self, house: House, seed: int) -> None:
        self.house, self.chance = house, random.Random(seed)
        self.steps: list[Standing] = []

    async def happen(self) -> None:
        """Let one thing happen."""
        things = (
            self.open_one,
            self.open_one,
            self.open_some_at_once,
            self.arrive,
            self.go_away,
            self.finish_one,
            self.put_one_back,
            self.look,
        )
        await self.chance.choice(things)()

    async def open_one(self) -> None:
        """A ticket is opened."""
        priority = self.chance.choice(PRIORITIES)
        skill = self.chance.choice((None, None, "fragile"))
        region = self.chance.choice((None, "广东省", "北京市"))
        at = await put_on_the_table(self.house, priority=priority, skill=skill, region=region)
        self.steps.append(at)
        await route(self.house, at)

    async def open_some_at_once(self) -> None:
        """Several tickets are opened at the same time."""
        several = [await put_on_the_table(self.house) for _ in range(4)]
        self.steps += several
        await asyncio.gather(*(route(self.house, at) for at in several))

    async def arrive(self) -> None:
        """Somebody is here."""
        await sit_down(self.house, self.chance.choice(NAMES))

    async def go_away(self) -> None:
        """Somebody has been away for long."""
        await walk_away(self.house, self.chance.choice(NAMES), ago=timedelta(minutes=11))

    async def finish_one(self) -> None:
        """Somebody finishes something."""
        async with self.house.db.transaction() as session:
            query = select(TicketStep.id).where(
                TicketStep.assignee.is_not(None), TicketStep.done_at.is_(None)
            )
            step_id = (await session.scalars(query.order_by(TicketStep.id).limit(1))).first()
            done = update(TicketStep).where(TicketStep.id == step_id)
            await session.execute(done.values(done_at=clock.now(), outcome="done"))

    async def put_one_back(self) -> None:
        """Somebody puts something back."""
        for at in self.steps:
            step = await step_of(self.house, at)
            if step.assignee and step.done_at is None:
                deed = Deed(ticket_no=at.ticket_no, step=step.step, by=step.assignee)
                async with self.house.db.transaction() as session:
                    await by_hand.release(session, deed, clock.now())
                return

    async def look(self) -> None:
        """The worker looks round, and another one too."""
        await asyncio.gather(*(look_round(self.house.db, clock.now) for _ in range(2)))

    async def loads(self) -> Counter[str]:
        """What each person has in hand."""
        async with self.house.db.transaction() as session:
            query = select(TicketStep.assignee, Ticket.priority).join(
                Ticket, Ticket.id == TicketStep.ticket_id
            )
            rows = await session.execute(
                query.where(TicketStep.assignee.is_not(None), TicketStep.done_at.is_(None))
            )
            loads: Counter[str] = Counter()
            for assignee, priority in rows:
                loads[str(assignee)] += weight_of(priority)
            return loads


@pytest.fixture
async def office(house: House) -> House:
    """Anna can do everything, bob handles nothing fragile, carl Guangdong alone."""
    await hire(house, "anna", capacity=CAPACITY, skills=["fragile"])
    await hire(house, "bob", capacity=CAPACITY)
    await hire(house, "carl", capacity=CAPACITY, skills=["fragile"], regions=["广东省"])
    return house


@pytest.mark.parametrize("seed", range(4))
async def test_nobody_is_overloaded_and_the_log_tells_the_truth(office: House, seed: int) -> None:
    day = Day(office, seed)
    await sit_down(office, *NAMES)
    for _ in range(25):
        await day.happen()
        assert all(load <= CAPACITY for load in (await day.loads()).values())
    for at in day.steps:
        step, lines = await step_of(office, at), await lines_of(office, at)
        assert lines[-1].assignee == step.assignee
        assert all(line.why for line in lines)
        assert step.assignee != "bob" or step.skill is None
        ticket_region = (await ticket(office, at)).region
        assert step.assignee != "carl" or ticket_region in (None, "广东省")


async def ticket(house: House, at: Standing) -> Ticket:
    """A ticket as it is now."""
    async with house.db.transaction() as session:
        return await session.get_one(Ticket, at.ticket_id)


@pytest.mark.parametrize("seed", range(3))
async def test_whoever_is_called_idle_gets_something_and_nobody_else_would(
    office: House, seed: int
) -> None:
    day = Day(office, seed)
    for _ in range(6):
        await day.open_one()
    await sit_down(office, *NAMES)
    for _ in range(8):
        async with office.db.transaction() as session:
            idle = set(await idle_people(session, clock.now()))
        for name in NAMES:
            if name not in idle:
                async with office.db.transaction() as session:
                    assert await pull(session, name, clock.now(), 1) == []
        if not idle:
            break
        async with office.db.transaction() as session:
            assert await pull(session, day.chance.choice(sorted(idle)), clock.now(), 1) != []


@pytest.mark.parametrize("seed", range(3))
async def test_what_is_pulled_comes_in_the_order_that_is_promised(house: House, seed: int) -> None:
    await hire(house, "anna", capacity=100)
    chance, now = random.Random(seed), clock.now()
    waiting = []
    for _ in range(12):
        priority, vip = chance.choice(PRIORITIES), chance.random() < 0.3
        due_in = chance.choice((None, 1, 2, 3))
        due_at = now + timedelta(hours=due_in) if due_in else None
        at = await put_on_the_table(house, priority=priority, vip=vip, due_at=due_at)
        rank = (-PRIORITIES.index(priority), not vip, due_in or 99, at.step_id)
        waiting.append(rank)
    await sit_down(house, "anna")
    async with house.db.transaction() as session:
        pulled = [step.id for step in await pull(session, "anna", clock.now(), 50)]
    assert pulled == [rank[-1] for rank in sorted(waiting)]


async def test_claims_pulls_and_the_look_round_all_at_once_agree_on_one_assignee(
    office: House,
) -> None:
    steps = [await put_on_the_table(office) for _ in range(6)]
    await sit_down(office, *NAMES)

    async def claim(at: Standing, by: str) -> str:
        try:
            async with office.db.transaction() as session:
                deed = Deed(ticket_no=at.ticket_no, step="assess", by=by)
                await by_hand.claim(session, deed, clock.now())
        except by_hand.StepTaken:
            return "taken"
        return "claimed"

    async def pull_some(by: str) -> str:
        async with office.db.transaction() as session:
            await pull(session, by, clock.now())
        return "pulled"

    claims = [claim(at, by) for at in steps for by in ("anna", "bob")]
    pulls = [pull_some(by) for by in NAMES]
    await asyncio.gather(*claims, *pulls, look_round(office.db, clock.now))
    for at in steps:
        step, lines = await step_of(office, at), await lines_of(office, at)
        assert step.assignee in NAMES
        assert {line.assignee for line in lines} == {step.assignee}


NASTY = ("", "\u0000", "a\u0000b", "x" * 5000, "'; DROP TABLE queues;--", "🦆" * 30, " ", "‮")
NUMBERS = (-1, 0, 1, 2**31, 2**63, 10**30, 1.5, None, "7")


@pytest.mark.parametrize("seed", range(3))
async def test_no_nonsense_through_the_doors_breaks_anything(
    office: House, api: object, seed: int
) -> None:
    chance = random.Random(seed)
    at = await put_on_the_table(office)
    await staff(office, "mina", Role.MANAGER)
    mina = headers(office, "mina", Role.MANAGER)

    def text() -> object:
        return chance.choice((*NASTY, "claims", "anna", None, 7, [], {}))

    def number() -> object:
        return chance.choice(NUMBERS)

    steps = f"/api/tickets/{at.ticket_no}/steps/assess"
    for _ in range(25):
        queue = {"label": text(), "role": text(), "team": text(), "overflow": text()}
        member = {"skills": [text()], "regions": text(), "capacity": number()}
        deed = {"assignee": text(), "queue": text(), "note": text(), "version": number()}
        doors = (
            ("PUT", "/api/queues/claims", {**queue, "vip_reserve": number()}),
            ("PUT", "/api/teams/claims", {"label": text(), "lead": text()}),
            ("PUT", "/api/teams/claims/members/anna", member),
            ("POST", "/api/presence", {"status": text()}),
            ("POST", f"{steps}/assign", {**deed, "expected_assignee": text()}),
            ("POST", f"{steps}/hand-over", deed),
            ("POST", f"{steps}/claim", deed),
            ("POST", f"{steps}/release", deed),
            ("POST", "/api/people", {"username": text(), "password": text(), "role": text()}),
            ("PATCH", "/api/people/anna", {"display_name": text(), "is_active": text()}),
        )
        method, door, body = chance.choice(doors)
        answer = await api.request(method, door, json=body, headers=mina)  # type: ignore[attr-defined]
        assert answer.status_code < 500, (method, door, body)


def test_available_is_what_people_are_unless_they_say_otherwise() -> None:
    assert [str(status) for status in Status] == ["available", "busy", "away"]
