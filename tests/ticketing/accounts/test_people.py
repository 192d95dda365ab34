"""A manager adds and changes people; whoever leaves is out within seconds."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from tests.ticketing.people import headers_of, token_of
from ticketing.accounts import service
from ticketing.accounts.events import PersonLeft
from ticketing.accounts.models import Person
from ticketing.accounts.service import PersonChange, Standing
from ticketing.accounts.tokens import Caller, Role, read
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.db import LISTENERS, Database

Headers = dict[str, str]
SECRET = "a-secret-key-of-at-least-32-bytes"
ANNA = {
    "username": "anna",
    "display_name": "安娜",
    "role": "agent",
    "password": "correct horse",
}


async def hire(house: House, username: str, role: Role) -> None:
    """Let somebody work here, without a password that would take time to hash."""
    async with house.db.transaction() as session:
        row = Person(username=username, display_name=username, role=str(role), is_active=True)
        row.password_hash, row.created_at = "no way in", clock.now()
        session.add(row)


@pytest.fixture
async def mina(house: House) -> Headers:
    """The headers of a manager."""
    await hire(house, "mina", Role.MANAGER)
    return headers_of(house, "mina", Role.MANAGER)


async def sign_in(api: httpx.AsyncClient, username: str, password: str) -> httpx.Response:
    form = {"grant_type": "password", "username": username, "password": password}
    return await api.post("/api/oauth/token", data=form)


async def test_whoever_is_added_signs_in_and_knows_who_they_are(
    api: httpx.AsyncClient, mina: Headers
) -> None:
    added = await api.post("/api/people", json=ANNA, headers=mina)
    assert added.status_code == 201
    assert added.json().items() >= {"username": "anna", "role": "agent", "is_active": True}.items()
    token = (await sign_in(api, "anna", "correct horse")).json()["access_token"]
    me = await api.get("/api/me", headers={"Authorization": f"Bearer {token}"})
    assert me.json() == {
        "name": "anna",
        "display_name": "安娜",
        "role": "agent",
        "permissions": ["own", "talk", "tickets"],
        "has_second_factor": False,
    }


async def test_no_hash_ever_crosses_the_wire(api: httpx.AsyncClient, mina: Headers) -> None:
    added = await api.post("/api/people", json=ANNA, headers=mina)
    changed = await api.patch("/api/people/anna", json={"display_name": "安"}, headers=mina)
    listed = await api.get("/api/people", headers=mina)
    for answer in (added, changed, listed):
        assert "hash" not in answer.text
        assert "argon" not in answer.text


async def test_a_taken_username_is_refused_and_its_owner_stays_as_they_are(
    api: httpx.AsyncClient, mina: Headers
) -> None:
    again = {**ANNA, "username": "mina", "role": "agent"}
    refused = await api.post("/api/people", json=again, headers=mina)
    assert (refused.status_code, refused.json()["error"]) == (409, "person_exists")
    assert (await api.get("/api/me", headers=mina)).json()["role"] == "manager"


async def test_of_many_who_add_the_same_person_at_once_one_does(
    api: httpx.AsyncClient, mina: Headers
) -> None:
    answers = await asyncio.gather(
        *(api.post("/api/people", json=ANNA, headers=mina) for _ in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "an na"},
        {"username": ""},
        {"password": "short"},
        {"role": "system"},
        {"role": "assistant"},
        {"display_name": " "},
        {"password": "correct\u0000horse"},
    ],
)
async def test_what_cannot_be_a_person_is_refused(
    api: httpx.AsyncClient, mina: Headers, wrong: dict[str, Any]
) -> None:
    refused = await api.post("/api/people", json={**ANNA, **wrong}, headers=mina)
    assert (refused.status_code, refused.json()["error"]) == (422, "invalid_request")


async def test_people_are_listed_page_by_page(
    house: House, api: httpx.AsyncClient, mina: Headers
) -> None:
    for number in range(4):
        await hire(house, f"agent{number}", Role.AGENT)
    seen, cursor = [], None
    while True:
        wanted = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await api.get("/api/people", params=wanted, headers=mina)).json()
        seen += [person["username"] for person in page["people"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["mina", "agent0", "agent1", "agent2", "agent3"]


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD])
async def test_only_managers_manage(house: House, api: httpx.AsyncClient, role: Role) -> None:
    await hire(house, "lena", role)
    lena = headers_of(house, "lena", role)
    answers = [
        await api.get("/api/people", headers=lena),
        await api.post("/api/people", json=ANNA, headers=lena),
        await api.patch("/api/people/lena", json={"role": "manager"}, headers=lena),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert (await api.get("/api/people")).status_code == 401


async def test_a_lead_may_what_an_agent_may(house: House, api: httpx.AsyncClient) -> None:
    await hire(house, "lena", Role.LEAD)
    lena = headers_of(house, "lena", Role.LEAD)
    for door in ("/api/tickets", "/api/desk"):
        assert (await api.get(door, headers=lena)).status_code == 200


async def test_a_new_password_replaces_the_old_one(api: httpx.AsyncClient, mina: Headers) -> None:
    await api.post("/api/people", json=ANNA, headers=mina)
    await api.patch("/api/people/anna", json={"password": "another horse"}, headers=mina)
    assert (await sign_in(api, "anna", "correct horse")).status_code == 401
    assert (await sign_in(api, "anna", "another horse")).status_code == 200


async def test_whoever_leaves_is_out_at_once_in_this_process(
    house: House, api: httpx.AsyncClient, mina: Headers
) -> None:
    await hire(house, "anna", Role.AGENT)
    anna = headers_of(house, "anna", Role.AGENT)
    assert (await api.get("/api/me", headers=anna)).status_code == 200
    await api.patch("/api/people/anna", json={"is_active": False}, headers=mina)
    refused = await api.get("/api/me", headers=anna)
    assert (refused.status_code, refused.json()["error"]) == (401, "not_signed_in")
    await api.patch("/api/people/anna", json={"is_active": True}, headers=mina)
    assert (await api.get("/api/me", headers=anna)).status_code == 401, "signed out for good"
    anna = headers_of(house, "anna", Role.AGENT)
    assert (await api.get("/api/me", headers=anna)).status_code == 200


async def test_another_process_sees_it_as_soon_as_it_looks_anew(house: House) -> None:
    await hire(house, "anna", Role.AGENT)
    elsewhere = Database(house.settings.sqlalchemy_url, {})
    anna = read(token_of(house, "anna", Role.AGENT), SECRET)
    async with elsewhere.transaction() as session:
        assert await service.in_good_standing(session, anna) == anna
    async with house.db.transaction() as session:
        await session.execute(update(Person).values(is_active=False))
    async with elsewhere.transaction() as session:
        standing = await service.current_standing(session)
        assert standing.of(anna) == anna, "what was looked up a moment ago still counts"
        service.look_anew(session)
        assert (await service.current_standing(session)).of(anna) is None
    await elsewhere.close()


async def test_a_newcomer_never_waits_for_others_to_forget(
    house: House, api: httpx.AsyncClient, mina: Headers
) -> None:
    assert (await api.get("/api/me", headers=mina)).status_code == 200
    await hire(house, "anna", Role.AGENT)
    anna = headers_of(house, "anna", Role.AGENT)
    assert (await api.get("/api/me", headers=anna)).status_code == 200


async def test_todays_role_counts_and_not_the_tokens(house: House, api: httpx.AsyncClient) -> None:
    await hire(house, "anna", Role.AGENT)
    forged = headers_of(house, "anna", Role.MANAGER)
    assert (await api.get("/api/people", headers=forged)).status_code == 403
    assert (await api.get("/api/me", headers=forged)).json()["role"] == "agent"


async def test_a_system_that_is_unknown_is_not_signed_in(
    house: House, api: httpx.AsyncClient
) -> None:
    async with house.db.transaction() as session:
        await service.put_system(session, "shop", "shop-secret", clock.now())
    known, unknown = (headers_of(house, name, Role.SYSTEM) for name in ("shop", "thief"))
    assert (await api.get("/api/tickets", headers=known)).status_code == 200
    assert (await api.get("/api/tickets", headers=unknown)).status_code == 401


def test_a_person_and_a_system_of_one_name_are_two() -> None:
    standing = Standing({"anna": "agent"}, frozenset({"shop"}))
    assert standing.of(Caller("anna", Role.SYSTEM)) is None
    assert standing.of(Caller("shop", Role.MANAGER)) is None
    assert standing.of(Caller("shop", Role.SYSTEM)) == Caller("shop", Role.SYSTEM)


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "agent"}])
async def test_a_manager_does_not_lock_themselves_out(
    api: httpx.AsyncClient, mina: Headers, change: dict[str, Any]
) -> None:
    refused = await api.patch("/api/people/mina", json=change, headers=mina)
    assert (refused.status_code, refused.json()["error"]) == (409, "own_account")
    same = await api.patch("/api/people/mina", json={"role": "manager"}, headers=mina)
    assert same.status_code == 200


@pytest.fixture
async def ada(house: House) -> Headers:
    """The headers of an admin."""
    await hire(house, "ada", Role.ADMIN)
    return headers_of(house, "ada", Role.ADMIN)


async def test_only_an_admin_makes_an_admin(
    api: httpx.AsyncClient, mina: Headers, ada: Headers
) -> None:
    body = {**ANNA, "role": "admin"}
    refused = await api.post("/api/people", json=body, headers=mina)
    assert (refused.status_code, refused.json()["error"]) == (403, "admins_only")
    assert (await api.post("/api/people", json=body, headers=ada)).status_code == 201
    await api.post("/api/people", json={**ANNA, "username": "otto"}, headers=mina)
    risen = {"role": "admin"}
    refused = await api.patch("/api/people/otto", json=risen, headers=mina)
    assert (refused.status_code, refused.json()["error"]) == (403, "admins_only")
    assert (await api.patch("/api/people/otto", json=risen, headers=ada)).status_code == 200


@pytest.mark.parametrize(
    "change",
    [{"role": "agent"}, {"is_active": False}, {"password": "my horse now"}, {"display_name": "x"}],
)
async def test_a_manager_changes_nothing_about_an_admin(
    api: httpx.AsyncClient, mina: Headers, ada: Headers, change: dict[str, Any]
) -> None:
    refused = await api.patch("/api/people/ada", json=change, headers=mina)
    assert (refused.status_code, refused.json()["error"]) == (403, "admins_only")
    for path in ("sessions", "second-factor"):
        refused = await api.delete(f"/api/people/ada/{path}", headers=mina)
        assert (refused.status_code, refused.json()["error"]) == (403, "admins_only")
    assert (await api.get("/api/me", headers=ada)).json()["role"] == "admin"


async def test_a_trainer_has_an_account_and_no_customers(
    house: House, api: httpx.AsyncClient, mina: Headers
) -> None:
    await api.post("/api/people", json={**ANNA, "role": "trainer"}, headers=mina)
    trainer = headers_of(house, "anna", Role.TRAINER)
    assert (await api.get("/api/me", headers=trainer)).json()["permissions"] == ["own", "train"]
    for door in ("/api/tickets", "/api/desk", "/api/people"):
        assert (await api.get(door, headers=trainer)).status_code == 403


async def test_nobody_changes_a_stranger(api: httpx.AsyncClient, mina: Headers) -> None:
    refused = await api.patch("/api/people/nobody", json={"display_name": "谁"}, headers=mina)
    assert (refused.status_code, refused.json()["error"]) == (404, "unknown_person")


async def test_leaving_is_announced_once(house: House) -> None:
    await hire(house, "anna", Role.AGENT)
    left: list[PersonLeft] = []

    async def remember(fact: PersonLeft, _session: Any) -> None:
        left.append(fact)

    goes = PersonChange(is_active=False)
    async with house.db.transaction() as session:
        session.info[LISTENERS] = {PersonLeft: (remember,)}
        for _ in range(2):
            await service.change_person(session, "anna", goes, by="mina", now=clock.now())
    assert [fact.username for fact in left] == ["anna"]
