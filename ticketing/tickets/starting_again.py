"""A closed ticket's process begins once more."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.facts import announce
from ticketing.tickets import indexing, merging_sql, steps
from ticketing.tickets.events import TicketReopened
from ticketing.tickets.facts import facts_of
from ticketing.tickets.history import Line, record
from ticketing.tickets.kinds import ticket_kind
from ticketing.tickets.links import tie
from ticketing.tickets.models import Ticket
from ticketing.workflow import machine

REOPENED = "reopened"


@dataclass(frozen=True, kw_only=True)
class Again:
    """Who wants a ticket worked on again, and why; a `cause` makes the same wish a single one."""

    reason: str
    by: str
    cause: str | None = None
    conversation_id: uuid.UUID | None = None
    """The chat that is answered by whoever asks; nobody else need tell it."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What the history says beside the reason."""


def is_recent(ticket: Ticket, now: datetime) -> bool:
    """Tell whether a ticket is open, or was closed no longer ago than its kind may be reopened."""
    allowed = timedelta(days=ticket_kind(ticket.kind).reopen_days)
    return ticket.closed_at is None or now - ticket.closed_at <= allowed


async def may_start_again(session: AsyncSession, ticket: Ticket, now: datetime) -> bool:
    """Tell whether a ticket is closed, but neither merged nor withdrawn nor closed too long ago."""
    if ticket.merged_into is not None or ticket.closed_at is None or not is_recent(ticket, now):
        return False
    return not await merging_sql.has_line(session, ticket.id, steps.WITHDRAWN)


async def start_again(session: AsyncSession, ticket: Ticket, again: Again, now: datetime) -> None:
    """Open a locked ticket again, from the first step of the process it was started with."""
    process = await steps.process_of(session, ticket)
    ticket.closed_at = ticket.resolved_at = None
    ticket.reopened_count += 1
    ticket.state = "open"
    run = machine.start(process, facts_of(ticket))
    ticket.run, ticket.state = run.to_dict(), str(run.state_category)
    drawn = [process.step(name) for name in machine.progress(process, run).current]
    entered = [steps.enter(ticket, step, now) for step in drawn if step]
    session.add_all(entered)
    told = {**again.facts, "reason": again.reason}
    change = record(session, ticket, Line(REOPENED, again.by, told, again.cause), now)
    await session.flush()
    await indexing.index(session, ticket, again.reason)
    fact = TicketReopened(
        at=now,
        ticket_id=ticket.id,
        ticket_no=ticket.ticket_no,
        change_id=change.id,
        reason=again.reason,
        entered=tuple(row.id for row in entered),
        conversation_id=again.conversation_id,
    )
    await announce(session, fact)


async def follow(
    session: AsyncSession, new: Ticket, old: Ticket, again: Again, now: datetime
) -> None:
    """Say of a ticket that a closed one has caused it, in both histories; both are locked."""
    if await tie(session, new, old, "caused_by", by=again.by, now=now):
        caused = {"ticket_no": new.ticket_no, "reason": again.reason}
        record(session, old, Line("caused", again.by, caused), now)
        told = {"ticket_no": old.ticket_no, "relation": "caused_by"}
        record(session, new, Line("linked", again.by, told), now)
