"""How grave and how urgent a new ticket is, by the tables; and what it takes over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from carriers.events import ShipmentStatus, TrackingEvent
from carriers.tracking import TrackingResult
from tests.ticketing.tickets.desk import OTHER_WAYBILL, WAYBILL, finish, history, opened
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.rules.models import RuleEvaluation
from ticketing.shipments import service as shipments
from ticketing.tickets import repository
from ticketing.tickets import service as tickets
from ticketing.tickets.kinds import Priority, UnknownTicketKind, ticket_kinds
from ticketing.tickets.models import Ticket
from ticketing.tickets.service import Complaint, WaybillMissing
from ticketing.workflow import service as workflow


def judged(ticket: Ticket) -> tuple[str, str, bool]:
    return ticket.severity, ticket.priority, ticket.red_flag


async def judge(session: AsyncSession, kind: str, **more: Any) -> tuple[str, str, bool]:
    """Return severity, priority and red flag of a new ticket about a parcel of its own."""
    return judged(await opened(session, kind, **more))


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("invoice", {}, ("minor", "low", False)),
        ("urge", {}, ("minor", "normal", False)),
        ("delay", {}, ("normal", "normal", False)),
        ("damage", {}, ("normal", "high", False)),
        ("lost", {}, ("major", "high", False)),
        ("interception", {}, ("normal", "high", False)),
        ("complaint", {"details": {"mood": "anger"}}, ("major", "high", False)),
        ("urge", {"details": {"mood": "anger"}}, ("normal", "high", False)),
        ("delay", {"details": {"mood": "threat"}}, ("critical", "urgent", True)),
        ("invoice", {"intent": "escalate"}, ("critical", "urgent", True)),
        ("delay", {"details": {"perishable": "true"}}, ("major", "high", False)),
    ],
)
async def test_what_it_is_about_says_how_grave_and_how_urgent_it_is(
    house: House, kind: str, more: dict[str, Any], expected: tuple[str, str, bool]
) -> None:
    async with house.db.transaction() as session:
        assert await judge(session, kind, **more) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("999元", ("normal", "high", False)),
        ("1000元", ("major", "high", False)),
        ("2999元", ("major", "high", False)),
        ("3000元", ("major", "urgent", True)),
        ("10,000", ("critical", "urgent", True)),
    ],
)
async def test_a_broken_thing_is_as_grave_as_it_was_dear(
    house: House, value: str, expected: tuple[str, str, bool]
) -> None:
    async with house.db.transaction() as session:
        assert await judge(session, "damage", details={"declared_value": value}) == expected


@pytest.mark.parametrize(
    ("kind", "vip", "urgent", "priority"),
    [
        ("damage", True, False, "urgent"),
        ("damage", False, True, "urgent"),
        ("invoice", True, False, "high"),
        ("invoice", False, True, "high"),
        ("delay", True, True, "high"),
        ("invoice", False, False, "low"),
    ],
)
async def test_important_customers_and_haste_raise_the_urgency(
    house: House, kind: str, vip: bool, urgent: bool, priority: str
) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session, kind, vip=vip, urgent=urgent)
    assert (ticket.priority, ticket.vip) == (priority, vip)
    assert ticket.details == ({"urgent": "true"} if urgent else {})


async def test_the_fourth_ticket_about_one_parcel_is_flagged(house: House) -> None:
    async with house.db.transaction() as session:
        flags = []
        for kind in ("delay", "urge", "invoice", "reschedule"):
            flags.append((await opened(session, kind)).red_flag)
            await session.flush()
        elsewhere = await opened(session, "delay", waybill_no=OTHER_WAYBILL)
    assert flags == [False, False, False, True]
    assert not elsewhere.red_flag


async def test_tickets_that_are_closed_count_as_well(house: House) -> None:
    async with house.db.transaction() as session:
        for _ in range(3):
            await finish(session, await opened(session, "invoice", anew=True))
        fourth = await opened(session, "invoice", anew=True)
    assert (fourth.red_flag, fourth.priority) == (True, "high")


async def test_both_decisions_are_kept_with_the_number_of_the_ticket(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session, details={"declared_value": "3500"})
    async with house.db.transaction() as session:
        asked = select(RuleEvaluation).where(RuleEvaluation.subject == ticket.ticket_no)
        kept = {each.table_name: each for each in (await session.scalars(asked)).all()}
    assert kept["severity"].outputs == [{"severity": ticket.severity}]
    assert kept["priority"].outputs[0]["priority"] == ticket.priority == "urgent"
    assert kept["priority"].facts["severity"] == ticket.severity


async def test_a_kind_nobody_knows_opens_nothing(house: House) -> None:
    async with house.db.transaction() as session:
        with pytest.raises(UnknownTicketKind):
            await opened(session, "holiday")
        assert (await session.scalars(select(Ticket))).all() == []


async def test_what_is_about_a_parcel_names_it(house: House) -> None:
    needs = {name for name, kind in ticket_kinds().items() if kind.needs_parcel}
    refused = set()
    async with house.db.transaction() as session:
        for name in ticket_kinds():
            try:
                await opened(session, name, waybill_no=None, cause=name)
            except WaybillMissing as error:
                refused.add(error.facts["kind"])
    assert refused == needs


async def test_the_province_is_that_of_the_address(house: House) -> None:
    async with house.db.transaction() as session:
        there = await opened(session, "pickup", details={"address": "广东省深圳市南山区科技路1号"})
        nowhere = await opened(session, "reschedule", details={"address": "科技路1号"})
    assert (there.region, nowhere.region) == ("广东省", None)


async def scanned(session: AsyncSession, place: str) -> None:
    """Let a courier have the parcel at a place."""
    now = clock.now()
    status = ShipmentStatus.OUT_FOR_DELIVERY
    scan = TrackingEvent(happened_at=now, place=place, status=status, text="派件中")
    seen = TrackingResult(WAYBILL, "YTO", status, (scan,), None, None, "kdniao", now)
    await shipments.record(session, seen, now)


async def test_without_an_address_the_province_is_that_the_parcel_goes_to(house: House) -> None:
    async with house.db.transaction() as session:
        await scanned(session, "深圳市")
        asked = await opened(session, "delay")
        named = await opened(session, "reschedule", details={"address": "杭州市西湖区1号"})
    assert (asked.region, named.region) == ("广东省", "浙江省")


async def test_a_ticket_about_a_marked_parcel_is_of_an_important_customer(house: House) -> None:
    async with house.db.transaction() as session:
        before = await opened(session, "delay")
        await shipments.register(session, WAYBILL, "YTO", frozenset(), clock.now(), vip=True)
        after = await opened(session)
    assert (before.vip, after.vip) == (False, True)
    assert after.priority == Priority.URGENT


async def test_the_parcel_is_frozen_as_it_was(house: House) -> None:
    async with house.db.transaction() as session:
        await shipments.register(session, WAYBILL, "YTO", frozenset(), clock.now())
        ticket = await opened(session)
        await shipments.register(session, WAYBILL, "SF", frozenset(), clock.now())
    assert (ticket.carrier_code, ticket.snapshot["carrier_code"]) == ("YTO", "YTO")
    assert ticket.snapshot["waybill_no"] == WAYBILL


async def test_a_ticket_starts_with_the_process_in_force(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session, "damage")
        process = await workflow.process_for_kind(session, "damage")
        rows = await repository.open_steps(session, ticket.id)
    assert (ticket.process_id, ticket.process_version) == (process.id, process.version)
    assert [(row.step, row.done_at) for row in rows] == [("accept", None)]
    drawn = process.step("accept")
    assert drawn is not None
    assert (rows[0].label, rows[0].role, rows[0].form) == (drawn.label, drawn.role, drawn.form)


async def test_the_day_of_a_number_is_that_of_shanghai(house: House) -> None:
    late = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    async with house.db.transaction() as session:
        ticket = await opened(session, now=late)
        same_day = await opened(session, "delay", now=datetime(2026, 11, 22, 15, 59, tzinfo=UTC))
    assert ticket.ticket_no == "T20261123000001"
    assert same_day.ticket_no == "T20261122000001"


async def test_the_same_cause_opens_one_ticket(house: House) -> None:
    wish = Complaint(
        kind="invoice", waybill_no=None, description="开票", by="assistant", cause="m1"
    )
    async with house.db.transaction() as session:
        first = await tickets.file_complaint(session, wish, clock.now())
        again = await tickets.file_complaint(session, wish, clock.now())
        lines = await history(session, first.ticket)
    assert (first.outcome, again.outcome) == ("opened", "opened")
    assert again.ticket.ticket_no == first.ticket.ticket_no
    assert [each.what for each in lines if each.cause == "m1"] == ["opened"]
    assert again.entered is None


async def test_joining_adds_new_words_once_and_keeps_their_order(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session, words=("杯子碎了", "很急"))
        joined = await opened(session, words=("很急", "盘子也碎了", "盘子也碎了"))
    assert joined.ticket_no == ticket.ticket_no
    assert joined.words == ["杯子碎了", "很急", "盘子也碎了"]


async def test_joining_in_haste_raises_the_priority_and_says_so(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session, "delay")
        assert ticket.priority == "normal"
        await opened(session, "delay", urgent=True)
        told = [each.facts for each in await history(session, ticket) if each.what == "priority"]
    assert ticket.priority == "high"
    assert told == [{"before": "normal", "after": "high"}]


async def test_joining_never_lowers_the_priority(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session, "damage", vip=True)
        await opened(session, "damage", urgent=True)
        await opened(session, "damage")
        lines = await history(session, ticket)
    assert ticket.priority == Priority.URGENT
    assert [each.what for each in lines if each.what == "priority"] == []


async def test_joining_changes_neither_the_parcel_nor_when_it_was_opened(house: House) -> None:
    then, later = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
    async with house.db.transaction() as session:
        ticket = await opened(session, now=then)
        frozen = dict(ticket.snapshot)
        await shipments.register(session, WAYBILL, "YTO", frozenset(), later)
        await opened(session, now=later)
    assert (ticket.opened_at, ticket.updated_at) == (then, later)
    assert ticket.snapshot == frozen
