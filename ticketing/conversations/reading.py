"""Messages as customers see them: who speaks, what is quoted, nothing of what was retracted."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from channels.messages import OutMessage, Quoted

RETRACTED = "客服撤回了一条消息"
"""What customers read in the place of words that were taken back."""

_SPOKEN = """
SELECT m.seq, m.at, m.author, m.text, m.buttons, m.card, m.external_id, m.retracted_at,
       person.display_name AS agent_name, quoted.seq AS quoted_seq,
       quoted.author AS quoted_author, quoted.text AS quoted_text,
       quoted.retracted_at AS quoted_retracted_at
FROM messages m
LEFT JOIN people person ON person.username = m.said_by
LEFT JOIN messages quoted
    ON quoted.conversation_id = m.conversation_id AND quoted.seq = m.quoted_seq
WHERE m.conversation_id = :id AND
"""
_AFTER = text(f"{_SPOKEN} m.seq > :seq ORDER BY m.seq LIMIT :limit")
_NEWEST_AFTER = text(f"{_SPOKEN} m.seq > :seq ORDER BY m.seq DESC LIMIT :limit")
_ANSWERS = text(f"{_SPOKEN} m.answers_seq = :seq ORDER BY m.seq LIMIT :limit")
_RETRACTED = text(
    "SELECT seq FROM messages"
    " WHERE conversation_id = :id AND retracted_at IS NOT NULL AND seq <= :seq ORDER BY seq"
)
_EVERY = 1000


async def after(
    session: AsyncSession, conversation_id: uuid.UUID, seq: int, limit: int
) -> tuple[OutMessage, ...]:
    """Return up to `limit` messages numbered after `seq`, oldest first."""
    return await _read(session, _AFTER, conversation_id, seq, limit)


async def newest_after(
    session: AsyncSession, conversation_id: uuid.UUID, seq: int, limit: int
) -> tuple[OutMessage, ...]:
    """Return the newest `limit` of the messages after `seq`, oldest first."""
    return (await _read(session, _NEWEST_AFTER, conversation_id, seq, limit))[::-1]


async def answers_to(
    session: AsyncSession, conversation_id: uuid.UUID, seq: int
) -> tuple[OutMessage, ...]:
    """Return what was answered to one message, in order."""
    return await _read(session, _ANSWERS, conversation_id, seq, _EVERY)


async def retracted(session: AsyncSession, conversation_id: uuid.UUID, seq: int) -> Sequence[int]:
    """Return the numbers up to `seq` of what was taken back."""
    return (await session.scalars(_RETRACTED, {"id": conversation_id, "seq": seq})).all()


async def _read(
    session: AsyncSession, statement: Any, conversation_id: uuid.UUID, seq: int, limit: int
) -> tuple[OutMessage, ...]:
    values = {"id": conversation_id, "seq": seq, "limit": limit}
    return tuple(map(_shown, await session.execute(statement, values)))


def _shown(row: Any) -> OutMessage:
    known = {"seq": row.seq, "at": row.at, "author": row.author, "message_id": row.external_id}
    if row.retracted_at is not None:
        return OutMessage(text=RETRACTED, agent_name=row.agent_name, is_retracted=True, **known)
    return OutMessage(
        text=row.text,
        buttons=tuple(row.buttons),
        card=row.card,
        agent_name=row.agent_name,
        quoted=_quoted(row),
        **known,
    )


def _quoted(row: Any) -> Quoted | None:
    if row.quoted_seq is None:
        return None
    words = row.quoted_text if row.quoted_retracted_at is None else RETRACTED
    return Quoted(row.quoted_seq, row.quoted_author, words)
