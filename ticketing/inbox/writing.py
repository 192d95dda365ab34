"""Who is writing at this moment, told to the other side."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.signals import hint

TYPING = "typing"

_AGAIN = timedelta(seconds=2)


class Patience:
    """Tells that somebody begins or ends to write, and that they still do every two seconds."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, ...], datetime] = {}

    def shall_tell(self, who: tuple[str, ...], *, on: bool, now: datetime) -> bool:
        """Return whether the others are to be told; `who` begins with the connection."""
        told = self._told.get(who)
        if not on:
            return self._told.pop(who, None) is not None
        if told is not None and now - told < _AGAIN:
            return False
        self._told[who] = now
        return True

    def forget(self, sid: str) -> list[tuple[str, ...]]:
        """Forget a connection; return where it was taken to be writing."""
        gone = [who for who in self._told if who[0] == sid]
        for who in gone:
            del self._told[who]
        return gone


async def customer_types(session: AsyncSession, conversation_id: uuid.UUID, *, on: bool) -> None:
    """Tell our people that the customer is writing; what they write is not told."""
    await hint(session, TYPING, conversation_id=conversation_id, who="customer", on=on)


async def agent_types(
    session: AsyncSession, conversation_id: uuid.UUID, by: str, name: str, *, on: bool, holds: bool
) -> None:
    """Tell whoever looks at a conversation that one of us is writing; `holds`: the customer too."""
    told = {"conversation_id": conversation_id, "by": by, "name": name, "holds": holds}
    await hint(session, TYPING, **told, who="agent", on=on)
