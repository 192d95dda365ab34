"""Tickets made by hand, whose facts are announced to the clocks and to nobody else."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.sla.days import shanghai
from ticketing.kernel.db import Database
from ticketing.kernel.facts import Fact, Listener, announce
from ticketing.kernel.ids import new_id
from ticketing.sla import clocks, listeners
from ticketing.sla.events import SlaBreached, SlaFact, SlaWarned
from ticketing.sla.models import SlaClock, SlaPause
from ticketing.tickets import events
from ticketing.tickets.models import Ticket, TicketStep
from ticketing.workflow import machine
from ticketing.workflow.definitions import shipped

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TEN = shanghai("2026-11-19 10:00")
"""A Thursday morning."""

OWN: Mapping[type[Any], tuple[Listener, ...]] = {
    events.TicketOpened: (listeners.start_the_clocks,),
    events.TicketReopened: (listeners.start_the_clocks,),
    events.TicketMovedOn: (listeners.move_the_clocks,),
    events.TicketAssigned: (listeners.stop_the_claim,),
    events.TicketResponded: (listeners.stop_the_first_response,),
    events.TicketResolved: (listeners.stop_the_solution,),
    events.TicketClosed: (listeners.stop_every_clock,),
    events.TicketPriorityChanged: (listeners.set_anew,),
}


@dataclass
class Stage:
    """A database, and what was heard of its clocks."""

    db: Database
    listeners: dict[type[Any], tuple[Listener, ...]]
    heard: list[SlaFact] = field(default_factory=list)

    async def open(self, now: datetime = TEN, **changes: Any) -> Ticket:
        """Open a ticket with one step of the customer service, or those given as `steps`."""
        drawn = changes.pop("steps", ({"step": "intake"},))
        async with self.db.transaction() as session:
            ticket = _ticket(now, **changes)
            rows = [_step(ticket, now, **each) for each in drawn]
            session.add(ticket)
            await session.flush()
            session.add_all(rows)
            await session.flush()
            fact = events.TicketOpened(
                at=now,
                ticket_id=ticket.id,
                ticket_no=ticket.ticket_no,
                change_id=1,
                entered=tuple(row.id for row in rows),
            )
            await announce(session, fact)
        return ticket

    async def move(
        self, ticket: Ticket, now: datetime, *, state: str = "open", **entered: Any
    ) -> Ticket:
        """Leave every open step and enter another one, if any is described."""
        async with self.db.transaction() as session:
            kept = await session.get_one(Ticket, ticket.id)
            was, kept.state = kept.state, state
            left = [row for row in await rows_of(session, ticket) if row.done_at is None]
            for row in left:
                row.done_at = now
            new = [_step(kept, now, **entered)] if entered else []
            session.add_all(new)
            await session.flush()
            fact = events.TicketMovedOn(
                at=now,
                ticket_id=ticket.id,
                change_id=1,
                step_done="",
                announcement="",
                left=tuple(row.id for row in left),
                entered=tuple(row.id for row in new),
            )
            await announce(session, fact)
            if state == "resolved" != was:
                await announce(session, events.TicketResolved(at=now, ticket_id=ticket.id))
            if state == "closed":
                await announce(session, _closed(kept, now))
        return kept

    async def assign(
        self, ticket: Ticket, now: datetime, *, assignee: str | None, queue: str | None = None
    ) -> None:
        """Give the newest step to a queue and a person."""
        async with self.db.transaction() as session:
            kept = await session.get_one(Ticket, ticket.id)
            row = (await rows_of(session, ticket))[-1]
            before, row.assignee, row.queue = row.assignee, assignee, queue
            kept.assignee, kept.queue = assignee, queue
            fact = events.TicketAssigned(
                at=now,
                ticket_id=ticket.id,
                step_id=row.id,
                queue=queue,
                assignee=assignee,
                before=before,
                by="system",
                why="",
            )
            await announce(session, fact)

    async def announce(self, fact: Fact) -> None:
        """Announce a fact in a transaction of its own."""
        async with self.db.transaction() as session:
            await announce(session, fact)

    async def clocks(self, ticket: Ticket) -> dict[str, SlaClock]:
        """The newest clock of each name; the customer's is called `promise`."""
        async with self.db.transaction() as session:
            found = await session.scalars(
                select(SlaClock).where(SlaClock.ticket_id == ticket.id).order_by(SlaClock.id)
            )
            return {name_of(clock): clock for clock in found}

    async def running(self, ticket: Ticket) -> set[str]:
        """The names of the clocks that run."""
        return {n for n, clock in (await self.clocks(ticket)).items() if clocks.is_running(clock)}

    async def pauses(self, ticket: Ticket) -> list[tuple[str, datetime, datetime | None]]:
        """The pauses of a ticket, oldest first."""
        async with self.db.transaction() as session:
            found = await session.scalars(
                select(SlaPause).where(SlaPause.ticket_id == ticket.id).order_by(SlaPause.id)
            )
            return [(row.reason, row.started_at, row.ended_at) for row in found]

    async def again(self, ticket: Ticket) -> tuple[Ticket, list[TicketStep]]:
        """The ticket and its steps as they are kept."""
        async with self.db.transaction() as session:
            return await session.get_one(Ticket, ticket.id), await rows_of(session, ticket)

    def listen(self) -> None:
        """Write down what clocks announce."""

        async def hear(fact: SlaFact, _session: AsyncSession) -> None:
            self.heard.append(fact)

        self.listeners.update({SlaWarned: (hear,), SlaBreached: (hear,)})

    def told(self) -> list[tuple[str, int, str]]:
        """What was heard: clock, level and whom to tell."""
        return [(fact.clock, fact.level, fact.to) for fact in self.heard]


def name_of(clock: SlaClock) -> str:
    """What tests call a clock."""
    return "promise" if clock.audience == "customer" else clock.clock


async def rows_of(session: AsyncSession, ticket: Ticket) -> list[TicketStep]:
    """The steps of a ticket, oldest first."""
    found = await session.scalars(
        select(TicketStep).where(TicketStep.ticket_id == ticket.id).order_by(TicketStep.id)
    )
    return list(found)


class Statements:
    """The SQL a database carries out while this is open."""

    def __init__(self, db: Database) -> None:
        self._engine = db.engine.sync_engine
        self.sent: list[str] = []

    def __enter__(self) -> Statements:
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.sent.append(statement)

    def about(self, *words: str) -> list[str]:
        """Those that begin with one of these words."""
        return [each for each in self.sent if each.lstrip().startswith(words)]


def run_after(kind: str, *done: str) -> dict[str, Any]:
    """Where a process stands when these steps are done, as it is kept."""
    process = shipped().for_kind(kind)
    state = machine.start(process, {})
    for step in done:
        state = machine.complete(process, state, step, None, {})
    return state.to_dict()


def _ticket(now: datetime, **changes: Any) -> Ticket:
    kind = changes.get("kind", "damage")
    process = shipped().for_kind(kind)
    plain: Iterable[tuple[str, Any]] = {
        "id": new_id(),
        "ticket_no": f"T{uuid.uuid4().int % 10**14:014}",
        "kind": "damage",
        "description": "碎了",
        "words": [],
        "snapshot": {},
        "process_id": process.id,
        "process_version": process.version,
        "run": run_after(kind),
        "queue": "customer_service",
        "opened_at": now,
        "updated_at": now,
    }.items()
    return Ticket(**{**dict(plain), **changes})


def _step(ticket: Ticket, now: datetime, **changes: Any) -> TicketStep:
    plain = {
        "ticket_id": ticket.id,
        "step": "handle",
        "label": "处理",
        "role": "customer_service",
        "queue": ticket.queue,
        "entered_at": now,
        "data": {},
    }
    return TicketStep(**{**plain, **changes})


def _closed(ticket: Ticket, now: datetime) -> events.TicketClosed:
    return events.TicketClosed(
        at=now, ticket_id=ticket.id, ticket_no=ticket.ticket_no, how="finished"
    )
