"""What the worker does every few seconds: take from who is gone, give to who is free."""

from __future__ import annotations

from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.routing.reassignment import hand_out, idle_people, reassign_deserted

ROUNDS = 5


async def look_round(db: Database, clock: Clock) -> None:
    """Reassign what is deserted, then hand out what waits, one step a person and round.

    Any number of processes may do so at once.
    """
    async with db.transaction() as session:
        await reassign_deserted(session, clock())
    for _ in range(ROUNDS):
        if not await _hand_out_once(db, clock):
            return


async def _hand_out_once(db: Database, clock: Clock) -> int:
    async with db.transaction() as session:
        people = await idle_people(session, clock())
    given = 0
    for username in people:
        async with db.transaction() as session:
            given += await hand_out(session, username, clock())
    return given
