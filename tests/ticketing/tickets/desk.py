"""Tickets made and looked at without going through a door, for tests of their verbs."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tests.support.filling import filled
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.kernel import clock
from ticketing.kernel.db import LISTENERS
from ticketing.kernel.facts import Fact
from ticketing.tickets import lookup, repository, steps
from ticketing.tickets import service as tickets
from ticketing.tickets.models import Ticket, TicketChange, TicketConversation
from ticketing.tickets.service import Complaint
from ticketing.tickets.steps import Doing
from ticketing.workflow.machine import RunState, progress

WAYBILL, OTHER_WAYBILL = "YT2700000000001", "YT2700000000002"


async def opened(
    session: AsyncSession, kind: str = "damage", now: datetime | None = None, **more: Any
) -> Ticket:
    """Open a ticket about `WAYBILL`, or join the open one."""
    words = more.pop("words", ("杯子碎了",))
    given = {"waybill_no": WAYBILL, "description": words[0], "words": words, "by": "anna", **more}
    filed = await tickets.file_complaint(session, Complaint(kind=kind, **given), now or clock.now())
    return filed.ticket


async def chat(session: AsyncSession, key: str) -> uuid.UUID:
    """Return the conversation of a customer, begun if need be."""
    found = await conversations.open_conversation(session, "rest", f"demo/{key}", clock.now())
    return found.id


async def hears(
    session: AsyncSession, ticket: Ticket, who: uuid.UUID, *, opener: bool = False
) -> None:
    """Let a conversation hear of a ticket: as its opener, or because it has shown the digits."""
    row = TicketConversation(
        ticket_id=ticket.id,
        conversation_id=who,
        is_opener=opener,
        proven=not opener,
        joined_at=clock.now(),
    )
    await repository.link(session, row)


async def finish(session: AsyncSession, ticket: Ticket, now: datetime | None = None) -> Ticket:
    """Complete whatever is to be done until a ticket is closed."""
    for _ in range(30):
        if ticket.state == "closed":
            return ticket
        process = await steps.process_of(session, ticket)
        name = progress(process, RunState.from_dict(ticket.run)).current[0]
        step = process.step(name)
        data = filled(step.form) if step and step.form else {}
        doing = Doing(by="anna", data=data)
        await steps.complete_step(session, ticket.ticket_no, name, doing, now or clock.now())
    raise AssertionError(f"{ticket.kind} never ends")


async def history(session: AsyncSession, ticket: Ticket) -> Sequence[TicketChange]:
    """Return the lines of a ticket's history."""
    await session.flush()
    return await repository.changes(session, ticket.id)


async def again(session: AsyncSession, ticket: Ticket) -> Ticket:
    """Return a ticket as another transaction sees it."""
    return await lookup.ticket_by_no(session, ticket.ticket_no)


@asynccontextmanager
async def listening(house: House) -> AsyncIterator[tuple[AsyncSession, list[Fact]]]:
    """Yield a session and the list of the facts that are announced in it, beside the listeners."""
    async with house.db.transaction() as session:
        heard: list[Fact] = []
        real = session.info[LISTENERS]
        session.info[LISTENERS] = _Overhearing(real, heard)
        try:
            yield session, heard
        finally:
            session.info[LISTENERS] = real


class _Overhearing(dict[type[Fact], Any]):
    """The house's listeners, and before them one that keeps what it hears."""

    def __init__(self, listeners: Any, heard: list[Fact]) -> None:
        super().__init__(listeners)
        self._heard = heard

    def get(self, kind: type[Fact], default: Any = ()) -> Any:
        async def keep(fact: Fact, _session: AsyncSession) -> None:
            self._heard.append(fact)

        return (keep, *super().get(kind, default))
