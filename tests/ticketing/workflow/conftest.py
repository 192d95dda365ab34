"""Who may draw processes, and processes to upload."""

from __future__ import annotations

import httpx
import pytest

from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.workflow.definitions import shipped


@pytest.fixture
async def manager(house: House, api: httpx.AsyncClient) -> dict[str, str]:
    """The headers of a signed-in manager."""
    async with house.db.transaction() as session:
        await accounts.put_person(session, "mei", "correct horse", Role.MANAGER, clock.now())
    form = {"grant_type": "password", "username": "mei", "password": "correct horse"}
    answer = await api.post("/api/oauth/token", data=form)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture
def urge() -> bytes:
    """The shipped process of urging with another word in it."""
    return renamed("催件")


def renamed(label: str) -> bytes:
    """The shipped process of urging whose second step is called something else."""
    source = shipped().for_kind("urge").source
    return source.replace('name="催件"'.encode(), f'name="{label}中"'.encode())
