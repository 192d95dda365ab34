"""Facts that sla announces."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from ticketing.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class SlaFact(Fact):
    """Something a clock did.

    `clock` is claim, first_response, step, solution or confirmation; `audience` is `customer`
    for the promise they were given. `assignee` and `queue` are those of the step, or of the
    ticket where the whole of it is timed.
    """

    ticket_id: uuid.UUID
    ticket_no: str
    clock_id: int
    clock: str
    audience: str
    step_id: int | None
    due_at: datetime
    assignee: str | None
    queue: str | None
    level: int
    to: str
    """Whom to tell: assignee, lead or manager."""


@dataclass(frozen=True, kw_only=True)
class SlaWarned(SlaFact):
    """A time limit will run out soon; `level` is 0."""


@dataclass(frozen=True, kw_only=True)
class SlaBreached(SlaFact):
    """A time limit has run out (`level` 1), or did so a while ago (`level` 2 and above)."""
