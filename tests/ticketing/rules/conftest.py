"""A manager, and ways to send and to make rule tables."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx
import pytest

from tests.ticketing.rules.drawing_table import Board, Drawn
from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.rules.loading import version_of

Upload = Callable[[bytes], Awaitable[str]]


@pytest.fixture
async def manager(house: House, api: httpx.AsyncClient) -> dict[str, str]:
    """The headers of a signed-in manager."""
    async with house.db.transaction() as session:
        await accounts.put_person(session, "mei", "correct horse", Role.MANAGER, clock.now())
    form = {"grant_type": "password", "username": "mei", "password": "correct horse"}
    answer = await api.post("/api/oauth/token", data=form)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture
def upload(api: httpx.AsyncClient, manager: dict[str, str]) -> Upload:
    """Send a table of severity; return its version."""

    async def send(source: bytes) -> str:
        headers = {**manager, "Content-Type": "application/xml"}
        answer = await api.post("/api/rules/severity/versions", content=source, headers=headers)
        assert answer.status_code == 201, answer.text
        assert answer.json()["version"] == version_of(source)
        return version_of(source)

    return send


def severity_table(*rows: tuple[Sequence[str], str], policy: str = "FIRST") -> bytes:
    """A table of severity by kind and declared value."""
    inputs = (Drawn("kind", "string", "类型"), Drawn("declared_value", "number", "声明价值"))
    drawn: list[Any] = [(cells, [f'"{severity}"']) for cells, severity in rows]
    return Board("severity", inputs, (Drawn("severity"),), drawn, policy).source()
