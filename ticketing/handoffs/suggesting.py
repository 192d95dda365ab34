"""What the bot would have said to messages that people answer."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.handoffs import repository
from ticketing.handoffs.models import BotSuggestion
from ticketing.notifications import service as notifications


async def keep(
    session: AsyncSession, conversation_id: uuid.UUID, seq: int, texts: list[str], *, now: datetime
) -> None:
    """Keep what the bot would have said to a message, and tell who looks at the conversation."""
    if texts:
        await repository.put_suggestion(session, conversation_id, seq, texts, now)
        await notifications.signal(session, conversation_id)


async def suggestions(
    session: AsyncSession, conversation_id: uuid.UUID, limit: int = 3
) -> Sequence[BotSuggestion]:
    """Return what the bot would have said last, the newest first."""
    return await repository.suggestions(session, conversation_id, limit)
