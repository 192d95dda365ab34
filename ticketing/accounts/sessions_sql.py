"""The statements of sign-ins, and of how often somebody has tried."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.models import KnownAddress, SignIn

_GOES_ON = (SignIn.ended_at.is_(None), SignIn.expires_at > func.now())
_LATELY = select(SignIn.id).where(SignIn.ended_at.is_not(None), SignIn.expires_at > func.now())
_TELL = text("SELECT pg_notify(:channel, CAST(id AS text)) FROM unnest(CAST(:ids AS uuid[])) AS id")
# Skips a row that another request of the same sign-in is about to write.
_SEEN = text("""
UPDATE sign_ins SET seen_at = :now WHERE id = (
    SELECT id FROM sign_ins WHERE id = :id FOR UPDATE SKIP LOCKED
)
""")
_COUNT = text("""
INSERT INTO sign_in_tries (key, count, until) VALUES (:key, 1, :until)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN sign_in_tries.until <= :now THEN 1 ELSE sign_in_tries.count + 1 END,
    until = CASE WHEN sign_in_tries.until <= :now THEN :until ELSE sign_in_tries.until END
RETURNING count, until
""")
_COUNT_LESS = text("UPDATE sign_in_tries SET count = greatest(count - 1, 0) WHERE key = ANY(:keys)")
_BEGIN_ANEW = text("DELETE FROM sign_in_tries WHERE key = ANY(:keys)")
_REMEMBER = text("""
INSERT INTO known_addresses (key, at) VALUES (:key, :now)
ON CONFLICT (key) DO UPDATE SET at = :now
""")
_FORGET = tuple(
    text(
        f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {time} < :before"
        f" ORDER BY {time} LIMIT 50 FOR UPDATE SKIP LOCKED)"
    )
    for table, key, time in (
        ("sign_in_tries", "key", "until"),
        ("known_addresses", "key", "at"),
        ("sign_ins", "id", "expires_at"),
    )
)


async def sign_in(session: AsyncSession, sid: uuid.UUID) -> Any | None:
    """Return a sign-in that goes on."""
    columns = (SignIn.username, SignIn.is_system, SignIn.how, SignIn.seen_at)
    return (await session.execute(select(*columns).where(SignIn.id == sid, *_GOES_ON))).first()


async def ended(session: AsyncSession) -> frozenset[uuid.UUID]:
    """Return the sign-ins that ended before their time."""
    return frozenset(await session.scalars(_LATELY))


async def of_person(session: AsyncSession, username: str) -> Sequence[SignIn]:
    """Return where a person is signed in, newest first."""
    query = select(SignIn).where(SignIn.username == username, ~SignIn.is_system, *_GOES_ON)
    return (await session.scalars(query.order_by(SignIn.created_at.desc()).limit(100))).all()


async def end(
    session: AsyncSession,
    username: str,
    now: datetime,
    *,
    only: uuid.UUID | None = None,
    but: uuid.UUID | None = None,
) -> Sequence[uuid.UUID]:
    """End a person's sign-ins: one, all but one, or all; return which."""
    query = update(SignIn).where(SignIn.username == username, ~SignIn.is_system, *_GOES_ON)
    if only is not None:
        query = query.where(SignIn.id == only)
    if but is not None:
        query = query.where(SignIn.id != but)
    return (await session.scalars(query.values(ended_at=now).returning(SignIn.id))).all()


async def tell(session: AsyncSession, channel: str, ids: Sequence[uuid.UUID]) -> None:
    """Tell every process of sign-ins, once the transaction is through."""
    await session.execute(_TELL, {"channel": channel, "ids": list(ids)})


async def seen(session: AsyncSession, sid: uuid.UUID, now: datetime) -> None:
    """Note that somebody has asked something by this sign-in."""
    await session.execute(_SEEN, {"id": sid, "now": now})


async def count(
    session: AsyncSession, key: str, now: datetime, until: datetime
) -> tuple[int, datetime]:
    """Count a try; return how many there are, and until when they count."""
    values = {"key": key, "now": now, "until": until}
    row = (await session.execute(_COUNT, values)).one()
    tried, until_then = row
    return tried, until_then


async def count_less(session: AsyncSession, keys: Sequence[str]) -> None:
    """Take a try back."""
    await session.execute(_COUNT_LESS, {"keys": list(keys)})


async def begin_anew(session: AsyncSession, keys: Sequence[str]) -> None:
    """Forget every try."""
    await session.execute(_BEGIN_ANEW, {"keys": list(keys)})


async def is_known(session: AsyncSession, key: str) -> bool:
    """Tell whether somebody has come in from an address before."""
    return await session.get(KnownAddress, key) is not None


async def remember(session: AsyncSession, key: str, now: datetime) -> None:
    """Note that somebody has come in from an address."""
    await session.execute(_REMEMBER, {"key": key, "now": now})


async def forget_old(session: AsyncSession, before: datetime) -> None:
    """Remove some of what is over for long."""
    for statement in _FORGET:
        await session.execute(statement, {"before": before})
