"""Twenty people at the desk: in teams, able, and present all day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import psycopg

from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.kernel import clock
from ticketing.kernel.db import Database
from ticketing.kernel.settings import Settings
from ticketing.routing import arranging, repository
from ticketing.routing.choose import Status
from ticketing.routing.layout import shipped
from ticketing.routing.models import TeamMember

PEOPLE, LEADS = 20, 4
CAPACITY = 200
"""More than anybody is given before `relieve`: each opening finds somebody to take it."""

LEAD, PASSWORD = "desk01", "correct horse battery"

_ALL_DAY = timedelta(hours=12)
_RELIEVE = (
    "UPDATE ticket_steps SET assignee = NULL WHERE done_at IS NULL AND assignee LIKE 'desk__'"
)


async def employ(database_url: str) -> None:
    """Add the people; `LEAD` signs in with `PASSWORD`."""
    db = Database(Settings(demo=True, database_url=database_url).sqlalchemy_url, {}, pool_size=1)
    names = [f"desk{number:02d}" for number in range(1, PEOPLE + 1)]
    async with db.transaction() as session:
        now = clock.now()
        for number, name in enumerate(names):
            role = Role.LEAD if number < LEADS else Role.AGENT
            await accounts.put_person(session, name, PASSWORD, role, now)
        await session.flush()
        for number, team in enumerate(shipped().teams.values()):
            await arranging.put_team(session, replace(team, lead=names[number % LEADS]))
            for name in _members(names, number):
                await arranging.put_member(session, _able(team.name, name))
        for name in names:
            await repository.renew(session, name, Status.AVAILABLE, now, _ALL_DAY)
    await db.close()


async def relieve(database_url: str) -> None:
    """Take every open step from the people, so that nobody has more in hand than people have."""
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        await connection.execute(_RELIEVE)


def _members(names: list[str], team: int) -> list[str]:
    """Return every second one, or every third, …: teams of seven to ten that overlap."""
    return names[team % 2 :: 2 + team % 2]


def _able(team: str, username: str) -> TeamMember:
    skills = list(shipped().skills)
    return TeamMember(
        team=team, username=username, skills=skills, regions=[], capacity=CAPACITY, active=True
    )
