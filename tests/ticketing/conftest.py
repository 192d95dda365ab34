"""A house without its other processes: real PostgreSQL, real HTTP doors, a bot we script."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import text

from tests.support.postgres import fresh_database
from tests.ticketing.people import sign_in
from tests.ticketing.scripted import Carriers, ScriptedBot, build_house
from ticketing.accounts.tokens import Role
from ticketing.app import build
from ticketing.composition import House
from ticketing.kernel.db import Base
from ticketing.routing import arranging
from ticketing.routing.layout import shipped

EVEN_WHAT_STAYS = text("SET LOCAL session_replication_role = replica")
"""Lets a superuser past the triggers that guard the audit log."""


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
    await open_around_the_clock(house)
    yield house
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    async with house.db.transaction() as session:
        await session.execute(EVEN_WHAT_STAYS)
        await session.execute(text(f"TRUNCATE {names}, procrastinate_jobs CASCADE"))
    await house.close()


async def open_around_the_clock(house: House) -> None:
    """Let people take conversations at whatever time of the day the tests are run."""
    async with house.db.transaction() as session:
        for name in ("customer_service", "vip", "lead"):
            plan = replace(shipped().queues[name], chat_hours="always")
            await arranging.put_queue(session, plan)


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


@pytest.fixture
async def cashier(house: House, api: httpx.AsyncClient) -> dict[str, str]:
    """The headers of a manager: what is for finance is in nobody else's reach here."""
    return await sign_in(house, api, "cora", Role.MANAGER)


@pytest.fixture
def assistant() -> dict[str, str]:
    """The headers of the action server."""
    return {"Authorization": "Bearer actions-token"}
