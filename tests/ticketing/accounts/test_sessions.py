"""Sign-ins: begun with a cookie or a token, listed, ended by oneself, by others, everywhere."""

from __future__ import annotations

import asyncio
import uuid
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import select, update

from tests.ticketing.people import PASSWORD, headers_of, sign_in, token_of
from ticketing.accounts import service, session_cookie, sessions, sessions_sql
from ticketing.accounts.models import SignIn
from ticketing.accounts.sessions import CONSOLE_LIFETIME, KEPT_FOR, Origin
from ticketing.accounts.tokens import Caller, Role, issue, read
from ticketing.app import build
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.db import Database
from ticketing.kernel.errors import NotSignedIn

Headers = dict[str, str]
SECRET = "a-secret-key-of-at-least-32-bytes"
OURS = {"X-Yiwen": "console"}
BODY = {"username": "anna", "password": PASSWORD}


@pytest.fixture
async def anna(house: House) -> None:
    """Somebody who may sign in."""
    async with house.db.transaction() as session:
        await service.put_person(session, "anna", PASSWORD, Role.AGENT, clock.now())


async def enter(api: httpx.AsyncClient, **more: Any) -> httpx.Response:
    """Sign in at the console."""
    return await api.post("/api/session", json={**BODY, **more})


async def sessions_seen(api: httpx.AsyncClient, headers: Headers) -> list[dict[str, Any]]:
    """Where somebody is signed in, by their own account page."""
    found: list[dict[str, Any]] = (await api.get("/api/me/sessions", headers=headers)).json()
    return found


@pytest.mark.usefixtures("anna")
async def test_the_console_signs_in_by_a_cookie_that_no_script_can_read(
    api: httpx.AsyncClient,
) -> None:
    entered = await enter(api)
    assert entered.status_code == 200
    assert entered.json()["permissions"] == ["own", "talk", "tickets"]
    given, mark = entered.headers.get_list("set-cookie")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(given.split("; "))
    assert "Secure" not in given, "the demo speaks http"
    assert mark.startswith("yw_signed_in=1; ")
    assert "HttpOnly" not in mark, "pages read this one"
    assert (await api.get("/api/me")).json()["name"] == "anna"


@pytest.mark.usefixtures("anna")
async def test_over_https_the_cookie_never_leaves_it(house: House) -> None:
    transport = httpx.ASGITransport(build(house))
    async with httpx.AsyncClient(transport=transport, base_url="https://house") as safe:
        entered = await enter(safe)
    assert all("Secure" in each.split("; ") for each in entered.headers.get_list("set-cookie"))


@pytest.mark.usefixtures("anna")
async def test_with_the_cookie_alone_nothing_is_changed(api: httpx.AsyncClient) -> None:
    await enter(api)
    refused = await api.post("/api/presence", json={})
    assert (refused.status_code, refused.json()["error"]) == (401, "not_signed_in")
    other = await api.post("/api/presence", json={}, headers={"X-Yiwen": "elsewhere"})
    assert other.status_code == 401
    assert (await api.post("/api/presence", json={}, headers=OURS)).status_code == 200


@pytest.mark.usefixtures("anna")
async def test_a_bearer_token_counts_before_the_cookie(
    house: House, api: httpx.AsyncClient
) -> None:
    await enter(api)
    mina = await sign_in(house, api, "mina", Role.MANAGER)
    assert (await api.get("/api/me", headers=mina)).json()["name"] == "mina"
    wrong = {"Authorization": "Bearer nonsense"}
    assert (await api.get("/api/me", headers=wrong)).status_code == 401


@pytest.mark.usefixtures("anna")
async def test_whoever_signs_out_is_out_even_with_the_old_cookie(api: httpx.AsyncClient) -> None:
    await enter(api)
    kept = dict(api.cookies)
    left = await api.delete("/api/session", headers=OURS)
    assert left.status_code == 204
    gone = [each.split("; ")[0] for each in left.headers.get_list("set-cookie")]
    assert gone == ['yw_session=""', 'yw_signed_in=""']
    refused = await api.get("/api/me", headers={"Cookie": f"yw_session={kept['yw_session']}"})
    assert (refused.status_code, refused.json()["error"]) == (401, "not_signed_in")


@pytest.mark.usefixtures("anna")
async def test_one_sees_where_one_is_signed_in_and_ends_it_elsewhere(
    house: House, api: httpx.AsyncClient
) -> None:
    await api.post("/api/session", json=BODY, headers={"User-Agent": "Firefox"})
    phone = headers_of(house, "anna", Role.AGENT)
    seen = await sessions_seen(api, phone)
    assert sorted((each["how"], each["is_current"]) for each in seen) == [
        ("password", False),
        ("token", True),
    ]
    browser = next(each for each in seen if not each["is_current"])
    assert (browser["agent"], browser["address"]) == ("Firefox", "127.0.0.1")
    ended = await api.delete(f"/api/me/sessions/{browser['id']}", headers=phone)
    assert ended.status_code == 204
    assert (await api.get("/api/me")).status_code == 401
    assert [each["is_current"] for each in await sessions_seen(api, phone)] == [True]


@pytest.mark.usefixtures("anna")
async def test_nobody_ends_the_session_of_another(house: House, api: httpx.AsyncClient) -> None:
    mina = await sign_in(house, api, "mina", Role.MANAGER)
    (hers,) = await sessions_seen(api, mina)
    anna = headers_of(house, "anna", Role.AGENT)
    for number in (hers["id"], uuid.uuid4()):
        refused = await api.delete(f"/api/me/sessions/{number}", headers=anna)
        assert (refused.status_code, refused.json()["error"]) == (404, "unknown_sign_in")
    assert (await api.get("/api/me", headers=mina)).status_code == 200


@pytest.mark.usefixtures("anna")
async def test_a_new_password_ends_every_other_session(
    house: House, api: httpx.AsyncClient
) -> None:
    here, there = (headers_of(house, "anna", Role.AGENT) for _ in range(2))
    wrong = {"old": "not it", "new": "another horse"}
    refused = await api.post("/api/me/password", json=wrong, headers=here)
    assert (refused.status_code, refused.json()["error"]) == (422, "wrong_password")
    right = {"old": PASSWORD, "new": "another horse"}
    changed = await api.post("/api/me/password", json=right, headers=here)
    assert changed.status_code == 204
    assert (await api.get("/api/me", headers=here)).status_code == 200
    assert (await api.get("/api/me", headers=there)).status_code == 401
    assert (await enter(api)).json()["error"] == "invalid_grant"
    assert (await enter(api, password="another horse")).status_code == 200


@pytest.mark.usefixtures("anna")
async def test_whoever_finds_somebody_signed_in_may_not_guess_their_password_for_ever(
    house: House, api: httpx.AsyncClient
) -> None:
    here = headers_of(house, "anna", Role.AGENT)
    wrong = {"old": "not it", "new": "another horse"}
    said = [await api.post("/api/me/password", json=wrong, headers=here) for _ in range(11)]
    assert [answer.status_code for answer in said] == [422] * 10 + [429]
    assert said[-1].json()["error"] == "too_many_tries"
    assert int(said[-1].headers["Retry-After"]) > 0
    right = {"old": PASSWORD, "new": "another horse"}
    assert (await api.post("/api/me/password", json=right, headers=here)).status_code == 429
    assert (await enter(api)).status_code == 200


@pytest.mark.usefixtures("anna")
async def test_who_knows_their_password_begins_anew(house: House, api: httpx.AsyncClient) -> None:
    here = headers_of(house, "anna", Role.AGENT)
    old, new = PASSWORD, "another horse"
    for _ in range(2):
        for _ in range(8):
            wrong = {"old": "not it", "new": "another horse"}
            await api.post("/api/me/password", json=wrong, headers=here)
        right = {"old": old, "new": new}
        changed = await api.post("/api/me/password", json=right, headers=here)
        assert changed.status_code == 204
        old, new = new, old


@pytest.mark.usefixtures("anna")
async def test_signed_out_everywhere_one_is_out_in_each_of_many_places(
    house: House, api: httpx.AsyncClient
) -> None:
    everywhere = [headers_of(house, "anna", Role.AGENT) for _ in range(3)]
    for headers in everywhere:
        assert (await api.get("/api/me", headers=headers)).status_code == 200
    mina = await sign_in(house, api, "mina", Role.MANAGER)
    ended = await api.delete("/api/people/anna/sessions", headers=mina)
    assert ended.status_code == 204
    for headers in everywhere:
        assert (await api.get("/api/me", headers=headers)).status_code == 401


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "another horse"}])
async def test_who_leaves_or_is_given_a_password_is_out_everywhere(
    house: House, api: httpx.AsyncClient, change: dict[str, Any]
) -> None:
    mina = await sign_in(house, api, "mina", Role.MANAGER)
    anna = headers_of(house, "anna", Role.AGENT)
    await api.patch("/api/people/anna", json=change, headers=mina)
    await api.patch("/api/people/anna", json={"is_active": True}, headers=mina)
    assert (await api.get("/api/me", headers=anna)).status_code == 401


@pytest.mark.usefixtures("anna")
async def test_a_manager_sees_and_ends_everybodys_sessions(
    house: House, api: httpx.AsyncClient
) -> None:
    mina = await sign_in(house, api, "mina", Role.MANAGER)
    anna = [headers_of(house, "anna", Role.AGENT) for _ in range(2)]
    listed = await api.get("/api/people/anna/sessions", headers=mina)
    assert [each["username"] for each in listed.json()] == ["anna", "anna"]
    ended = await api.delete("/api/people/anna/sessions", headers=mina)
    assert ended.status_code == 204
    for headers in anna:
        assert (await api.get("/api/me", headers=headers)).status_code == 401
    unknown = await api.get("/api/people/nobody/sessions", headers=mina)
    assert (unknown.status_code, unknown.json()["error"]) == (404, "unknown_person")


@pytest.mark.usefixtures("anna")
async def test_a_token_without_a_sign_in_speaks_for_nobody(
    house: House, api: httpx.AsyncClient
) -> None:
    of_nothing = issue(Caller("anna", Role.AGENT), SECRET, clock.now())
    of_another = read(token_of(house, "mina", Role.AGENT), SECRET).sid
    for sid in (None, uuid.uuid4(), of_another):
        token = issue(Caller("anna", Role.AGENT, sid), SECRET, clock.now())
        refused = await api.get("/api/me", headers={"Authorization": f"Bearer {token}"})
        assert refused.status_code == 401
    refused = await api.get("/api/me", headers={"Authorization": f"Bearer {of_nothing}"})
    assert refused.status_code == 401


@pytest.mark.usefixtures("anna")
async def test_a_system_cannot_use_the_sign_in_of_a_person_of_its_name(
    house: House, api: httpx.AsyncClient
) -> None:
    async with house.db.transaction() as session:
        await service.put_system(session, "anna", "shop-secret", clock.now())
    sid = read(token_of(house, "anna", Role.AGENT), SECRET).sid
    token = issue(Caller("anna", Role.SYSTEM, sid), SECRET, clock.now())
    refused = await api.get("/api/tickets", headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 401


@pytest.mark.usefixtures("anna")
async def test_a_sign_in_that_is_over_counts_no_more(house: House, api: httpx.AsyncClient) -> None:
    anna = headers_of(house, "anna", Role.AGENT)
    async with house.db.transaction() as session:
        past = clock.now() - timedelta(seconds=1)
        await session.execute(update(SignIn).values(expires_at=past))
    assert (await api.get("/api/me", headers=anna)).status_code == 401


@pytest.mark.usefixtures("anna")
async def test_another_process_refuses_an_ended_sign_in_as_soon_as_it_looks_anew(
    house: House,
) -> None:
    elsewhere = Database(house.settings.sqlalchemy_url, {})
    token = token_of(house, "anna", Role.AGENT)
    async with elsewhere.transaction() as session:
        assert (await service.caller_of_token(session, token, SECRET)).name == "anna"
    async with house.db.transaction() as session:
        assert await sessions.end(session, "anna", clock.now()) == 1
    async with elsewhere.transaction() as session:
        assert (await service.caller_of_token(session, token, SECRET)).name == "anna"
        session.info["cache"].pop("accounts.sign_ins_ended")
        with pytest.raises(NotSignedIn):
            await service.caller_of_token(session, token, SECRET)
    await elsewhere.close()


@pytest.mark.usefixtures("anna")
async def test_sockets_are_told_whose_session_has_ended(house: House) -> None:
    sid = read(token_of(house, "anna", Role.AGENT), SECRET).sid
    connection = await psycopg.AsyncConnection.connect(house.settings.database_url, autocommit=True)
    async with connection:
        await connection.execute(f"LISTEN {sessions.SIGNED_OUT}")
        async with house.db.transaction() as session:
            await sessions.end(session, "anna", clock.now())
        heard = [each.payload async for each in connection.notifies(timeout=10, stop_after=1)]
    assert heard == [str(sid)]


@pytest.mark.usefixtures("anna")
async def test_a_sign_in_in_use_is_seen_every_five_minutes_and_by_one_of_many(
    house: House, api: httpx.AsyncClient
) -> None:
    anna = headers_of(house, "anna", Role.AGENT)
    long_ago = clock.now() - timedelta(hours=1)
    async with house.db.transaction() as session:
        await session.execute(update(SignIn).values(seen_at=long_ago))
    await asyncio.gather(*(api.get("/api/queues", headers=anna) for _ in range(4)))
    async with house.db.transaction() as session:
        first = await session.scalar(select(SignIn.seen_at))
    await api.get("/api/queues", headers=anna)
    async with house.db.transaction() as session:
        second = await session.scalar(select(SignIn.seen_at))
    assert first is not None
    assert first > long_ago + timedelta(minutes=50)
    assert second == first


async def test_what_is_over_for_long_is_forgotten(house: House) -> None:
    now = clock.now()
    token_of(house, "old", Role.AGENT)
    async with house.db.transaction() as session:
        await session.execute(update(SignIn).values(expires_at=now - KEPT_FOR - timedelta(days=1)))
        caller = Caller("anna", Role.AGENT)
        origin = Origin("127.0.0.1")
        await sessions.begin(session, caller, "token", origin, now, lifetime=CONSOLE_LIFETIME)
    async with house.db.transaction() as session:
        assert list(await session.scalars(select(SignIn.username))) == ["anna"]


async def test_of_many_only_the_named_sign_ins_end(house: House) -> None:
    one, other = (read(token_of(house, "anna", Role.AGENT), SECRET).sid for _ in range(2))
    assert one is not None
    async with house.db.transaction() as session:
        assert list(await sessions_sql.end(session, "anna", clock.now(), but=one)) == [other]
        assert list(await sessions_sql.end(session, "anna", clock.now(), only=one)) == [one]
        assert await sessions.end(session, "anna", clock.now()) == 0


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("yw_session=abc.def.ghi", "abc.def.ghi"),
        ("a=b; yw_session=abc; c=d", "abc"),
        ("a=b", None),
        ("", None),
    ],
)
def test_a_socket_finds_the_token_in_its_cookies(header: str, token: str | None) -> None:
    assert session_cookie.of_header(header) == token
