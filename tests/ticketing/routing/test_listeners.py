"""What routing does by itself when something happens to a ticket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.routing.floor import (
    Standing,
    hire,
    lines_of,
    put_on_the_table,
    route,
    sit_down,
    step_of,
)
from ticketing.accounts.events import PersonLeft
from ticketing.composition import LISTENERS, ROUTERS, House
from ticketing.kernel import clock
from ticketing.kernel.cache import remembered
from ticketing.kernel.db import LISTENERS as HEARD
from ticketing.kernel.facts import Fact, announce
from ticketing.routing import api, steps_api
from ticketing.routing.listeners import free_the_steps, route_what_begins, wake_the_silent
from ticketing.rules import service as rules
from ticketing.rules.shipped import shipped
from ticketing.rules.table import HitPolicy, Table
from ticketing.sla.events import SlaBreached
from ticketing.tickets.events import TicketMovedOn, TicketOpened, TicketReopened


def beginnings(at: Standing) -> list[Fact]:
    """The facts with which a step begins."""
    now, entered = clock.now(), (at.step_id,)
    opened = TicketOpened(
        at=now, ticket_id=at.ticket_id, ticket_no=at.ticket_no, change_id=1, entered=entered
    )
    moved = TicketMovedOn(
        at=now,
        ticket_id=at.ticket_id,
        change_id=1,
        step_done="verify",
        announcement="",
        entered=entered,
    )
    reopened = TicketReopened(
        at=now,
        ticket_id=at.ticket_id,
        ticket_no=at.ticket_no,
        change_id=1,
        reason="没修好",
        entered=entered,
    )
    return [opened, moved, reopened]


@pytest.mark.parametrize("kind", range(3))
async def test_every_way_a_step_begins_leads_to_somebody(house: House, kind: int) -> None:
    await hire(house, "anna")
    await sit_down(house, "anna")
    at = await put_on_the_table(house)
    fact = beginnings(at)[kind]
    async with house.db.transaction() as session:
        session.info[HEARD] = {type(fact): (route_what_begins,)}
        await announce(session, fact)
    assert (await step_of(house, at)).assignee == "anna"


async def test_a_fact_with_which_nothing_begins_changes_nothing(house: House) -> None:
    at = await put_on_the_table(house)
    now = clock.now()
    fact = TicketMovedOn(
        at=now, ticket_id=at.ticket_id, change_id=1, step_done="close", announcement=""
    )
    async with house.db.transaction() as session:
        await route_what_begins(fact, session)
    assert await lines_of(house, at) == []


@pytest.mark.parametrize("begins", [TicketOpened, TicketMovedOn, TicketReopened])
def test_routing_hears_first_of_what_begins(begins: type[Fact]) -> None:
    assert LISTENERS[begins][0] is route_what_begins


def test_routing_hears_of_who_leaves_and_what_is_late() -> None:
    assert free_the_steps in LISTENERS[PersonLeft]
    assert wake_the_silent in LISTENERS[SlaBreached]


def test_its_doors_are_open() -> None:
    assert api.router in ROUTERS
    assert steps_api.router in ROUTERS


@pytest.mark.parametrize(
    ("known", "queue", "skill"),
    [
        ({"role": "warehouse"}, "warehouse", None),
        ({"role": "customer_service", "vip": True}, "vip", None),
        ({"role": "claims", "details": {"declared_value": "5000元"}}, "claims", "high_value"),
        ({"role": "dispatch", "region": "广东省"}, "dispatch", "south_china"),
        ({"role": "carrier"}, "carrier_liaison", None),
        ({"role": "lead"}, "lead", None),
        ({"role": "courier"}, "courier", None),
    ],
)
async def test_the_shipped_rules_name_queue_and_skill(
    house: House, known: dict[str, object], queue: str, skill: str | None
) -> None:
    at = await put_on_the_table(house, queue=None, **known)
    await route(house, at)
    step = await step_of(house, at)
    assert (step.queue, step.skill) == (queue, skill)


async def test_the_rule_that_fired_is_part_of_why(house: House) -> None:
    at = await put_on_the_table(house, queue=None, role="customer_service", vip=True)
    await route(house, at)
    (line,) = await lines_of(house, at)
    assert line.why.startswith("当 ")
    assert "「VIP 客服」" in line.why


async def test_a_spoilt_table_turns_no_complaint_away(house: House) -> None:
    async def spoilt(_session: AsyncSession) -> Mapping[str, Table]:
        whole = shipped()
        return {**whole, "routing": replace(whole["routing"], hit_policy=HitPolicy.UNIQUE)}

    at = await put_on_the_table(house, queue=None, role="warehouse")
    async with house.db.transaction() as session:
        await remembered(session, rules.ACTIVE, spoilt, ttl=timedelta(minutes=1))
    await route(house, at)
    assert (await step_of(house, at)).queue == "warehouse"
    (line,) = await lines_of(house, at)
    assert line.why.startswith("分派规则出错，按部门分派；")
