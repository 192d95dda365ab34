"""The people who work here are told: who, how loudly, and each thing once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.ticketing.notifications.conftest import PostRoom
from tests.ticketing.tickets.desk import opened
from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.kernel.facts import announce
from ticketing.notifications import staff
from ticketing.notifications.models import StaffNoticeRow
from ticketing.notifications.staff import StaffNotice
from ticketing.routing.models import Team
from ticketing.sla.events import SlaBreached, SlaWarned
from ticketing.tickets import steps
from ticketing.tickets.events import TicketAssigned
from ticketing.tickets.models import Ticket

BREACH = StaffNotice(
    event="sla_breached",
    ticket_no="T1",
    title="工单 T1 首次响应已超时",
    text="应于 11月23日 10:00 前完成",
    dedupe_key="sla_breached:7:1",
    assignee="anna",
    queue="claims",
    level=1,
)


async def add_people(room: PostRoom) -> None:
    """Anna, her lead Leo of the claims team, and Mona who manages."""
    people = {"ada": Role.ADMIN, "anna": Role.AGENT, "leo": Role.LEAD, "mona": Role.MANAGER}
    async with room.house.db.transaction() as session:
        for name, role in people.items():
            await accounts.put_person(session, name, "correct horse", role, room.hands.at)
        await session.flush()
        session.add(Team(name="claims", label="理赔组", lead="leo"))


async def tell(room: PostRoom, **changes: Any) -> None:
    """Notify of the breach, changed as a test wants it."""
    wanted = {**{f: getattr(BREACH, f) for f in BREACH.__dataclass_fields__}, **changes}
    async with room.house.db.transaction() as session:
        await staff.notify(session, StaffNotice(**wanted), room.hands.at)


async def inboxes(room: PostRoom) -> list[tuple[str, str]]:
    """Whose inbox holds a notice of which level's title."""
    return [(row.username, row.title) for row in await notices(room)]


async def notices(room: PostRoom) -> Sequence[StaffNoticeRow]:
    """Every notice in the house."""
    async with room.house.db.transaction() as session:
        wanted = select(StaffNoticeRow).order_by(StaffNoticeRow.username, StaffNoticeRow.id)
        return (await session.scalars(wanted)).all()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"to": ("assignee",)}, ["anna"]),
        ({"to": ("assignee", "lead")}, ["anna", "leo"]),
        ({"to": ("lead",)}, ["leo"]),
        ({"to": ("manager",)}, ["mona"]),
        ({"to": ("queue",)}, []),
        ({"to": ("assignee",), "assignee": None}, ["leo"]),
        ({"to": ("assignee",), "assignee": None, "level": 0, "queue": "finance"}, []),
        ({"to": ("lead",), "queue": "finance"}, ["mona"]),
        ({"to": ("assignee",), "assignee": None, "queue": "finance"}, ["mona"]),
    ],
)
async def test_a_notice_reaches_its_people_or_those_who_stand_in(
    room: PostRoom, changes: dict[str, Any], told: list[str]
) -> None:
    await add_people(room)
    await tell(room, **changes)
    assert [username for username, _ in await inboxes(room)] == told


async def test_where_nobody_manages_an_admin_is_told(room: PostRoom) -> None:
    async with room.house.db.transaction() as session:
        await accounts.put_person(session, "ada", "correct horse", Role.ADMIN, room.hands.at)
    await tell(room, to=("manager",))
    assert [username for username, _ in await inboxes(room)] == ["ada"]


async def test_the_same_fact_is_in_an_inbox_once(room: PostRoom) -> None:
    await add_people(room)
    await tell(room)
    await tell(room)
    await tell(room, dedupe_key="sla_breached:7:2")
    assert [username for username, _ in await inboxes(room)] == ["anna", "anna"]


async def test_a_notice_masks_the_people_it_speaks_of(room: PostRoom) -> None:
    await tell(room, text="请联系收件人：王小明，13812345678")
    [row] = await notices(room)
    assert "13812345678" not in row.text
    assert "王小明" not in row.text


async def test_without_a_rule_nothing_leaves_the_house(room: PostRoom) -> None:
    await tell(room)
    assert list(await room.rows()) == []


@pytest.mark.parametrize(
    ("channel", "recipient", "more", "expected"),
    [
        ("dingtalk", "queue", {}, "robot:claims"),
        ("wecom_robot", "queue", {}, "robot:claims"),
        ("email", "assignee", {}, "person:anna"),
        ("email", "addressee", {}, "person:anna"),
        ("sms", "lead", {}, "person:leo"),
        ("email", "contact", {"contact": "值班室"}, "contact:值班室"),
    ],
)
async def test_a_rule_sends_a_notice_to_whom_it_names(
    room: PostRoom, channel: str, recipient: str, more: dict[str, Any], expected: str
) -> None:
    await add_people(room)
    await room.route("sla_breached", channel, recipient, **more)
    await tell(room)
    row = await room.row()
    assert (row.channel, row.recipient, row.event) == (channel, expected, "sla_breached")


async def test_a_rule_about_somebody_there_is_not_sends_nothing(room: PostRoom) -> None:
    await room.route("sla_breached", "email", "assignee")
    await tell(room, assignee=None, queue=None)
    assert list(await room.rows()) == []


async def test_rules_are_for_an_event_a_level_and_while_they_are_active(room: PostRoom) -> None:
    await room.route("sla_warned", "dingtalk", "queue")
    await room.route("sla_breached", "dingtalk", "queue", min_level=2)
    await room.route("sla_breached", "wecom_robot", "queue", is_active=False)
    await room.route("*", "email", "contact", contact="archive")
    await tell(room)
    assert [row.recipient for row in await room.rows()] == ["contact:archive"]
    await tell(room, level=2, dedupe_key="later")
    assert sorted(row.recipient for row in await room.rows())[2:] == ["robot:claims"]


async def test_a_rule_may_wait_first(room: PostRoom) -> None:
    await room.route("sla_breached", "dingtalk", "queue", delay_seconds=600)
    await tell(room)
    assert (await room.row()).next_at == room.hands.at + timedelta(minutes=10)


async def test_two_rules_for_the_same_recipient_send_once(room: PostRoom) -> None:
    await room.route("sla_breached", "dingtalk", "queue")
    await room.route("*", "dingtalk", "queue")
    await tell(room)
    await room.work()
    assert len(room.arrived("dingtalk")) == 1


async def test_an_escalation_is_sent_at_night(room: PostRoom) -> None:
    room.hands.forward(hours=14)
    await room.route("sla_breached", "dingtalk", "queue")
    await tell(room)
    await tell(room, level=2, dedupe_key="escalated")
    await room.work()
    assert len(room.arrived("dingtalk")) == 1


async def test_what_a_customer_wrote_cannot_call_the_whole_group(room: PostRoom) -> None:
    await room.route("sla_breached", "wecom_robot", "queue")
    await tell(room, title="<@all> [点我](http://evil.example)")
    await room.work()
    [message] = room.arrived("wecom_robot")
    assert "<@all>" not in message.text
    assert "](http" not in message.text


async def _announce(room: PostRoom, fact: Any) -> None:
    async with room.house.db.transaction() as session:
        await announce(session, fact)


async def a_ticket(room: PostRoom) -> Ticket:
    """An open ticket, before which nobody had been told anything."""
    async with room.house.db.transaction() as session:
        return await opened(session, now=room.hands.at)


def of_clock(room: PostRoom, ticket: Ticket, **more: Any) -> dict[str, Any]:
    """What every fact of a clock carries."""
    return {
        "at": room.hands.at,
        "ticket_id": ticket.id,
        "ticket_no": ticket.ticket_no,
        "clock_id": 7,
        "clock": "first_response",
        "audience": "staff",
        "step_id": None,
        "due_at": room.hands.at,
        "assignee": "anna",
        "queue": "claims",
        "level": 1,
        "to": "assignee",
        **more,
    }


async def test_a_warning_and_a_breach_reach_the_assignee_and_a_late_one_the_lead(
    room: PostRoom,
) -> None:
    await add_people(room)
    ticket = await a_ticket(room)
    await _announce(room, SlaWarned(**of_clock(room, ticket, level=0)))
    await _announce(room, SlaBreached(**of_clock(room, ticket)))
    await _announce(room, SlaBreached(**of_clock(room, ticket, level=2, to="lead")))
    told = [row for row in await inboxes(room) if "首次响应" in row[1]]
    assert told == [
        ("anna", f"工单 {ticket.ticket_no} 首次响应即将超时"),
        ("anna", f"工单 {ticket.ticket_no} 首次响应已超时"),
        ("leo", f"工单 {ticket.ticket_no} 首次响应已超时（升级）"),
    ]


async def test_the_same_breach_told_twice_is_one_notice_and_one_message(room: PostRoom) -> None:
    await room.route("sla_breached", "dingtalk", "queue")
    ticket = await a_ticket(room)
    for _ in range(2):
        await _announce(room, SlaBreached(**of_clock(room, ticket)))
    await room.work()
    assert len([row for row in await inboxes(room) if "首次响应" in row[1]]) == 1
    assert len(room.arrived("dingtalk")) == 1


async def test_who_is_given_a_step_is_told_and_who_takes_one_is_not(room: PostRoom) -> None:
    await add_people(room)
    ticket = await a_ticket(room)
    async with room.house.db.transaction() as session:
        [step, *_] = await steps.open_steps(session, ticket.id)
    given: dict[str, Any] = {
        "ticket_id": ticket.id,
        "step_id": step.id,
        "queue": "claims",
        "before": None,
        "why": "轮到",
    }
    before = len(await notices(room))
    await _announce(room, TicketAssigned(at=room.hands.at, assignee="anna", by="anna", **given))
    assert len(await notices(room)) == before
    await _announce(room, TicketAssigned(at=room.hands.at, assignee="anna", by="routing", **given))
    told = (await notices(room))[-1]
    assert (told.username, told.event, told.ticket_no) == (
        "anna",
        "ticket_assigned",
        ticket.ticket_no,
    )
