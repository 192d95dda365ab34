"""Every SELECT of people and systems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.models import Person, SecondFactor, SystemClient


async def person(session: AsyncSession, username: str) -> Person | None:
    """Return a person by the name they sign in with."""
    return await session.get(Person, username)


async def client(session: AsyncSession, client_id: str) -> SystemClient | None:
    """Return a system by its id."""
    return await session.get(SystemClient, client_id)


async def active_people(session: AsyncSession) -> Mapping[str, str]:
    """Return the role of everybody who may sign in, by username."""
    found = await session.execute(select(Person.username, Person.role).where(Person.is_active))
    return {row.username: row.role for row in found}


async def with_second_factor(session: AsyncSession) -> frozenset[str]:
    """Return who has confirmed a second factor."""
    confirmed = SecondFactor.confirmed_at.is_not(None)
    return frozenset(await session.scalars(select(SecondFactor.username).where(confirmed)))


async def by_subject(session: AsyncSession, subject: str) -> Person | None:
    """Return whom the identity provider means."""
    return await session.scalar(select(Person).where(Person.oidc_subject == subject))


async def active_clients(session: AsyncSession) -> frozenset[str]:
    """Return the ids of the systems that may sign in."""
    found = await session.scalars(select(SystemClient.client_id).where(SystemClient.is_active))
    return frozenset(found)


async def people(
    session: AsyncSession, after: tuple[datetime, str] | None, limit: int
) -> Sequence[Person]:
    """Return a page of people, the longest known first."""
    query = select(Person).order_by(Person.created_at, Person.username).limit(limit)
    if after:
        query = query.where(tuple_(Person.created_at, Person.username) > after)
    return (await session.scalars(query)).all()


async def add_if_new(session: AsyncSession, added: Person) -> bool:
    """Add a person unless the username is taken; tell whether it was free."""
    values = {column.name: getattr(added, column.name) for column in Person.__table__.columns}
    statement = insert(Person).values(**values).on_conflict_do_nothing()
    found = await session.execute(statement.returning(Person.username))
    return found.first() is not None
