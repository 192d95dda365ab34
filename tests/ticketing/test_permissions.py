"""Every door of the house, tried by everybody: what docs/permissions.md says is what happens."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
import socketio
import structlog
import uvicorn
from fastapi import FastAPI
from socketio.exceptions import ConnectionError as Refused

from tests.house.sources import text_of
from tests.support.house import free_ports
from tests.ticketing.people import join_teams, token_of
from ticketing import access
from ticketing.access import Door
from ticketing.accounts.models import Person, SystemClient
from ticketing.accounts.permissions import EVENTS, GRANTS
from ticketing.accounts.tokens import Role
from ticketing.app import build
from ticketing.composition import House
from ticketing.inbox import sessions as chats
from ticketing.kernel import clock, web
from ticketing.kernel.settings import Settings
from ticketing.run.plan import ROOT

PAGE = ROOT / "docs" / "permissions.md"
NOBODY = "nobody"
_ROW = re.compile(r"^\| ([A-Z]+) \| `([^`]+)` \| ([^|]*) \|(.*)\|$", re.MULTILINE)
_FITTING = {
    "ticket_no": "T20260101000001",
    "other_no": "T20260101000002",
    "waybill_no": "YT0000000000001",
    "relation": "parent",
    # One that there is not: whose a thing is would decide about one that there is.
    "number": "2000000000",
    **dict.fromkeys(("version", "seq"), "1"),
    **dict.fromkeys(
        ("conversation_id", "file_id", "session_id", "delivery_id", "webhook_id"),
        "00000000-0000-0000-0000-000000000000",
    ),
}
_RESULTS = {401, 403}


@dataclass(frozen=True)
class Stage:
    """A house in earnest (no demo), and everybody who may come to its doors."""

    house: House
    api: httpx.AsyncClient
    chat: str

    def headers(self, who: str) -> dict[str, str]:
        """What somebody sends along; signed in anew, for some doors sign one out."""
        if who == NOBODY:
            return {}
        return {"Authorization": f"Bearer {self.token(Role(who))}"}

    def token(self, role: Role) -> str:
        """What proves somebody."""
        if role is Role.CUSTOMER:
            return self.chat
        if role is Role.ASSISTANT:
            return self.house.settings.actions_token.get_secret_value()
        return token_of(self.house, str(role), role)


@pytest.fixture
async def stage(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    # What breaks behind a door let somebody in; to draw each traceback takes a second.
    monkeypatch.setattr(web, "_log", structlog.testing.CapturingLogger())
    wanted = {**house.settings.model_dump(), "demo": False}
    earnest = replace(house, settings=Settings(**wanted))
    async with earnest.db.transaction() as session:
        now = clock.now()
        for role in (Role.AGENT, Role.LEAD, Role.TRAINER, Role.MANAGER, Role.ADMIN):
            session.add(
                Person(
                    username=str(role),
                    display_name=str(role),
                    role=str(role),
                    password_hash="no way in",
                    is_active=True,
                    created_at=now,
                )
            )
        system = SystemClient(client_id="system", secret_hash="x", is_active=True, created_at=now)
        session.add(system)
        await session.flush()
        for name in ("agent", "lead"):
            await join_teams(session, name)
        chat, _ = await chats.begin(session, clock.now)
    transport = httpx.ASGITransport(build(earnest), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as api:
        yield Stage(earnest, api, chat)


def told() -> dict[tuple[str, str], frozenset[str]]:
    """Who may use which door, as the page says."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for method, path, asks_for, cells in _ROW.findall(text_of(PAGE)):
        marks = [cell.strip() for cell in cells.split("|")]
        roles = {str(role) for role, mark in zip(Role, marks, strict=True) if mark == "✓"}
        found[method, path] = frozenset(roles | ({NOBODY} if asks_for == "open" else set()))
    return found


def address(path: str) -> str:
    """A path with something in every place of it."""
    return re.sub(r"\{(\w+)\}", lambda place: _FITTING.get(place[1], "nothing_so_called"), path)


def served(stage: Stage) -> set[tuple[str, str]]:
    """Every route the process serves under its description."""
    wrapped = build(stage.house)
    assert isinstance(wrapped, socketio.ASGIApp)
    api = wrapped.other_asgi_app
    assert isinstance(api, FastAPI)
    paths: dict[str, Any] = api.openapi()["paths"]
    return {(method.upper(), path) for path, ways in paths.items() for method in ways}


def test_the_page_is_what_the_code_says() -> None:
    assert text_of(PAGE) == access.written(), "python -m ticketing.access docs/permissions.md"


async def test_the_page_lists_every_route_there_is_and_no_other(stage: Stage) -> None:
    assert told().keys() == served(stage)


async def test_every_door_lets_in_whom_the_page_says_and_nobody_else(stage: Stage) -> None:
    wrong: dict[str, list[str]] = defaultdict(list)
    tried = 0
    for (method, path), lets_in in told().items():
        if access.OTHERWISE.get((method, path), ("", frozenset()))[0] == "secret address":
            continue
        for who in (NOBODY, *map(str, Role)):
            headers = stage.headers(who)
            answer = await stage.api.request(method, address(path), headers=headers)
            tried += 1
            is_let_in = answer.status_code not in _RESULTS
            if is_let_in != (who in lets_in):
                wrong[f"{method} {path}"].append(f"{who}: {answer.status_code}")
            elif not is_let_in:
                assert answer.json()["error"], (method, path, who)
    assert wrong == {}
    assert tried > 9 * 100


async def test_a_secret_address_is_shut_to_whoever_does_not_know_it(stage: Stage) -> None:
    shut = [door for door in access.doors() if door.asks_for == "secret address"]
    assert shut != []
    for door in shut:
        for who in (NOBODY, "admin", "system"):
            headers = stage.headers(who)
            path = address(door.path)
            answer = await stage.api.request(door.method, path, json=[], headers=headers)
            assert answer.status_code in (403, 404), (door, who)


async def test_whoever_is_unknown_is_told_so_and_whoever_is_known_is_told_they_may_not(
    stage: Stage,
) -> None:
    for who, status in ((NOBODY, 401), ("customer", 401), ("agent", 403), ("trainer", 403)):
        answer = await stage.api.get("/api/people", headers=stage.headers(who))
        assert answer.status_code == status, who


def test_every_role_is_in_the_table_and_an_admin_may_all_that_a_manager_may() -> None:
    assert GRANTS.keys() == set(Role)
    assert GRANTS[Role.AGENT] < GRANTS[Role.LEAD] < GRANTS[Role.MANAGER] < GRANTS[Role.ADMIN]


def test_a_door_that_says_nowhere_whom_it_lets_in_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(access, "OTHERWISE", {})
    with pytest.raises(access.DoorUnknown, match="GET /"):
        access.doors()


def handlers(stage: Stage) -> Mapping[str, frozenset[str]]:
    """Every event the process listens to, by namespace, as its socket server knows them."""
    wrapped = build(stage.house)
    assert isinstance(wrapped, socketio.ASGIApp)
    server: Any = wrapped.engineio_server
    own = {name: set(known) for name, known in server.handlers.items()}
    for name, handler in server.namespace_handlers.items():
        methods = (each.removeprefix("on_") for each in dir(handler) if each.startswith("on_"))
        own.setdefault(name, set()).update(methods)
    ways_in_and_out = {"connect", "disconnect"}
    return {name: frozenset(events - ways_in_and_out) for name, events in own.items()}


async def test_every_event_of_the_socket_is_in_the_table(stage: Stage) -> None:
    heard = handlers(stage)
    assert "session_request" in heard["/"]
    for namespace, events in heard.items():
        assert events <= EVENTS[namespace].keys(), namespace


@asynccontextmanager
async def on_a_port(stage: Stage) -> AsyncIterator[str]:
    """Serve the house to sockets."""
    (port,) = free_ports(1)
    config = uvicorn.Config(
        build(stage.house), host="127.0.0.1", port=port, log_level="error", lifespan="off"
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await server.shutdown()


async def sent(url: str, token: str, namespace: str, event: str) -> str:
    """Send an event in somebody's name; return the error it is answered with, if any."""
    client = socketio.AsyncClient(reconnection=False)
    try:
        await client.connect(url, auth={"token": token}, namespaces=[namespace], wait_timeout=10)
        answer = await client.call(event, {}, namespace=namespace, timeout=10)
    except Refused:
        return "not_signed_in"
    finally:
        with suppress(Refused):
            await client.disconnect()
    return str(answer.get("error", "")) if isinstance(answer, dict) else ""


def desk_events(stage: Stage) -> Iterator[Door]:
    """The desk's events there are, and whom they let in."""
    for event in sorted(handlers(stage).get("/desk", frozenset())):
        asked = EVENTS["/desk"][event]
        roles = frozenset(role for role, granted in GRANTS.items() if asked in granted)
        yield Door("/desk", event, str(asked), roles)


async def test_every_event_of_the_desk_lets_in_whom_the_table_says(stage: Stage) -> None:
    shut = {"not_signed_in", "not_allowed"}
    async with on_a_port(stage) as url:
        assert await sent(url, "nonsense", "/desk", "present") in shut
        for door in desk_events(stage):
            for role in Role:
                error = await sent(url, stage.token(role), "/desk", door.path)
                assert (error not in shut) == (role in door.lets_in), (door.path, role, error)
