"""What the tables advise for a ticket now: what may be paid, and what to say; nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.rules import service as rules
from ticketing.rules.table import decide_table
from ticketing.tickets.facts import facts_of
from ticketing.tickets.models import Ticket
from ticketing.tickets.steps import open_steps

_HOUR = 3600


@dataclass(frozen=True)
class Advice:
    """The usual compensation (`amount`, `cap`, `basis`, `approval_role`) and talking points."""

    compensation: dict[str, Any]
    talking_points: list[str]


async def advice(session: AsyncSession, ticket: Ticket, now: datetime) -> Advice:
    """Return what the tables in force advise for a ticket as it stands."""
    steps = await open_steps(session, ticket.id)
    newest = steps[-1] if steps else None
    facts = {
        **facts_of(ticket),
        "hours_open": (now - ticket.opened_at).total_seconds() / _HOUR,
        "step": newest.step if newest else None,
        "assignee_role": newest.role if newest else None,
    }
    usual = decide_table(await rules.table_in_force(session, "compensation"), facts).outputs
    words = decide_table(await rules.table_in_force(session, "talking_points"), facts).outputs
    return Advice(dict(usual[0]) if usual else {}, [str(each["text"]) for each in words])
