"""Every SELECT of accounts."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.models import Person, SystemClient


async def person(session: AsyncSession, username: str) -> Person | None:
    """Return a person by the name they sign in with."""
    return await session.get(Person, username)


async def client(session: AsyncSession, client_id: str) -> SystemClient | None:
    """Return a system by its id."""
    return await session.get(SystemClient, client_id)
