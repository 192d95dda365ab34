"""Which conversations somebody may see: those of their teams' queues, and what is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.tokens import Caller
from ticketing.routing.layout import FALLBACK
from ticketing.routing.scope import scope_of

_STANDING = text("""
SELECT presence.status, presence.lease_until, coalesce((
    SELECT max(chats) FROM team_members m WHERE m.username = :username AND m.active
), 0) AS chats
FROM (SELECT 1) AS always LEFT JOIN presence ON presence.username = :username
""")
OFFLINE = "offline"


@dataclass(frozen=True)
class Reach:
    """What somebody may see; no `queues` means every one of them."""

    username: str
    queues: frozenset[str] | None

    def has_queue(self, queue: str | None) -> bool:
        """Tell whether a queue is theirs; what is in none is the first one's."""
        return self.queues is None or (queue or FALLBACK) in self.queues


@dataclass(frozen=True)
class Standing:
    """What somebody may see, and how they are there."""

    reach: Reach
    status: str
    chats: int
    """How many conversations they may have at once."""


async def standing(session: AsyncSession, caller: Caller, now: datetime) -> Standing:
    """Return what a caller may see and whether they are there, in one statement."""
    row = (await session.execute(_STANDING, {"username": caller.name})).one()
    is_here = row.lease_until is not None and row.lease_until > now
    status = row.status if is_here else OFFLINE
    scope = await scope_of(session, caller)
    return Standing(Reach(caller.name, scope.queues), status, row.chats)
