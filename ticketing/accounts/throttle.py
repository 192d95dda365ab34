"""How often somebody may try to sign in: counted by name and by address, in the database.

A try is counted before the password is looked at, so that many at once are not one too many. From
an address that a name has come in from before, only the tries of both together count: strangers
who lock a name do not lock out its owner. Nothing here knows whether a name exists.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import sessions_sql
from ticketing.kernel.errors import HouseError
from ticketing.kernel.ids import digest

WINDOW = timedelta(minutes=15)
NAME_TRIES = 10
ADDRESS_TRIES = 60
"""Many people may share an address."""


class TooManyTries(HouseError):
    """Somebody has tried too often."""

    status, code = 429, "too_many_tries"

    def __init__(self, retry_after: int, *, is_first: bool = True) -> None:
        minutes = ceil(retry_after / 60)
        super().__init__(f"尝试次数太多，请 {minutes} 分钟后再试", retry_after=retry_after)
        self.is_first = is_first
        """Whether it is the first one too many, which is written down."""
        self.headers = {"Retry-After": str(retry_after)}


@dataclass(frozen=True)
class Tries:
    """What is counted of somebody who wants to come in."""

    name: str
    address: str
    both: str

    @classmethod
    def of(cls, name: str, address: str) -> Tries:
        """Return the keys of a name and an address; a network of IPv6 is one address."""
        who, where = name.strip().casefold(), _network(address)
        return cls(digest(f"name\n{who}"), digest(f"at\n{where}"), digest(f"both\n{who}\n{where}"))


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address


async def count(session: AsyncSession, tries: Tries, now: datetime) -> TooManyTries | None:
    """Count a try; return the error where it is one too many."""
    for key, most in (await _limits(session, tries)).items():
        too_many = await _one_more(session, key, most, now)
        if too_many is not None:
            return too_many
    return None


async def take_back(session: AsyncSession, tries: Tries) -> None:
    """Do not count the last try: it was right as far as it went."""
    for key in await _limits(session, tries):
        await sessions_sql.count_less(session, [key])


async def succeeded(session: AsyncSession, tries: Tries, now: datetime) -> None:
    """Begin anew for somebody who came in, and know their address from now on."""
    # Who was not counted by address must not make room there for the tries of others.
    if tries.address in await _limits(session, tries):
        await sessions_sql.count_less(session, [tries.address])
    await sessions_sql.begin_anew(session, sorted([tries.name, tries.both]))
    await sessions_sql.remember(session, tries.both, now)


async def count_return(session: AsyncSession, address: str, now: datetime) -> TooManyTries | None:
    """Count somebody refused who came from the identity provider, or said so."""
    return await _one_more(session, digest(f"oidc\n{_network(address)}"), ADDRESS_TRIES, now)


async def _limits(session: AsyncSession, tries: Tries) -> dict[str, int]:
    """Return what is counted of a try, and how often it may be."""
    if await sessions_sql.is_known(session, tries.both):
        return {tries.both: NAME_TRIES}
    return {tries.address: ADDRESS_TRIES, tries.name: NAME_TRIES}


async def _one_more(
    session: AsyncSession, key: str, most: int, now: datetime
) -> TooManyTries | None:
    tried, until = await sessions_sql.count(session, key, now, now + WINDOW)
    if tried <= most:
        return None
    wait = max(1, ceil((until - now).total_seconds()))
    return TooManyTries(wait, is_first=tried == most + 1)
