"""Forms for the console: look at, try, upload, put in force."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import event

from tests.ticketing.forms.making import component, schema
from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.forms import service
from ticketing.forms.errors import FormVersionChanged, UnknownForm
from ticketing.forms.shipped import shipped
from ticketing.kernel import clock
from ticketing.kernel.cache import forget

Headers = dict[str, str]

OWN = schema(component("textfield", "note", "备注"), title="结案")


@pytest.fixture
async def manager(house: House, api: httpx.AsyncClient) -> Headers:
    """The headers of a signed-in manager."""
    async with house.db.transaction() as session:
        await accounts.put_person(session, "mia", "correct horse", Role.MANAGER, clock.now())
    form = {"grant_type": "password", "username": "mia", "password": "correct horse"}
    answer = await api.post("/api/oauth/token", data=form)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def upload(
    api: httpx.AsyncClient, headers: Headers, name: str = "close", body: Any = OWN
) -> httpx.Response:
    """Upload a schema."""
    return await api.post(f"/api/forms/{name}/versions", json={"schema": body}, headers=headers)


async def activate(
    api: httpx.AsyncClient, headers: Headers, version: str, replaces: str | None
) -> httpx.Response:
    """Put a version of the form `close` in force."""
    body = {"version": version, "replaces": replaces}
    return await api.post("/api/forms/close/activate", json=body, headers=headers)


async def in_force(house: House, name: str = "close") -> str:
    """The version that is in force."""
    async with house.db.transaction() as session:
        forget(session, "forms.active")
        return (await service.form(session, name)).version


async def test_every_shipped_form_is_listed(api: httpx.AsyncClient, agent: Headers) -> None:
    listed = (await api.get("/api/forms", headers=agent)).json()["forms"]
    assert [form["name"] for form in listed] == sorted(shipped())
    assert all(form["is_shipped"] for form in listed)


async def test_a_form_comes_with_its_schema_for_form_js(
    api: httpx.AsyncClient, agent: Headers
) -> None:
    got = (await api.get("/api/forms/confirm_solution", headers=agent)).json()
    assert got["title"] == "确认处理方案"
    assert got["schema"] == shipped()["confirm_solution"].schema


@pytest.mark.parametrize("path", ["nothing", "nothing/versions", "close?version=0123456789ab"])
async def test_a_form_that_is_not_there_is_not_found(
    api: httpx.AsyncClient, agent: Headers, path: str
) -> None:
    answer = await api.get(f"/api/forms/{path}", headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_form")


async def test_nobody_sees_forms_without_signing_in(api: httpx.AsyncClient) -> None:
    assert (await api.get("/api/forms")).status_code == 401


async def test_agents_may_not_change_forms(api: httpx.AsyncClient, agent: Headers) -> None:
    assert (await upload(api, agent)).status_code == 403
    assert (await activate(api, agent, "0123456789ab", None)).status_code == 403


async def test_an_uploaded_version_is_not_in_force_before_it_is_activated(
    house: House, api: httpx.AsyncClient, manager: Headers
) -> None:
    answer = await upload(api, manager)
    assert answer.status_code == 201
    before = shipped()["close"].version
    assert await in_force(house) == before
    done = await activate(api, manager, answer.json()["version"], before)
    assert done.status_code == 200
    assert await in_force(house) == answer.json()["version"] != before


async def test_an_activated_form_is_listed_as_changed(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    version = (await upload(api, manager)).json()["version"]
    await activate(api, manager, version, shipped()["close"].version)
    listed = (await api.get("/api/forms", headers=manager)).json()["forms"]
    changed = [form for form in listed if not form["is_shipped"]]
    assert [(form["name"], form["version"], form["fields"]) for form in changed] == [
        ("close", version, ["note"])
    ]


async def test_the_shipped_version_can_be_put_back(
    house: House, api: httpx.AsyncClient, manager: Headers
) -> None:
    before = shipped()["close"].version
    version = (await upload(api, manager)).json()["version"]
    await activate(api, manager, version, before)
    assert (await activate(api, manager, before, version)).status_code == 200
    assert await in_force(house) == before


async def test_who_knows_an_older_version_is_told_which_is_in_force(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    before = shipped()["close"].version
    version = (await upload(api, manager)).json()["version"]
    await activate(api, manager, version, before)
    answer = await activate(api, manager, version, before)
    assert answer.status_code == 409
    assert answer.json()["error"] == "form_version_changed"
    assert answer.json()["facts"] == {"form": "close", "active": version, "replaces": before}


async def test_a_version_that_was_never_uploaded_cannot_be_activated(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    assert (await activate(api, manager, "0123456789ab", None)).status_code == 404


async def test_a_form_of_a_new_name_replaces_nothing(
    house: House, api: httpx.AsyncClient, manager: Headers
) -> None:
    version = (await upload(api, manager, "brand_new")).json()["version"]
    assert (await api.get("/api/forms/brand_new", headers=manager)).status_code == 404
    path = "/api/forms/brand_new/activate"
    answer = await api.post(path, json={"version": version}, headers=manager)
    assert answer.status_code == 200
    assert await in_force(house, "brand_new") == version


async def test_the_same_schema_twice_is_one_version(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    first, second = await upload(api, manager), await upload(api, manager)
    assert first.json() == second.json()
    listed = await api.get("/api/forms/close/versions", headers=manager)
    assert len(listed.json()["versions"]) == 1


async def test_versions_come_in_pages_newest_first(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    made = [
        (await upload(api, manager, body=schema(component("textfield", f"k{n}")))).json()["version"]
        for n in range(5)
    ]
    seen: list[str] = []
    path = "/api/forms/close/versions?limit=2"
    page = (await api.get(path, headers=manager)).json()
    while True:
        seen += [row["version"] for row in page["versions"]]
        if page["next_cursor"] is None:
            break
        page = (await api.get(f"{path}&cursor={page['next_cursor']}", headers=manager)).json()
    assert seen == made[::-1]


@pytest.mark.parametrize("cursor", ["x", "%00", "bm90aGluZw==", "MjAyNi0xMS0yMgp4"])
async def test_a_cursor_of_nobody_is_refused(
    api: httpx.AsyncClient, agent: Headers, cursor: str
) -> None:
    answer = await api.get(f"/api/forms/close/versions?cursor={cursor}", headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (422, "bad_cursor")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"components": []},
        schema(component("html")),
        schema(component("textfield", conditional={"hide": "=().__class__"})),
        schema(component("textfield", label="\x00")),
        schema(*(component("textfield", f"k{n}") for n in range(101))),
    ],
)
async def test_a_schema_with_faults_is_not_kept(
    api: httpx.AsyncClient, manager: Headers, body: Any
) -> None:
    answer = await upload(api, manager, body=body)
    assert (answer.status_code, answer.json()["error"]) == (422, "form_refused")
    listed = await api.get("/api/forms/close/versions", headers=manager)
    assert listed.json()["versions"] == []


@pytest.mark.parametrize(
    "raw",
    [
        b'{"schema": {"type": "default", "components": [{"type": "\\ud800"}]}}',
        b'{"schema": {"type": "default", "\\ud800": 1, "components": []}}',
        b'{"schema": {"type": "default", "n": 1e999, "components": []}}',
        b'{"schema": ' + b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"}",
        b'{"schema": {"type": "default", "components": ' + b"[" * 9000 + b"]" * 9000 + b"}}",
        b'{"schema": {"n": 1' + b"0" * 6000 + b"}}",
    ],
)
async def test_nasty_bodies_are_refused_in_order(
    api: httpx.AsyncClient, manager: Headers, raw: bytes
) -> None:
    headers = {**manager, "Content-Type": "application/json"}
    answer = await api.post("/api/forms/close/versions", content=raw, headers=headers)
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]


async def test_a_form_can_be_tried(api: httpx.AsyncClient, agent: Headers) -> None:
    path = "/api/forms/confirm_solution/check"
    answer = await api.post(path, json={"data": {"decision": "reject"}}, headers=agent)
    assert answer.json() == {
        "data": {"decision": "reject"},
        "problems": [
            {"key": "reason", "label": "不同意的原因", "problem": "这一项必须填写"},
        ],
    }


async def test_a_version_can_be_tried_before_it_is_in_force(
    api: httpx.AsyncClient, manager: Headers
) -> None:
    version = (await upload(api, manager)).json()["version"]
    body = {"data": {"note": "好"}, "version": version}
    answer = await api.post("/api/forms/close/check", json=body, headers=manager)
    assert answer.json() == {"data": {"note": "好"}, "problems": []}


@pytest.mark.parametrize("raw", [b'{"data": {"\\ud800": 1}}', b'{"data": {"note": "\\ud800"}}'])
async def test_broken_characters_break_nothing(
    api: httpx.AsyncClient, agent: Headers, raw: bytes
) -> None:
    headers = {**agent, "Content-Type": "application/json"}
    answer = await api.post("/api/forms/close/check", content=raw, headers=headers)
    assert answer.status_code in (200, 422)
    assert answer.json()


async def test_all_forms_together_cost_one_query_in_a_while(house: House) -> None:
    asked: list[str] = []
    async with house.db.transaction() as session:
        forget(session, "forms.active")

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(house.db.engine.sync_engine, "before_cursor_execute", note)
    for name in ("close", "confirm_solution", "accept", "close"):
        async with house.db.transaction() as session:
            await service.form(session, name)
    event.remove(house.db.engine.sync_engine, "before_cursor_execute", note)
    assert len([statement for statement in asked if "form_versions" in statement]) == 1


async def test_a_version_that_can_no_longer_be_read_gives_way_to_the_shipped_one(
    house: House,
) -> None:
    async with house.db.transaction() as session:
        kept = await service.upload(session, "close", OWN, by="mia", now=clock.now())
        before = shipped()["close"].version
        await service.activate(session, kept, replaces=before, by="mia", now=clock.now())
        row = await service.versions(session, "close", None, 1)
        row[0].source = "{}"
    assert await in_force(house) == before


async def test_of_two_managers_at_once_one_comes_too_late(house: House) -> None:
    before = shipped()["close"].version
    async with house.db.transaction() as session:
        mine = await service.upload(session, "close", OWN, by="mia", now=clock.now())
        await service.activate(session, mine, replaces=before, by="mia", now=clock.now())
    async with house.db.transaction() as session:
        with pytest.raises(FormVersionChanged):
            await service.activate(session, mine, replaces=before, by="max", now=clock.now())


async def test_an_unknown_form_is_an_error_of_its_own(house: House) -> None:
    async with house.db.transaction() as session:
        with pytest.raises(UnknownForm):
            await service.form(session, "nothing")
