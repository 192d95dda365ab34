"""Sign-ins: where somebody is signed in, from when until when, and how that ends."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import sessions_sql
from ticketing.accounts.models import SignIn
from ticketing.accounts.tokens import Caller, Role
from ticketing.kernel.cache import forget, remembered
from ticketing.kernel.ids import new_id

CONSOLE_LIFETIME = timedelta(hours=12)
"""A working day, so that nobody has to sign in again in the middle of it."""

SIGNED_OUT = "signed_out"
"""NOTIFY channel: the id of a sign-in that ended before its time."""

KEPT_FOR = timedelta(days=90)
LOOKED_UP_FOR = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=5)
_ENDED, _LIVE = "accounts.sign_ins_ended", "accounts.sign_ins"

How = Literal["password", "oidc", "token"]


@dataclass(frozen=True)
class Origin:
    """Where somebody comes from: their address and the name of their program."""

    address: str
    agent: str = ""


@dataclass(frozen=True)
class Live:
    """A sign-in that goes on unless it was ended within the last two seconds."""

    username: str
    is_system: bool
    how: str
    seen_at: datetime


async def begin(
    session: AsyncSession,
    caller: Caller,
    how: How,
    origin: Origin,
    now: datetime,
    *,
    lifetime: timedelta,
) -> Caller:
    """Sign somebody in; return them with their sign-in."""
    await sessions_sql.forget_old(session, now - KEPT_FOR)
    made = SignIn(
        id=new_id(),
        username=caller.name,
        is_system=caller.role is Role.SYSTEM,
        how=how,
        created_at=now,
        seen_at=now,
        expires_at=now + lifetime,
        agent=origin.agent[:200],
        address=origin.address,
    )
    session.add(made)
    return replace(caller, sid=made.id)


async def live(session: AsyncSession, caller: Caller) -> Live | None:
    """Return the sign-in somebody asks by while it goes on; ended ones count two seconds more."""
    if caller.sid is None or caller.sid in await remembered(session, _ENDED, sessions_sql.ended):
        return None
    known = await _looked_up(session)
    found = known.get(caller.sid)
    if found is None:
        row = await sessions_sql.sign_in(session, caller.sid)
        if row is None:
            return None
        found = known[caller.sid] = Live(row.username, row.is_system, row.how, row.seen_at)
    is_theirs = (found.username, found.is_system) == (caller.name, caller.role is Role.SYSTEM)
    return found if is_theirs else None


async def seen(session: AsyncSession, caller: Caller, now: datetime) -> None:
    """Note now and then that a sign-in is in use."""
    known = await _looked_up(session)
    found = known.get(caller.sid) if caller.sid else None
    if caller.sid is None or found is None or now - found.seen_at < SEEN_EVERY:
        return
    known[caller.sid] = replace(found, seen_at=now)
    await sessions_sql.seen(session, caller.sid, now)


async def _looked_up(session: AsyncSession) -> dict[uuid.UUID, Live]:
    """Return what this process knows of sign-ins; begun anew before it grows too large."""

    async def nothing(_session: AsyncSession) -> dict[uuid.UUID, Live]:
        return {}

    return await remembered(session, _LIVE, nothing, LOOKED_UP_FOR)


async def of_person(session: AsyncSession, username: str) -> Sequence[SignIn]:
    """Return where a person is signed in, newest first."""
    return await sessions_sql.of_person(session, username)


async def end(
    session: AsyncSession,
    username: str,
    now: datetime,
    *,
    only: uuid.UUID | None = None,
    but: uuid.UUID | None = None,
) -> int:
    """End a person's sign-ins (one, all but one, or all) everywhere; count them."""
    await session.flush()
    gone = await sessions_sql.end(session, username, now, only=only, but=but)
    if gone:
        await sessions_sql.tell(session, SIGNED_OUT, gone)
        forget(session, _ENDED)
    return len(gone)
