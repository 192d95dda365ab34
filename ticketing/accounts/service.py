"""Verbs of accounts: add, and recognise by password or secret."""

from __future__ import annotations

import asyncio
from datetime import datetime

from pwdlib import PasswordHash
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import repository
from ticketing.accounts.models import Person, SystemClient
from ticketing.accounts.tokens import Caller, Role
from ticketing.kernel.errors import HouseError

_HASHER = PasswordHash.recommended()
# Taken before the database is asked, so that waiting sign-ins hold no connection.
_VERIFYING = asyncio.Semaphore(2)
_NOBODY = _HASHER.hash("nobody signs in with this")


class InvalidGrant(HouseError):
    """Name and password, or id and secret, do not belong together."""

    status, code = 401, "invalid_grant"

    def __init__(self) -> None:
        super().__init__("用户名或密码不正确")


async def sign_in(session: AsyncSession, username: str, password: str) -> Caller:
    """Return the person; raise `InvalidGrant` after the same time whoever they claim to be."""
    async with _VERIFYING:
        person = await repository.person(session, username)
        known = person is not None and person.is_active
        stored = person.password_hash if person is not None and known else _NOBODY
        is_right = await asyncio.to_thread(_HASHER.verify, password, stored)
    if person is None or not known or not is_right:
        raise InvalidGrant
    return Caller(name=person.username, role=Role(person.role))


async def recognise_system(session: AsyncSession, client_id: str, secret: str) -> Caller:
    """Return the system; raise `InvalidGrant`."""
    async with _VERIFYING:
        client = await repository.client(session, client_id)
        known = client is not None and client.is_active
        stored = client.secret_hash if client is not None and known else _NOBODY
        is_right = await asyncio.to_thread(_HASHER.verify, secret, stored)
    if client is None or not known or not is_right:
        raise InvalidGrant
    return Caller(name=client.client_id, role=Role.SYSTEM)


async def put_person(
    session: AsyncSession, username: str, password: str, role: Role, now: datetime
) -> None:
    """Add a person, or give a known one this password and role."""
    person = await repository.person(session, username)
    if person is None:
        person = Person(username=username, display_name=username, created_at=now)
        session.add(person)
    person.role = str(role)
    person.is_active = True
    person.password_hash = await asyncio.to_thread(_HASHER.hash, password)


async def put_system(session: AsyncSession, client_id: str, secret: str, now: datetime) -> None:
    """Add a system, or give a known one this secret."""
    client = await repository.client(session, client_id)
    if client is None:
        client = SystemClient(client_id=client_id, created_at=now)
        session.add(client)
    client.is_active = True
    client.secret_hash = await asyncio.to_thread(_HASHER.hash, secret)
