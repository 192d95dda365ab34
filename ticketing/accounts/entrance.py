"""Coming in: by name and password or id and secret, counted, with a second factor, written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import audit, repository, second_factor, service, sessions, throttle
from ticketing.accounts.audit import Place
from ticketing.accounts.keys import Box
from ticketing.accounts.second_factor import SecondFactorNeeded, WrongCode
from ticketing.accounts.service import InvalidGrant
from ticketing.accounts.sessions import How, Origin
from ticketing.accounts.throttle import Tries
from ticketing.accounts.tokens import Caller, Role
from ticketing.kernel.db import Database
from ticketing.kernel.errors import HouseError


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """Somebody at the door: who they say they are, what they know, where they come from."""

    name: str
    secret: str
    origin: Origin
    code: str = ""
    is_system: bool = False
    how: How = "token"
    route: str
    lifetime: timedelta

    @property
    def tries(self) -> Tries:
        """What is counted of this."""
        kind = "system:" if self.is_system else ""
        return Tries.of(kind + self.name, self.origin.address)


async def enter(db: Database, attempt: Attempt, keys: Box, now: datetime) -> Caller:
    """Sign somebody in; return them with their sign-in.

    Whatever is refused is counted and written down all the same; of tries too many, the first,
    for nobody may fill the log. Raises `TooManyTries`,
    `InvalidGrant`, `SecondFactorNeeded`, `WrongCode`.
    """
    async with db.transaction() as session:
        too_many = await throttle.count(session, attempt.tries, now)
        if too_many is not None and too_many.is_first:
            await _note_failure(session, attempt, too_many, now)
    if too_many is not None:
        raise too_many
    try:
        async with db.transaction() as session:
            return await _let_in(session, attempt, keys, now)
    except (InvalidGrant, SecondFactorNeeded, WrongCode) as refused:
        async with db.transaction() as session:
            if isinstance(refused, SecondFactorNeeded):
                await throttle.take_back(session, attempt.tries)
            else:
                await _note_failure(session, attempt, refused, now)
        raise


async def _let_in(session: AsyncSession, attempt: Attempt, keys: Box, now: datetime) -> Caller:
    if attempt.is_system:
        caller = await service.recognise_system(session, attempt.name, attempt.secret)
    else:
        caller = await service.sign_in(session, attempt.name, attempt.secret)
        await second_factor.require(session, caller.name, attempt.code, keys, now)
    await throttle.succeeded(session, attempt.tries, now)
    return await begin(session, caller, attempt, now)


async def begin(session: AsyncSession, caller: Caller, attempt: Attempt, now: datetime) -> Caller:
    """Begin the sign-in of somebody recognised, and write it down."""
    within = await sessions.begin(
        session, caller, attempt.how, attempt.origin, now, lifetime=attempt.lifetime
    )
    place = Place(attempt.route, caller.name, attempt.origin.address)
    audit.note(session, caller, "did", place, now)
    return within


async def _note_failure(
    session: AsyncSession, attempt: Attempt, error: HouseError, now: datetime
) -> None:
    """Write down who was refused: only if they exist, for others may have typed a password."""
    who = Caller("", Role.SYSTEM if attempt.is_system else Role.AGENT)
    if attempt.is_system:
        client = await repository.client(session, attempt.name)
        who = Caller(client.client_id, Role.SYSTEM) if client else who
    else:
        person = await repository.person(session, attempt.name)
        who = Caller(person.username, Role(person.role)) if person else who
    place = Place(attempt.route, error.code, attempt.origin.address)
    audit.note(session, who, "failed", place, now)
