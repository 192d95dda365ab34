"""A database in which only the clocks listen."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from tests.ticketing.sla.stage import OWN, Stage
from ticketing.kernel.db import Database

_TABLES = "tickets, sla_policies, business_calendars, queue_calendars, procrastinate_jobs"


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    url = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    listeners = dict(OWN)
    stage = Stage(Database(url, listeners), listeners)
    stage.listen()
    yield stage
    async with stage.db.transaction() as session:
        await session.execute(text(f"TRUNCATE {_TABLES} CASCADE"))
    await stage.db.close()
