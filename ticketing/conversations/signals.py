"""Saying that a conversation has something new, to every process that listens."""

from __future__ import annotations

import json
import uuid
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

CHANNEL = "yiwen_messages"
"""The PostgreSQL channel that carries the id of a conversation with something new."""
HINTS = "yiwen_hints"
"""The channel of what is gone a moment later: JSON objects with a `kind`."""

_HINT = text(f"SELECT pg_notify('{HINTS}', :payload)")
_SIGNAL = text(f"SELECT pg_notify('{CHANNEL}', CAST(:id AS text))")


async def signal(session: AsyncSession, conversation_id: uuid.UUID) -> None:
    """Say, once this transaction is through, that a conversation has something new."""
    await session.execute(_SIGNAL, {"id": conversation_id})


async def hint(session: AsyncSession, kind: str, **told: Any) -> None:
    """Say something that nobody misses who was not there: that somebody types, a banner.

    All of it is to be shorter than 8,000 bytes.
    """
    payload = json.dumps({"kind": kind, **told}, ensure_ascii=False, default=str)
    await session.execute(_HINT, {"payload": payload})
