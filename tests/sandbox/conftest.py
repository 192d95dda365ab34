"""A sandbox whose real clock stands still, and clients that sign for themselves."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI

from sandbox.app import create_app
from sandbox.settings import Settings
from sandbox.world import World

START = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
APP_KEY = "11112222-3333-4444-5555-666677778888"
KEY = "TestKey12345"
CUSTOMER = "0123456789ABCDEF0123456789ABCDEF"

Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def naps() -> list[float]:
    """Seconds the sandbox wanted to wait."""
    return []


@pytest.fixture
def app(naps: list[float]) -> FastAPI:
    async def nap(seconds: float) -> None:
        naps.append(seconds)

    return create_app(Settings(), real=lambda: START, sleep=nap)


@pytest.fixture
def world(app: FastAPI) -> World:
    found: World = app.state.stage.world
    return found


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
        yield client


@pytest.fixture
def kdniao_form() -> Callable[..., dict[str, str]]:
    """A signed form: kdniao_form("8001", LogisticCode=..., ...)."""

    def form(request_type: str, **fields: object) -> dict[str, str]:
        text = json.dumps(fields, ensure_ascii=False)
        digest = hashlib.md5((text + APP_KEY).encode()).hexdigest()
        return {
            "RequestData": text,
            "EBusinessID": "1237100",
            "RequestType": request_type,
            "DataSign": base64.b64encode(digest.encode()).decode(),
            "DataType": "2",
        }

    return form


@pytest.fixture
def ask_kdniao(client: httpx.AsyncClient, kdniao_form: Callable[..., dict[str, str]]) -> Ask:
    """Ask 快递鸟; `twice` encodes the signed fields once more, as two SDKs do."""

    async def ask(
        request_type: str, *, twice: bool = False, path: str = "/api/dist", **fields: object
    ) -> dict[str, Any]:
        form = kdniao_form(request_type, **fields)
        if twice:
            form |= {name: quote(form[name]) for name in ("RequestData", "DataSign")}
        answer = await client.post(path, data=form)
        assert answer.status_code == 200
        body: dict[str, Any] = answer.json()
        return body

    return ask


@pytest.fixture
def kuaidi100_form() -> Callable[..., dict[str, str]]:
    """A signed query form: kuaidi100_form(com=..., num=..., ...)."""

    def form(**fields: str) -> dict[str, str]:
        param = json.dumps(fields, ensure_ascii=False)
        sign = hashlib.md5((param + KEY + CUSTOMER).encode()).hexdigest().upper()
        return {"customer": CUSTOMER, "sign": sign, "param": param}

    return form


@pytest.fixture
def ask_kuaidi100(client: httpx.AsyncClient, kuaidi100_form: Callable[..., dict[str, str]]) -> Ask:
    """Ask 快递100 for one parcel."""

    async def ask(**fields: str) -> dict[str, Any]:
        answer = await client.post("/poll/query.do", data=kuaidi100_form(**fields))
        assert answer.status_code == 200
        body: dict[str, Any] = answer.json()
        return body

    return ask


@pytest.fixture
def pick(client: httpx.AsyncClient) -> Ask:
    """The first parcel of a state and a carrier, as the control door lists it."""

    async def first(state: str, carrier: str = "") -> dict[str, Any]:
        asked = {"state": state, "carrier": carrier}
        rows: list[dict[str, Any]] = (await client.get("/shipments", params=asked)).json()
        return rows[0]

    return first


@pytest.fixture
def advance(client: httpx.AsyncClient) -> Ask:
    """Push the simulated clock."""

    async def push(**by: float) -> dict[str, Any]:
        answer = await client.post("/clock/advance", json=by)
        assert answer.status_code == 200
        body: dict[str, Any] = answer.json()
        return body

    return push
