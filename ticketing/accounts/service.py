"""Verbs of accounts: add, change, and recognise by password, secret or token."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pwdlib import PasswordHash
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import repository, sessions, tokens
from ticketing.accounts.events import PersonLeft
from ticketing.accounts.models import Person, SystemClient
from ticketing.accounts.tokens import Caller, Role
from ticketing.kernel.cache import forget, remembered
from ticketing.kernel.errors import HouseError, NotAllowed, NotSignedIn
from ticketing.kernel.facts import announce

_HASHER = PasswordHash.recommended()
# Taken before the database is asked, so that waiting sign-ins hold no connection.
_VERIFYING = asyncio.Semaphore(2)
_NOBODY = _HASHER.hash("nobody signs in with this")
_STANDING = "accounts.standing"


class InvalidGrant(HouseError):
    """Name and password, or id and secret, do not belong together."""

    status, code = 401, "invalid_grant"

    def __init__(self) -> None:
        super().__init__("用户名或密码不正确")


class UnknownPerson(HouseError):
    """Nobody has this username."""

    status, code = 404, "unknown_person"

    def __init__(self, username: str) -> None:
        super().__init__("没有这个人员账号", username=username)


class PersonExists(HouseError):
    """The username is taken."""

    status, code = 409, "person_exists"

    def __init__(self, username: str) -> None:
        super().__init__(f"用户名 {username} 已经有人用了", username=username)


class OwnAccount(HouseError):
    """Managers neither lock themselves out nor take their own role away."""

    status, code = 409, "own_account"

    def __init__(self) -> None:
        super().__init__("不能停用自己的账号或改变自己的角色，请让另一位经理来做")


class WrongPassword(HouseError):
    """The old password is not right."""

    status, code = 422, "wrong_password"

    def __init__(self) -> None:
        super().__init__("原密码不正确")


class AdminsOnly(NotAllowed):
    """Only an admin says who is an admin, and changes one."""

    code = "admins_only"

    def __init__(self) -> None:
        super().__init__("管理员账号只能由管理员添加和修改")


@dataclass(frozen=True)
class Newcomer:
    """Somebody to be added."""

    username: str
    display_name: str
    role: Role
    password: str


@dataclass(frozen=True, kw_only=True)
class PersonChange:
    """What is to change about a person; None stays as it is."""

    display_name: str | None = None
    role: Role | None = None
    is_active: bool | None = None
    password: str | None = None


@dataclass(frozen=True)
class Standing:
    """Who may come in at the moment: people by role, and systems."""

    people: Mapping[str, str]
    clients: frozenset[str]
    with_second_factor: frozenset[str] = frozenset()

    def of(self, caller: Caller) -> Caller | None:
        """Return the caller in today's role, or nothing when they may not come in."""
        if caller.role is Role.SYSTEM:
            return caller if caller.name in self.clients else None
        role = self.people.get(caller.name)
        has_one = caller.name in self.with_second_factor
        return Caller(caller.name, Role(role), caller.sid, has_one) if role else None


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
    look_anew(session)


async def put_system(session: AsyncSession, client_id: str, secret: str, now: datetime) -> None:
    """Add a system, or give a known one this secret."""
    client = await repository.client(session, client_id)
    if client is None:
        client = SystemClient(client_id=client_id, created_at=now)
        session.add(client)
    client.is_active = True
    client.secret_hash = await asyncio.to_thread(_HASHER.hash, secret)
    look_anew(session)


async def caller_of_token(session: AsyncSession, token: str, secret_key: str) -> Caller:
    """Return whom a token (of a header, a cookie, a socket) speaks for; raise `NotSignedIn`."""
    return await in_good_standing(session, tokens.read(token, secret_key))


async def in_good_standing(session: AsyncSession, caller: Caller) -> Caller:
    """Return whom a token speaks for, in today's role; raise `NotSignedIn` for who has left.

    What is remembered is two seconds old at most; whoever is not in it is asked for anew, so
    that a newcomer never waits. A token without a sign-in that goes on is worth nothing.
    """
    known = (await current_standing(session)).of(caller)
    if known is None:
        look_anew(session)
        known = (await current_standing(session)).of(caller)
    live = await sessions.live(session, caller) if known else None
    if known is None or live is None:
        raise NotSignedIn
    # The identity provider has seen to it.
    return replace(known, has_second_factor=known.has_second_factor or live.how == "oidc")


async def current_standing(session: AsyncSession) -> Standing:
    """Return who may come in, two seconds old at most."""
    return await remembered(session, _STANDING, _standing)


def look_anew(session: AsyncSession) -> None:
    """Look up anew next time who may come in."""
    forget(session, _STANDING)


async def _standing(session: AsyncSession) -> Standing:
    return Standing(
        await repository.active_people(session),
        await repository.active_clients(session),
        await repository.with_second_factor(session),
    )


async def display_name(session: AsyncSession, caller: Caller) -> str:
    """Return how a caller is called."""
    person = await repository.person(session, caller.name)
    return person.display_name if person and caller.role is not Role.SYSTEM else caller.name


async def person(session: AsyncSession, username: str) -> Person:
    """Return a person; raise `UnknownPerson`."""
    found = await repository.person(session, username)
    if found is None:
        raise UnknownPerson(username)
    return found


async def people(
    session: AsyncSession, after: tuple[datetime, str] | None, limit: int
) -> Sequence[Person]:
    """Return a page of people, the longest known first."""
    return await repository.people(session, after, limit)


async def add_person(
    session: AsyncSession, newcomer: Newcomer, now: datetime, *, by_admin: bool = False
) -> Person:
    """Add somebody; raise `PersonExists`, `AdminsOnly`."""
    if newcomer.role is Role.ADMIN and not by_admin:
        raise AdminsOnly
    hashed = await asyncio.to_thread(_HASHER.hash, newcomer.password)
    added = Person(
        username=newcomer.username,
        display_name=newcomer.display_name,
        role=str(newcomer.role),
        password_hash=hashed,
        is_active=True,
        created_at=now,
    )
    if not await repository.add_if_new(session, added):
        raise PersonExists(newcomer.username)
    look_anew(session)
    return await person(session, newcomer.username)


async def change_person(
    session: AsyncSession,
    username: str,
    wanted: PersonChange,
    *,
    by: str,
    now: datetime,
    by_admin: bool = False,
) -> Person:
    """Change a person; announce it when they leave.

    Whoever leaves or gets a new password is signed out everywhere. Raises `UnknownPerson`,
    `OwnAccount`, `AdminsOnly`.
    """
    found = await person(session, username)
    require_admin_for(found, by_admin=by_admin or by == username)
    changes_role = wanted.role is not None and wanted.role != found.role
    if by == username and (changes_role or wanted.is_active is False):
        raise OwnAccount
    if wanted.role is Role.ADMIN and changes_role and not by_admin:
        raise AdminsOnly
    leaves = found.is_active and wanted.is_active is False
    for name in ("display_name", "role", "is_active"):
        value = getattr(wanted, name)
        if value is not None:
            setattr(found, name, value)
    if wanted.password is not None:
        found.password_hash = await asyncio.to_thread(_HASHER.hash, wanted.password)
    if leaves or wanted.password is not None:
        await sessions.end(session, username, now)
    look_anew(session)
    if leaves:
        await announce(session, PersonLeft(at=now, username=username))
    return found


def require_admin_for(found: Person, *, by_admin: bool) -> None:
    """Raise `AdminsOnly` where an admin's account is not an admin's to change."""
    if found.role == Role.ADMIN and not by_admin:
        raise AdminsOnly


async def change_own_password(
    session: AsyncSession, caller: Caller, old: str, new: str, now: datetime
) -> None:
    """Give somebody another password and sign them out everywhere else. Raises `WrongPassword`."""
    found = await person(session, caller.name)
    async with _VERIFYING:
        is_right = await asyncio.to_thread(_HASHER.verify, old, found.password_hash)
    if not is_right:
        raise WrongPassword
    found.password_hash = await asyncio.to_thread(_HASHER.hash, new)
    await sessions.end(session, caller.name, now, but=caller.sid)
