"""Presence is a lease: whoever says nothing for a minute is not here any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.routing import repository
from ticketing.routing.choose import Status
from ticketing.routing.models import Presence
from ticketing.routing.service import presence_changed, pull
from ticketing.tickets.models import TicketStep

LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Arrival:
    """Somebody's lease, and what they were given as it began anew."""

    presence: Presence
    pulled: Sequence[TicketStep]


async def be_present(
    session: AsyncSession, username: str, status: Status, now: datetime
) -> Arrival:
    """Renew a person's lease; who is available is given what waits for them."""
    renewed = await repository.renew(session, username, status, now, LEASE)
    presence_changed(session)
    pulled = await pull(session, username, now) if status is Status.AVAILABLE else ()
    return Arrival(renewed, pulled)


async def leave(session: AsyncSession, username: str, now: datetime) -> None:
    """End a person's lease at once."""
    await repository.end_lease(session, username, now)
    presence_changed(session)


async def leave_unless_back(
    session: AsyncSession, username: str, until: datetime, now: datetime
) -> None:
    """Let a person's lease end sooner, unless they come back before."""
    await repository.shorten_lease(session, username, until, now)
    presence_changed(session)


async def people_present(session: AsyncSession, now: datetime) -> Sequence[tuple[Presence, str]]:
    """Return who is here, with their display names."""
    return await repository.present(session, now)
