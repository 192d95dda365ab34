"""The audit log: who saw and changed what, written with the change, found again, never altered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests.ticketing.assistant_door import WAYBILL, register_parcel
from tests.ticketing.files.samples import PHOTO
from tests.ticketing.people import PASSWORD, headers_of, sign_in
from ticketing.accounts import audit, service
from ticketing.accounts.models import AuditLine
from ticketing.accounts.tokens import Role
from ticketing.app import described
from ticketing.composition import House
from ticketing.kernel import clock

Headers = dict[str, str]
Json = dict[str, Any]
Log = Callable[..., Awaitable[list[Json]]]


@pytest.fixture
async def mina(house: House, api: httpx.AsyncClient) -> Headers:
    """The headers of a manager."""
    return await sign_in(house, api, "mina", Role.MANAGER)


@pytest.fixture
async def log(api: httpx.AsyncClient, mina: Headers) -> Log:
    """Ask for lines of the log, newest first."""

    async def ask(**wanted: Any) -> list[Json]:
        answer = await api.get("/api/audit", params=wanted, headers=mina)
        assert answer.status_code == 200, answer.text
        lines: list[Json] = answer.json()["lines"]
        return lines

    return ask


@pytest.fixture
async def ticket_no(house: House, api: httpx.AsyncClient, agent: Headers) -> str:
    """A ticket the agent has opened."""
    await register_parcel(house)
    body = {"kind": "damage", "waybill_no": WAYBILL, "description": "外箱破损，电话13812345678"}
    opened = await api.post("/api/tickets", json=body, headers=agent)
    number: str = opened.json()["ticket"]["ticket_no"]
    return number


async def test_a_look_at_a_ticket_and_a_change_of_it_are_written_down(
    api: httpx.AsyncClient, agent: Headers, log: Log, ticket_no: str
) -> None:
    await api.get(f"/api/tickets/{ticket_no.lower()}", headers=agent)
    note = {"text": "已电话联系王小明"}
    await api.post(f"/api/tickets/{ticket_no}/notes", json=note, headers=agent)
    found = await log(by="anna", what=ticket_no)
    assert [(line["deed"], line["route"]) for line in found] == [
        ("did", "POST /api/tickets/{ticket_no}/notes"),
        ("saw", "GET /api/tickets/{ticket_no}"),
        ("did", "POST /api/tickets"),
    ]
    assert {line["what"] for line in found} == {ticket_no}
    assert {(line["role"], line["address"]) for line in found} == {("agent", "127.0.0.1")}


async def test_no_line_says_what_was_said(
    house: House, api: httpx.AsyncClient, agent: Headers, ticket_no: str
) -> None:
    note = {"text": "王小明，电话13912345678"}
    await api.post(f"/api/tickets/{ticket_no}/notes", json=note, headers=agent)
    async with house.db.transaction() as session:
        lines = list(await session.execute(text("SELECT audit_log::text FROM audit_log")))
    told = "".join(line[0] for line in lines)
    assert ticket_no in told
    for personal in ("13812345678", "13912345678", "王小明", "破损", PASSWORD):
        assert personal not in told


async def test_what_fails_changes_nothing_and_leaves_no_line(
    api: httpx.AsyncClient, agent: Headers, log: Log, ticket_no: str
) -> None:
    note = {"text": ""}
    refused = await api.post(f"/api/tickets/{ticket_no}/notes", json=note, headers=agent)
    assert refused.status_code == 422
    missing = await api.get("/api/tickets/T20200101000001", headers=agent)
    assert missing.status_code == 404
    assert [line["route"] for line in await log(by="anna", deed="saw")] == []


async def test_a_file_taken_in_and_looked_at_is_written_down(
    api: httpx.AsyncClient, agent: Headers, log: Log
) -> None:
    photo = {"file": ("a.jpg", PHOTO, "image/jpeg")}
    file_id = (await api.post("/api/files", files=photo, headers=agent)).json()["id"]
    await api.get(f"/api/files/{file_id}/content", headers=agent)
    found = await log(what=file_id)
    assert [line["route"] for line in found] == [
        "GET /api/files/{file_id}/content",
        "POST /api/files",
    ]


async def test_people_and_their_changes_are_written_down_and_so_is_looking_them_up(
    api: httpx.AsyncClient, mina: Headers, log: Log
) -> None:
    person = {
        "username": "otto",
        "display_name": "奥托",
        "role": "agent",
        "password": "another horse",
    }
    await api.post("/api/people", json=person, headers=mina)
    await api.patch("/api/people/otto", json={"role": "lead"}, headers=mina)
    await api.delete("/api/people/otto/sessions", headers=mina)
    routes = [line["route"] for line in await log(what="otto")]
    assert routes == [
        "DELETE /api/people/{username}/sessions",
        "PATCH /api/people/{username}",
        "POST /api/people",
    ]
    assert "GET /api/audit" in [line["route"] for line in await log(by="mina", deed="saw")]


async def test_signing_in_is_written_down_and_so_is_being_refused(
    api: httpx.AsyncClient, agent: Headers, log: Log
) -> None:
    assert agent
    for name in ("anna", "my-own-secret-typed-here"):
        await api.post("/api/session", json={"username": name, "password": "wrong"})
    failed = await log(deed="failed")
    assert [(line["by"], line["what"]) for line in failed] == [
        ("", "invalid_grant"),
        ("anna", "invalid_grant"),
    ]
    entered = await log(by="anna", deed="did")
    assert [line["route"] for line in entered] == ["POST /api/oauth/token"]


async def test_a_heartbeat_is_not_worth_a_line(
    api: httpx.AsyncClient, agent: Headers, log: Log
) -> None:
    await api.post("/api/presence", json={}, headers=agent)
    await api.get("/api/queues", headers=agent)
    assert [line["route"] for line in await log(by="anna")] == ["POST /api/oauth/token"]


async def test_what_systems_do_for_others_fills_no_pages(
    house: House, api: httpx.AsyncClient, log: Log
) -> None:
    await register_parcel(house)
    async with house.db.transaction() as session:
        await service.put_system(session, "shop", "a long secret", clock.now())
    shop = headers_of(house, "shop", Role.SYSTEM)
    body = {"kind": "damage", "waybill_no": WAYBILL, "description": "外箱破损"}
    assert (await api.post("/api/tickets", json=body, headers=shop)).status_code == 201
    assert await log(by="shop") == []


async def test_the_log_is_read_page_by_page_and_by_time(
    api: httpx.AsyncClient, mina: Headers, log: Log
) -> None:
    for _ in range(3):
        await api.get("/api/people", headers=mina)
    seen: list[int] = []
    wanted = {"deed": "saw", "limit": "2", "by": "mina"}
    first = (await api.get("/api/audit", params=wanted, headers=mina)).json()
    seen += [line["id"] for line in first["lines"]]
    more = {**wanted, "cursor": first["next_cursor"], "limit": "50"}
    rest = (await api.get("/api/audit", params=more, headers=mina)).json()
    seen += [line["id"] for line in rest["lines"]]
    assert len(seen) == len(set(seen)) == 3
    assert seen == sorted(seen, reverse=True)
    assert rest["next_cursor"] is None
    at = first["lines"][0]["at"]
    since = [line["at"] for line in await log(since=at)]
    until = [line["at"] for line in await log(until=at)]
    assert since
    assert min(since) >= at
    assert until
    assert max(until) < at
    bad = await api.get("/api/audit", params={"cursor": "x"}, headers=mina)
    assert (bad.status_code, bad.json()["error"]) == (422, "bad_cursor")


async def test_a_thing_is_found_by_the_beginning_of_its_name_as_it_is_written(
    api: httpx.AsyncClient, mina: Headers, log: Log
) -> None:
    for name in ("a_b", "aXb"):
        await api.get(f"/api/people/{name}/sessions", headers=mina)
        person = {"username": name, "display_name": name, "role": "agent", "password": PASSWORD}
        await api.post("/api/people", json=person, headers=mina)
    assert {line["what"] for line in await log(what="a_")} == {"a_b"}
    assert {line["what"] for line in await log(what="a")} == {"a_b", "aXb"}


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_log SET by = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"]
)
@pytest.mark.usefixtures("agent")
async def test_no_line_is_ever_changed_or_removed(house: House, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only ever added to"):
        async with house.db.transaction() as session:
            await session.execute(text(statement))
    async with house.db.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(AuditLine)) == 1


def test_what_is_looked_at_and_what_is_not_worth_a_line_are_doors_there_are() -> None:
    doors = described()["paths"]
    assert {path for path in audit.PERSONAL if "get" not in doors.get(path, {})} == set()
    assert doors.keys() >= audit.UNREMARKABLE
