"""Adding people from the command line."""

from __future__ import annotations

import httpx
import pytest

from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.run.people import PasswordTooShort, add


async def test_an_added_person_can_sign_in_with_the_newest_password(
    house: House, api: httpx.AsyncClient
) -> None:
    for password in ("first password", "second password"):
        await add(house.settings, Role.AGENT, "bella", password)
    form = {"grant_type": "password", "username": "bella"}
    old = await api.post("/api/oauth/token", data={**form, "password": "first password"})
    new = await api.post("/api/oauth/token", data={**form, "password": "second password"})
    assert (old.status_code, new.status_code) == (401, 200)


async def test_a_short_password_is_refused(house: House) -> None:
    with pytest.raises(PasswordTooShort):
        await add(house.settings, Role.AGENT, "bella", "short")
