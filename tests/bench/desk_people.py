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
from ticketing.sla.configuration import ALWAYS

PEOPLE, LEADS = 20, 4
CAPACITY = 200
"""More than anybody is given before `relieve`: each opening finds somebody to take it."""
CHATS = 10
"""Two hundred customers are just as many as all of them talk to at once."""

LEAD, PASSWORD = "desk01", "correct horse battery"

_TALKS = "customer_service"

_ALL_DAY = timedelta(hours=12)
_RELIEVE = (
    "UPDATE ticket_steps SET assignee = NULL WHERE done_at IS NULL AND assignee LIKE 'desk__'"
)


def names() -> list[str]:
    """Return the names they sign in with."""
    return [f"desk{number:02d}" for number in range(1, PEOPLE + 1)]


async def employ(database_url: str) -> None:
    """Add the people; `LEAD` signs in with `PASSWORD`."""
    db, people = _database(database_url), names()
    async with db.transaction() as session:
        now = clock.now()
        for number, name in enumerate(people):
            role = Role.LEAD if number < LEADS else Role.AGENT
            await accounts.put_person(session, name, PASSWORD, role, now)
        await session.flush()
        for number, team in enumerate(shipped().teams.values()):
            await arranging.put_team(session, replace(team, lead=people[number % LEADS]))
            # Who asks for everything is of every team: people see what their teams serve.
            for name in {LEAD, *_members(people, number)}:
                await arranging.put_member(session, _able(team.name, name))
        for name in people:
            await repository.renew(session, name, Status.AVAILABLE, now, _ALL_DAY)
    await db.close()


async def employ_for_talks(database_url: str) -> None:
    """Add the people, all of them in the one team customers are put through to, day and night."""
    await employ(database_url)
    db = _database(database_url)
    async with db.transaction() as session:
        always = replace(shipped().queues[_TALKS], chat_hours=ALWAYS)
        await arranging.put_queue(session, always)
        for name in names():
            await arranging.put_member(session, _able(always.team, name))
    await db.close()


def _database(database_url: str) -> Database:
    settings = Settings(demo=True, database_url=database_url)
    return Database(settings.sqlalchemy_url, {}, pool_size=1)


async def relieve(database_url: str) -> None:
    """Take every open step from the people, so that nobody has more in hand than people have."""
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        await connection.execute(_RELIEVE)


def _members(people: list[str], team: int) -> list[str]:
    """Return every second one, or every third, …: teams of seven to ten that overlap."""
    return people[team % 2 :: 2 + team % 2]


def _able(team: str, username: str) -> TeamMember:
    skills = list(shipped().skills)
    limits = {"capacity": CAPACITY, "chats": CHATS, "active": True}
    return TeamMember(team=team, username=username, skills=skills, regions=[], **limits)
