"""Messages as our people see them: retracted words, who said them, what was understood."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from channels.messages import Quoted
from ticketing.desk import repository
from ticketing.desk.repository import Noted

_SEEN = """
SELECT m.seq, m.author, m.said_by, person.display_name AS said_by_name, m.text, m.buttons,
       m.card, m.at, m.retracted_at, m.understood, quoted.seq AS quoted_seq,
       quoted.author AS quoted_author, quoted.text AS quoted_text
FROM messages m
LEFT JOIN people person ON person.username = m.said_by
LEFT JOIN messages quoted
    ON quoted.conversation_id = m.conversation_id AND quoted.seq = m.quoted_seq
WHERE m.conversation_id = :id AND
"""
_BEFORE = text(f"{_SEEN} m.seq < :seq ORDER BY m.seq DESC LIMIT :limit")
_AFTER = text(f"{_SEEN} m.seq > :seq ORDER BY m.seq LIMIT :limit")
_NEWEST_AFTER = text(f"{_SEEN} m.seq > :seq ORDER BY m.seq DESC LIMIT :limit")
_ONE = text(f"{_SEEN} m.seq = :seq LIMIT :limit")
_SAID_FOR = text("SELECT seq FROM messages WHERE conversation_id = :id AND cause = :cause")
_RETRACTED = text(
    "SELECT conversation_id, seq, retracted_at FROM messages"
    " WHERE conversation_id = ANY(CAST(:ids AS uuid[])) AND retracted_at IS NOT NULL ORDER BY seq"
)
_NO_END = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One message with everything our people may know of it."""

    seq: int
    author: str
    said_by: str | None
    said_by_name: str | None
    text: str
    buttons: list[dict[str, str]]
    card: dict[str, Any] | None
    at: datetime
    quoted: Quoted | None
    retracted_at: datetime | None
    intent: str | None
    confidence: float | None


@dataclass(frozen=True)
class Page:
    """Messages, oldest first, the notes among them, and where there are earlier ones."""

    messages: Sequence[Seen]
    notes: Sequence[Noted]
    before: int | None


async def page_before(
    session: AsyncSession, conversation_id: uuid.UUID, before: int | None, limit: int
) -> Page:
    """Return the newest messages before a number, with the notes among them."""
    until = before or _NO_END
    found = (await _read(session, _BEFORE, conversation_id, until, limit))[::-1]
    has_more = bool(found) and found[0].seq > 1
    first = found[0].seq if has_more else 0
    last = None if before is None else before - 1
    notes = await repository.notes_between(session, conversation_id, first, last)
    return Page(found, notes, found[0].seq if has_more else None)


async def page_after(
    session: AsyncSession, conversation_id: uuid.UUID, after: int, limit: int
) -> Page:
    """Return the messages after a number, and the notes that stand there."""
    found = await _read(session, _AFTER, conversation_id, after, limit)
    last = found[-1].seq if len(found) == limit else None
    notes = await repository.notes_between(session, conversation_id, after, last)
    return Page(found, notes, None)


async def after(
    session: AsyncSession, conversation_id: uuid.UUID, seq: int, limit: int
) -> Sequence[Seen]:
    """Return the first messages after a number, oldest first."""
    return await _read(session, _AFTER, conversation_id, seq, limit)


async def newest_after(
    session: AsyncSession, conversation_id: uuid.UUID, after: int, limit: int
) -> Sequence[Seen]:
    """Return the newest of the messages after a number, oldest first."""
    return (await _read(session, _NEWEST_AFTER, conversation_id, after, limit))[::-1]


async def one(session: AsyncSession, conversation_id: uuid.UUID, seq: int) -> Seen | None:
    """Return one message."""
    found = await _read(session, _ONE, conversation_id, seq, 1)
    return found[0] if found else None


async def said_for(session: AsyncSession, conversation_id: uuid.UUID, cause: str) -> Seen | None:
    """Return what was said for a cause."""
    values = {"id": conversation_id, "cause": cause}
    seq = await session.scalar(_SAID_FOR, values)
    return None if seq is None else await one(session, conversation_id, seq)


async def retracted(
    session: AsyncSession, ids: Collection[uuid.UUID]
) -> Sequence[tuple[uuid.UUID, int, datetime]]:
    """Return what was taken back in these conversations, and when."""
    found = await session.execute(_RETRACTED, {"ids": list(ids)})
    return [(row.conversation_id, row.seq, row.retracted_at) for row in found]


async def _read(
    session: AsyncSession, statement: TextClause, conversation_id: uuid.UUID, seq: int, limit: int
) -> list[Seen]:
    values = {"id": conversation_id, "seq": min(seq, _NO_END), "limit": limit}
    return [_seen(row) for row in await session.execute(statement, values)]


def _seen(row: Any) -> Seen:
    intent = (row.understood or {}).get("intent") or {}
    own = ("seq", "author", "said_by", "said_by_name", "text", "card", "at", "retracted_at")
    return Seen(
        **{name: getattr(row, name) for name in own},
        buttons=list(row.buttons),
        quoted=Quoted(row.quoted_seq, row.quoted_author, row.quoted_text)
        if row.quoted_seq
        else None,
        intent=intent.get("name"),
        confidence=intent.get("confidence"),
    )
