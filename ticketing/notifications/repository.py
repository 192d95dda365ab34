"""Every SELECT of notifications."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.notifications.models import OutboxEntry

CHANNEL = "yiwen_messages"
_NOTIFY = text(f"SELECT pg_notify('{CHANNEL}', :conversation_id)")


async def claim(
    session: AsyncSession, key: str, conversation_id: uuid.UUID, seq: int, now: datetime
) -> bool:
    """Write an entry; return false when its cause has spoken already."""
    found = await session.execute(
        insert(OutboxEntry)
        .values(key=key, conversation_id=conversation_id, seq=seq, created_at=now)
        .on_conflict_do_nothing()
        .returning(OutboxEntry.key)
    )
    return found.first() is not None


async def signal(session: AsyncSession, conversation_id: uuid.UUID) -> None:
    """Tell every `api` process, at commit, that the conversation has something new."""
    await session.execute(_NOTIFY, {"conversation_id": str(conversation_id)})
