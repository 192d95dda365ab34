"""People who sign in."""

from __future__ import annotations

import httpx

from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.kernel import clock


async def sign_in(house: House, api: httpx.AsyncClient, name: str, role: Role) -> dict[str, str]:
    """The headers of somebody who has just been made known and has signed in."""
    async with house.db.transaction() as session:
        await accounts.put_person(session, name, "correct horse", role, clock.now())
    form = {"grant_type": "password", "username": name, "password": "correct horse"}
    answer = await api.post("/api/oauth/token", data=form)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}
