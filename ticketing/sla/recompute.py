"""The job that sets running clocks anew when policies or calendars have changed."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.sla import repository, service
from ticketing.sla.configuration import configuration, forget_configuration

JOB = service.RECOMPUTE
BATCH = 200


async def recompute(db: Database, clock: Clock, batch: int = BATCH, **_args: Any) -> None:
    """Set every running clock anew, so many tickets in a transaction; may be run again."""
    async with db.transaction() as session:
        forget_configuration(session)
    after = uuid.UUID(int=0)
    while (last := await _one_batch(db, after, batch, clock())) is not None:
        after = last


async def _one_batch(db: Database, after: uuid.UUID, batch: int, now: datetime) -> uuid.UUID | None:
    """Set the clocks of the next tickets; return the last of them."""
    async with db.transaction() as session:
        config = await configuration(session)
        tickets = await repository.timed_tickets(session, after, batch)
        ids = tuple(ticket.id for ticket in tickets)
        known = await repository.running_clocks(session, ids)
        running = _by_ticket(known)
        pauses = _by_ticket(await repository.pauses_of(session, ids))
        step_ids = {clock.step_id for clock in known if clock.step_id}
        rows = _by_ticket(await repository.steps_by_id(session, step_ids))
        for ticket in tickets:
            own = {row.id: row for row in rows[ticket.id]}
            service.retime_all(config, ticket, running[ticket.id], pauses[ticket.id], own, now=now)
        return ids[-1] if ids else None


def _by_ticket[Row: Any](rows: Iterable[Row]) -> dict[uuid.UUID, list[Row]]:
    sorted_out: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for row in rows:
        sorted_out[row.ticket_id].append(row)
    return sorted_out
