"""The second factor: set up, asked for, used once, recovered, removed, demanded of roles."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pyotp
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from tests.ticketing.people import PASSWORD, headers_of, sign_in
from ticketing.accounts import second_factor, service
from ticketing.accounts.keys import Box, NotOurs
from ticketing.accounts.models import RecoveryCode, SecondFactor
from ticketing.accounts.second_factor import SECONDS
from ticketing.accounts.throttle import NAME_TRIES
from ticketing.accounts.tokens import Role
from ticketing.app import build
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.settings import Settings

Headers = dict[str, str]
Json = dict[str, Any]


@pytest.fixture
async def anna(house: House, api: httpx.AsyncClient) -> Headers:
    """The headers of somebody without a second factor."""
    return await sign_in(house, api, "anna", Role.AGENT)


async def set_up(api: httpx.AsyncClient, headers: Headers) -> Json:
    """Set up a second factor and confirm it with the code of the half-minute before."""
    shown: Json = (await api.post("/api/me/second-factor", headers=headers)).json()
    body = {"code": code_of(shown["secret"], -1)}
    confirmed = await api.post("/api/me/second-factor/confirm", json=body, headers=headers)
    assert confirmed.status_code == 204, confirmed.text
    return shown


def code_of(secret: str, half_minutes: int = 0) -> str:
    """What the app shows now, or showed, or will show."""
    at = clock.now() + timedelta(seconds=SECONDS * half_minutes)
    return str(pyotp.TOTP(secret).at(at))


async def enter(api: httpx.AsyncClient, code: str = "", password: str = PASSWORD) -> httpx.Response:
    """Sign in at the console."""
    body = {"username": "anna", "password": password, "code": code}
    return await api.post("/api/session", json=body)


async def test_a_second_factor_counts_once_confirmed(api: httpx.AsyncClient, anna: Headers) -> None:
    shown = (await api.post("/api/me/second-factor", headers=anna)).json()
    assert shown["uri"].startswith("otpauth://totp/")
    assert shown["qr_svg"].startswith("<svg")
    assert len(set(shown["recovery_codes"])) == 10
    assert (await enter(api)).status_code == 200, "not confirmed yet"
    wrong = {"code": "000000"}
    refused = await api.post("/api/me/second-factor/confirm", json=wrong, headers=anna)
    assert (refused.status_code, refused.json()["error"]) == (422, "code_not_right")
    right = {"code": code_of(shown["secret"])}
    await api.post("/api/me/second-factor/confirm", json=right, headers=anna)
    assert (await api.get("/api/me", headers=anna)).json()["has_second_factor"] is True


async def test_signing_in_asks_for_a_code_after_the_password(
    api: httpx.AsyncClient, anna: Headers
) -> None:
    shown = await set_up(api, anna)
    assert (await enter(api, password="wrong")).json()["error"] == "invalid_grant"
    needed = await enter(api)
    assert (needed.status_code, needed.json()["error"]) == (401, "second_factor_needed")
    wrong = await enter(api, "123456")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "second_factor_wrong")
    assert (await enter(api, code_of(shown["secret"]))).status_code == 200


async def test_no_code_counts_twice(api: httpx.AsyncClient, anna: Headers) -> None:
    shown = await set_up(api, anna)
    code = code_of(shown["secret"])
    assert (await enter(api, code)).status_code == 200
    assert (await enter(api, code)).json()["error"] == "second_factor_wrong"
    assert (await enter(api, code_of(shown["secret"], -1))).status_code == 401, "the one before"


async def test_the_programs_door_asks_for_a_code_too(api: httpx.AsyncClient, anna: Headers) -> None:
    shown = await set_up(api, anna)
    form = {"grant_type": "password", "username": "anna", "password": PASSWORD}
    needed = await api.post("/api/oauth/token", data=form)
    assert (needed.status_code, needed.json()["error"]) == (401, "second_factor_needed")
    form["code"] = code_of(shown["secret"])
    assert (await api.post("/api/oauth/token", data=form)).status_code == 200


async def test_a_recovery_code_stands_in_once_however_it_is_written(
    api: httpx.AsyncClient, anna: Headers
) -> None:
    one, other, *_ = (await set_up(api, anna))["recovery_codes"]
    assert (await enter(api, one)).status_code == 200
    assert (await enter(api, one)).json()["error"] == "second_factor_wrong"
    assert (await enter(api, other.replace("-", "").upper())).status_code == 200


async def test_a_second_factor_is_removed_by_a_code_of_it(
    api: httpx.AsyncClient, anna: Headers
) -> None:
    shown = await set_up(api, anna)
    again = await api.post("/api/me/second-factor", headers=anna)
    assert (again.status_code, again.json()["error"]) == (409, "second_factor_kept")
    for code, status in (("000000", 422), (shown["recovery_codes"][0], 204)):
        body = {"code": code}
        removed = await api.request("DELETE", "/api/me/second-factor", json=body, headers=anna)
        assert removed.status_code == status
    assert (await enter(api)).status_code == 200
    gone = await api.request("DELETE", "/api/me/second-factor", json=body, headers=anna)
    assert (gone.status_code, gone.json()["error"]) == (404, "no_second_factor")


async def test_no_code_is_found_by_trying(api: httpx.AsyncClient, anna: Headers) -> None:
    shown = await set_up(api, anna)
    for code in [f"{number:06}" for number in range(NAME_TRIES)]:
        tried = await api.request(
            "DELETE", "/api/me/second-factor", json={"code": code}, headers=anna
        )
        assert tried.status_code == 422
    body = {"code": code_of(shown["secret"])}
    refused = await api.request("DELETE", "/api/me/second-factor", json=body, headers=anna)
    assert (refused.status_code, refused.json()["error"]) == (429, "too_many_tries")


async def test_what_was_never_begun_cannot_be_confirmed(
    api: httpx.AsyncClient, anna: Headers
) -> None:
    body = {"code": "000000"}
    refused = await api.post("/api/me/second-factor/confirm", json=body, headers=anna)
    assert (refused.status_code, refused.json()["error"]) == (404, "no_second_factor")
    shown = await set_up(api, anna)
    body = {"code": code_of(shown["secret"])}
    again = await api.post("/api/me/second-factor/confirm", json=body, headers=anna)
    assert (again.status_code, again.json()["error"]) == (409, "second_factor_kept")


async def test_a_manager_removes_the_second_factor_somebody_has_lost(
    house: House, api: httpx.AsyncClient, anna: Headers
) -> None:
    await set_up(api, anna)
    mina = headers_of(house, "mina", Role.MANAGER)
    async with house.db.transaction() as session:
        await service.put_person(session, "mina", PASSWORD, Role.MANAGER, clock.now())
    removed = await api.delete("/api/people/anna/second-factor", headers=mina)
    assert removed.status_code == 204
    assert (await enter(api)).status_code == 200


async def test_neither_secret_nor_codes_lie_open_in_the_database(
    house: House, api: httpx.AsyncClient, anna: Headers
) -> None:
    shown = await set_up(api, anna)
    async with house.db.transaction() as session:
        kept = (await session.scalars(select(SecondFactor))).one()
        hashes = list(await session.scalars(select(RecoveryCode.code_hash)))
    assert shown["secret"] not in kept.secret
    assert second_factor.box(house.settings.secret_key).open(kept.secret) == shown["secret"]
    assert {len(each) for each in hashes} == {64}


async def test_after_a_new_secret_key_only_a_recovery_code_opens(
    house: House, api: httpx.AsyncClient, anna: Headers
) -> None:
    shown = await set_up(api, anna)
    other, now = second_factor.box(SecretStr("another key of thirty-two bytes!")), clock.now()
    async with house.db.transaction() as session:
        code = code_of(shown["secret"])
        assert not await second_factor.is_right(session, "anna", code, other, now)
        recovery = shown["recovery_codes"][0]
        assert await second_factor.is_right(session, "anna", recovery, other, now)


@pytest.fixture
def strict(house: House) -> House:
    """A house that wants a second factor of its agents."""
    wanted = {**house.settings.model_dump(), "second_factor_roles": "agent, admin"}
    return replace(house, settings=Settings(**wanted))


async def test_a_role_that_must_have_one_reaches_its_account_until_it_has(
    strict: House, api: httpx.AsyncClient, anna: Headers
) -> None:
    transport = httpx.ASGITransport(build(strict))
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as there:
        refused = await there.get("/api/tickets", headers=anna)
        assert (refused.status_code, refused.json()["error"]) == (403, "second_factor_missing")
        await set_up(there, anna)
        assert (await there.get("/api/tickets", headers=anna)).status_code == 200
    lena = await sign_in(strict, api, "lena", Role.LEAD)
    assert (await api.get("/api/tickets", headers=lena)).status_code == 200


def test_what_is_sealed_for_one_purpose_opens_for_no_other() -> None:
    key = SecretStr("a-secret-key-of-at-least-32-bytes")
    sealed = Box(key, "one").close("secret")
    assert Box(key, "one").open(sealed) == "secret"
    for other in (Box(key, "other"), Box(SecretStr("another"), "one")):
        with pytest.raises(NotOurs):
            other.open(sealed)
    with pytest.raises(NotOurs):
        Box(key, "one").open(sealed, no_older_than=timedelta(seconds=-1))


def test_codes_are_those_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    at = datetime.fromisoformat("2005-03-18T01:58:29+00:00")
    assert pyotp.TOTP(secret, digits=8).at(at) == "07081804"
