"""How many SQL statements a request at the desk takes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import event

from tests.bench import desk_people, desk_work
from tests.bench.asking import Ask
from tests.bench.results import COMPLETE, LIST, OPEN, SEARCH
from tests.support.postgres import fresh_database
from ticketing.app import build
from ticketing.composition import House
from ticketing.kernel.settings import Settings

_WITH_HITS = {
    LIST: "/api/tickets?queue=customer_service&sort=due&limit=50",
    SEARCH: "/api/tickets/search?q=%E6%9D%AF%E5%AD%90",
}


def counted() -> dict[str, int]:
    """Return the number of statements by sort of work, with the configuration remembered."""
    with fresh_database() as url:
        return asyncio.run(_counted(url))


async def _counted(url: str) -> dict[str, int]:
    await desk_people.employ(url)
    secret = "a-secret-key-of-at-least-32-bytes"
    house = House.build(Settings(demo=True, database_url=url, secret_key=secret))
    transport = httpx.ASGITransport(build(house))
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        form = {
            "grant_type": "password",
            "username": desk_people.LEAD,
            "password": desk_people.PASSWORD,
        }
        token = (await client.post("/api/oauth/token", data=form)).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        found = await _each(house, client)
    await house.close()
    return found


async def _each(house: House, client: httpx.AsyncClient) -> dict[str, int]:
    first, second = desk_work.openings(range(2))
    found: dict[str, int] = {}
    filed = [await _fewest(house, client, [first, second], found, OPEN)]
    await _fewest(house, client, list(desk_work.completions(filed)), found, COMPLETE)
    for name, path in _WITH_HITS.items():
        await _fewest(house, client, [Ask("GET", path)] * 2, found, name)
    return found


async def _fewest(
    house: House, client: httpx.AsyncClient, asks: list[Ask], found: dict[str, int], name: str
) -> Any:
    """Ask everything; what is remembered for seconds is asked of the database by the first."""
    answer: Any = None
    for ask in asks:
        with _noted(house) as sent:
            response = await client.request(ask.method, ask.path, json=ask.body)
        answer = response.raise_for_status().json()
        found[name] = min(found.get(name, len(sent)), len(sent))
    return answer


@contextmanager
def _noted(house: House) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    engine = house.db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
