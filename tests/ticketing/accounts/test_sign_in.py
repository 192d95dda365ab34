"""Signing in, through the OAuth2 door."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from ticketing.accounts import service, tokens
from ticketing.accounts.tokens import Caller, Role
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.errors import NotSignedIn
from ticketing.kernel.settings import PlaceholderSecret, Settings

DOOR = "/api/oauth/token"
SECRET = "a-secret-key-of-at-least-32-bytes"


@pytest.fixture
async def known(house: House) -> None:
    async with house.db.transaction() as session:
        await service.put_person(session, "anna", "correct horse", Role.AGENT, clock.now())
        await service.put_system(session, "shop", "shop-secret", clock.now())


@pytest.mark.usefixtures("known")
async def test_a_person_signs_in_with_name_and_password(api: httpx.AsyncClient) -> None:
    form = {"grant_type": "password", "username": "anna", "password": "correct horse"}
    answer = await api.post(DOOR, data=form)
    assert answer.status_code == 200
    assert tokens.read(answer.json()["access_token"], SECRET) == Caller("anna", Role.AGENT)
    assert answer.json()["token_type"] == "bearer"


@pytest.mark.usefixtures("known")
async def test_a_system_signs_in_with_its_credentials(api: httpx.AsyncClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": "shop", "client_secret": "shop-secret"}
    answer = await api.post(DOOR, data=form)
    assert tokens.read(answer.json()["access_token"], SECRET).role is Role.SYSTEM


@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "password", "username": "anna", "password": "wrong"},
        {"grant_type": "password", "username": "nobody", "password": "correct horse"},
        {"grant_type": "client_credentials", "client_id": "shop", "client_secret": "wrong"},
        {"grant_type": "client_credentials", "client_id": "anna", "client_secret": "correct horse"},
    ],
)
@pytest.mark.usefixtures("known")
async def test_a_wrong_pair_says_nothing_about_which_half_is_wrong(
    api: httpx.AsyncClient, form: dict[str, str]
) -> None:
    answer = await api.post(DOOR, data=form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_grant")


async def test_an_unknown_grant_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.post(DOOR, data={"grant_type": "implicit"})
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_request")


def test_an_expired_token_speaks_for_nobody() -> None:
    then = clock.now() - tokens.LIFETIME - timedelta(seconds=1)
    old = tokens.issue(Caller("anna", Role.AGENT), SECRET, then)
    with pytest.raises(NotSignedIn):
        tokens.read(old, SECRET)


def test_a_token_of_another_house_speaks_for_nobody() -> None:
    foreign = tokens.issue(
        Caller("anna", Role.AGENT), "another-secret-key-of-32-bytes!!", clock.now()
    )
    with pytest.raises(NotSignedIn):
        tokens.read(foreign, SECRET)


def test_placeholder_secrets_are_refused_in_earnest() -> None:
    with pytest.raises(ValueError, match="SECRET_KEY must be set") as refused:
        Settings(demo=False)
    assert PlaceholderSecret.__name__ not in str(refused.value)


@pytest.mark.usefixtures("known")
async def test_in_earnest_the_rest_channel_needs_a_systems_token(api: httpx.AsyncClient) -> None:
    form = {"grant_type": "password", "username": "anna", "password": "correct horse"}
    agent = (await api.post(DOOR, data=form)).json()["access_token"]
    body = {"sender": "wang", "message": "你好"}
    headers = {"Authorization": f"Bearer {agent}"}
    refused = await api.post("/webhooks/rest/webhook", json=body, headers=headers)
    assert (refused.status_code, refused.json()["error"]) == (403, "not_allowed")
