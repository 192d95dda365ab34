"""People who sign in."""

from __future__ import annotations

from datetime import timedelta

import httpx
import psycopg
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import LIFETIME, Caller, Role, issue
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.ids import new_id
from ticketing.routing import arranging
from ticketing.routing.layout import shipped
from ticketing.routing.models import TeamMember

PASSWORD = "correct horse"
NOT_THEIRS = frozenset({"finance"})
"""The team whose people decide about any amount."""


async def sign_in(house: House, api: httpx.AsyncClient, name: str, role: Role) -> dict[str, str]:
    """The headers of somebody who has just been made known and has signed in."""
    async with house.db.transaction() as session:
        await accounts.put_person(session, name, PASSWORD, role, clock.now())
        if role in (Role.AGENT, Role.LEAD):
            await session.flush()
            await join_teams(session, name)
    form = {"grant_type": "password", "username": name, "password": PASSWORD}
    answer = await api.post("/api/oauth/token", data=form)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def join_teams(session: AsyncSession, name: str) -> None:
    """Let somebody see the tickets of every team but those of `NOT_THEIRS`."""
    for team in shipped().teams.keys() - NOT_THEIRS:
        place = {"skills": [], "regions": [], "capacity": 10, "chats": 5, "active": True}
        await arranging.put_member(session, TeamMember(team=team, username=name, **place))


def token_of(house: House, name: str, role: Role, lifetime: timedelta = LIFETIME) -> str:
    """A token of somebody who needs no password to have signed in a moment ago."""
    now, sid = clock.now(), new_id()
    row = {
        "id": sid,
        "username": name,
        "is_system": role is Role.SYSTEM,
        "how": "token",
        "created_at": now,
        "seen_at": now,
        "expires_at": now + lifetime,
        "agent": "tests",
        "address": "127.0.0.1",
    }
    places = ", ".join(f"%({column})s" for column in row)
    with psycopg.connect(house.settings.database_url) as connection:
        connection.execute(f"INSERT INTO sign_ins ({', '.join(row)}) VALUES ({places})", row)
    secret = house.settings.secret_key.get_secret_value()
    return issue(Caller(name, role, sid), secret, now, lifetime)


def headers_of(house: House, name: str, role: Role) -> dict[str, str]:
    """What somebody sends along who needs no password to have signed in a moment ago."""
    return {"Authorization": f"Bearer {token_of(house, name, role)}"}
