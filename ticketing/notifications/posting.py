"""Putting something into the post: a row and its job, in the transaction that causes it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel import jobs
from ticketing.kernel.ids import new_id
from ticketing.notifications import ledger, timing
from ticketing.notifications.manners import MANNERS, Channel, State

JOB = "deliver_message"


@dataclass(frozen=True, kw_only=True)
class Item:
    """A message for the post; `fact` and `recipient` together are said once on a channel."""

    channel: Channel
    recipient: str
    fact: str
    event: str
    template: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    ticket_no: str | None = None
    level: int = 0
    urgent: bool = False
    not_before: datetime | None = None

    def row(self, now: datetime) -> dict[str, Any]:
        """Return the row this becomes."""
        manner = MANNERS[self.channel]
        due = timing.first_try(manner, level=self.level, urgent=self.urgent, now=now)
        due = max(due, self.not_before or due)
        morning = timing.held_until(manner, urgent=self.urgent, now=due)
        return {
            "id": new_id(),
            "channel": str(self.channel),
            "recipient": self.recipient,
            "dedupe_key": f"{self.fact}>{self.recipient}",
            "event": self.event,
            "ticket_no": self.ticket_no,
            "template": self.template,
            "variables": dict(self.variables),
            "level": self.level,
            "urgent": self.urgent,
            "state": str(State.HELD if morning else State.QUEUED),
            "next_at": morning or due,
            "created_at": now,
            "updated_at": now,
        }


async def post(session: AsyncSession, items: Sequence[Item], now: datetime) -> int:
    """Put messages into the post, each once; return how many were new."""
    if not items:
        return 0
    # What waits to be written has nothing to do with it, and goes in fewer statements later.
    with session.no_autoflush:
        made = await ledger.add(session, [item.row(now) for item in items])
        for delivery_id, due in made:
            await again(session, delivery_id, due)
    return len(made)


async def again(session: AsyncSession, delivery_id: uuid.UUID, at: datetime) -> None:
    """Have a delivery looked at (again) at a time."""
    await jobs.defer(session, JOB, {"delivery_id": str(delivery_id)}, at=at)
