"""What the tables advise for a ticket now: what may be paid, what to say, and by which rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.rules import service as rules
from ticketing.rules.service import Decision
from ticketing.tickets.facts import facts_of
from ticketing.tickets.models import Ticket
from ticketing.tickets.steps import open_steps

_QUARTER = 900
"""Seconds; time passes in quarters of an hour, so that looking twice is one evaluation."""


@dataclass(frozen=True)
class Advice:
    """The usual compensation (`amount`, `cap`, `basis`, `approval_role`) and talking points."""

    compensation: Decision
    talking_points: Decision

    @property
    def words(self) -> list[str]:
        """What to say."""
        return [str(each["text"]) for each in self.talking_points.outputs]


async def advice(session: AsyncSession, ticket: Ticket, now: datetime) -> Advice:
    """Return what the tables in force advise for a ticket as it stands, and keep why.

    Advised again by the same version and facts, nothing new is kept.
    """
    steps = await open_steps(session, ticket.id)
    newest = steps[-1] if steps else None
    facts = {
        **facts_of(ticket),
        "hours_open": (now - ticket.opened_at).total_seconds() // _QUARTER / 4,
        "step": newest.step if newest else None,
        "assignee_role": newest.role if newest else None,
    }
    given = Advice(
        await rules.ask(session, "compensation", facts, now),
        await rules.ask(session, "talking_points", facts, now),
    )
    await rules.keep_new(session, (given.compensation, given.talking_points), ticket.ticket_no)
    return given
