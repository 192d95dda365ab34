"""A house without its other processes: real PostgreSQL, real HTTP doors, a bot we script."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from sqlalchemy import text

from tests.support.postgres import fresh_database
from tests.ticketing.scripted import Carriers, ScriptedBot, build_house
from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.app import build
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.db import Base


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    with fresh_database() as url:
        yield url


@pytest.fixture
def bot() -> ScriptedBot:
    return ScriptedBot()


@pytest.fixture
def carriers() -> Carriers:
    return Carriers()


@pytest.fixture
async def house(database_url: str, bot: ScriptedBot, carriers: Carriers) -> AsyncIterator[House]:
    house = build_house(database_url, bot, carriers)
    yield house
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    async with house.db.transaction() as session:
        await session.execute(text(f"TRUNCATE {names}, procrastinate_jobs CASCADE"))
    await house.close()


@pytest.fixture
async def api(house: House) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build(house), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
        yield client


@pytest.fixture
async def agent(house: House, api: httpx.AsyncClient) -> dict[str, str]:
    """The headers of a signed-in agent."""
    return await sign_in(house, api, "anna", Role.AGENT)


@pytest.fixture
async def lead(house: House, api: httpx.AsyncClient) -> dict[str, str]:
    """The headers of somebody who leads the agents."""
    return await sign_in(house, api, "lena", Role.LEAD)


async def sign_in(
    house: House, api: httpx.AsyncClient, username: str, role: Role
) -> dict[str, str]:
    """Add a person and return the headers they ask with."""
    async with house.db.transaction() as session:
        await accounts.put_person(session, username, "correct horse", role, clock.now())
    form = {"grant_type": "password", "username": username, "password": "correct horse"}
    answer = await api.post("/api/oauth/token", data=form)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture
def assistant() -> dict[str, str]:
    """The headers of the action server."""
    return {"Authorization": "Bearer actions-token"}
