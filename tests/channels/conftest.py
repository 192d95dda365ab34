"""The sandbox as the outer wall: its clock stands still and its faults are ours to switch."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import httpx
import pytest
from fastapi import FastAPI

from sandbox.app import create_app
from sandbox.arrivals import Arrival
from sandbox.faults import Fault, FaultKind, FaultTarget, Provider
from sandbox.mail.server import MailServer
from sandbox.settings import Settings
from sandbox.world import World

NOW = datetime(2026, 1, 2, 3, 0, tzinfo=UTC)
Fail = Callable[..., None]
Arrived = Callable[[Provider], list[Arrival]]


@pytest.fixture
def app() -> FastAPI:
    return create_app(Settings(), real=lambda: NOW, sleep=_no_time)


@pytest.fixture
def world(app: FastAPI) -> World:
    found: World = app.state.stage.world
    return found


@pytest.fixture
def network(app: FastAPI) -> httpx.ASGITransport:
    return httpx.ASGITransport(app)


@pytest.fixture
def fail(world: World) -> Fail:
    """Switch a fault on: fail("dingtalk", "busy", times=1)."""

    def switch(provider: str, kind: str, times: int | None = None) -> None:
        world.faults.put(Fault(FaultTarget(provider), FaultKind(kind), times_left=times))

    return switch


@pytest.fixture
def arrived(world: World) -> Arrived:
    """What reached the receivers of a provider."""
    return lambda provider: list(world.arrivals.listing(provider))


@pytest.fixture
async def mail_port(app: FastAPI) -> AsyncIterator[int]:
    """The port of a mail server that is really listening."""
    server = MailServer(app.state.stage)
    await server.start("127.0.0.1", 0)
    yield server.port
    await server.stop()


async def _no_time(_seconds: float) -> None:
    """No test waits."""
