"""Banners on the desks of single people, wherever they are connected."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.signals import hint

ALERT = "alert"
_LONGEST = 200

Kind = Literal["transferred", "whisper", "mention", "sla", "breach"]


@dataclass(frozen=True)
class Alert:
    """What somebody should look at: a conversation or a ticket, and why."""

    what: Kind
    text: str
    conversation_id: uuid.UUID | None = None
    ticket_no: str | None = None


async def alert(session: AsyncSession, to: Collection[str], told: Alert) -> None:
    """Show a banner to these people once this transaction is through; nobody is not told."""
    if not to:
        return
    await hint(
        session,
        ALERT,
        to=sorted(to),
        what=told.what,
        text=told.text[:_LONGEST],
        conversation_id=told.conversation_id,
        ticket_no=told.ticket_no,
    )
