"""People at their desks and steps on the table, put there without going through a process."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import func, select, update

from tests.ticketing.people import headers_of
from ticketing.accounts.models import Person
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.ids import new_id
from ticketing.routing import presence
from ticketing.routing.choose import Choice, Status
from ticketing.routing.models import Presence, RoutingLine, TeamMember
from ticketing.routing.service import Occasion, presence_changed, route_step
from ticketing.tickets.models import Ticket, TicketChange, TicketStep
from ticketing.workflow.definitions import shipped

TEAM = "claims"
QUEUE = "claims"
_PROCESS = shipped().for_kind("damage")
_NUMBERS = count(1)


@dataclass(frozen=True)
class Standing:
    """A step of a ticket, by their ids."""

    ticket_id: uuid.UUID
    ticket_no: str
    step_id: int


async def hire(house: House, *usernames: str, role: Role = Role.AGENT, **place: Any) -> None:
    """Let people work in a team; `place`: team, capacity, skills, regions."""
    known = {"team": TEAM, "capacity": 10, "skills": [], "regions": [], **place}
    async with house.db.transaction() as session:
        for username in usernames:
            if await session.get(Person, username) is None:
                session.add(_person(username, role))
                await session.flush()
            session.add(TeamMember(username=username, **known))


async def staff(house: House, username: str, role: Role) -> None:
    """Let somebody work here who is in no team."""
    async with house.db.transaction() as session:
        session.add(_person(username, role))


def _person(username: str, role: Role) -> Person:
    return Person(
        username=username,
        display_name=username.title(),
        role=str(role),
        password_hash="no way in",
        is_active=True,
        created_at=clock.now(),
    )


async def sit_down(house: House, *usernames: str, status: Status = Status.AVAILABLE) -> None:
    """Let people be present; nothing is pulled by that."""
    async with house.db.transaction() as session:
        for username in usernames:
            now = clock.now()
            row = Presence(
                username=username, status=str(status), lease_until=now + presence.LEASE, seen_at=now
            )
            await session.merge(row)
        presence_changed(session)


async def walk_away(house: House, username: str, ago: timedelta) -> None:
    """Let somebody's lease have ended a while ago."""
    async with house.db.transaction() as session:
        lease = update(Presence).where(Presence.username == username)
        await session.execute(lease.values(lease_until=clock.now() - ago))
        presence_changed(session)


async def put_on_the_table(house: House, **known: Any) -> Standing:
    """Add a ticket with one open step; whatever is not said is ordinary."""
    now: datetime = known.pop("now", clock.now())
    of_step = {"role": "claims", "queue": QUEUE, "skill": None, "assignee": None, "due_at": None}
    step = {name: known.pop(name, ordinary) for name, ordinary in of_step.items()}
    number = next(_NUMBERS)
    ticket = Ticket(
        **{
            "id": new_id(),
            "ticket_no": f"T20261122{number:06d}",
            "kind": "damage",
            "priority": "normal",
            "state": "open",
            "waybill_no": f"YT{number:013d}",
            "description": "外箱破了",
            "words": [],
            "details": {},
            "snapshot": {},
            "process_id": _PROCESS.id,
            "process_version": _PROCESS.version,
            "run": {},
            "queue": step["queue"],
            "opened_at": now,
            "updated_at": now,
            **known,
        }
    )
    row = TicketStep(
        ticket_id=ticket.id, step="assess", label="理赔定责", entered_at=now, data={}, **step
    )
    async with house.db.transaction() as session:
        session.add(ticket)
        await session.flush()
        session.add(row)
    return Standing(ticket.id, ticket.ticket_no, row.id)


async def route(house: House, at: Standing, occasion: Occasion | None = None) -> Choice | None:
    """Route a step in a transaction of its own."""
    async with house.db.transaction() as session:
        ticket = await session.get_one(Ticket, at.ticket_id, with_for_update=True)
        step = await session.get_one(TicketStep, at.step_id)
        return await route_step(session, step, ticket, clock.now(), occasion)


async def step_of(house: House, at: Standing) -> TicketStep:
    """Return a step as it is now."""
    async with house.db.transaction() as session:
        return await session.get_one(TicketStep, at.step_id)


async def ticket_of(house: House, at: Standing) -> Ticket:
    """Return a ticket as it is now."""
    async with house.db.transaction() as session:
        return await session.get_one(Ticket, at.ticket_id)


async def lines_of(house: House, at: Standing) -> list[RoutingLine]:
    """Return the routing log of a step, oldest first."""
    async with house.db.transaction() as session:
        query = select(RoutingLine).where(RoutingLine.step_id == at.step_id)
        return list(await session.scalars(query.order_by(RoutingLine.id)))


async def history_of(house: House, at: Standing) -> list[TicketChange]:
    """Return the history of a ticket, oldest first."""
    async with house.db.transaction() as session:
        query = select(TicketChange).where(TicketChange.ticket_id == at.ticket_id)
        return list(await session.scalars(query.order_by(TicketChange.id)))


async def in_hand(house: House) -> Mapping[str, int]:
    """Return how many open steps each person has."""
    async with house.db.transaction() as session:
        query = select(TicketStep.assignee, func.count()).where(
            TicketStep.done_at.is_(None), TicketStep.assignee.is_not(None)
        )
        found = await session.execute(query.group_by(TicketStep.assignee))
        return {str(row[0]): row[1] for row in found}


def headers(house: House, username: str, role: Role = Role.AGENT) -> dict[str, str]:
    """Return what somebody signed in sends along."""
    return headers_of(house, username, role)
