"""What a thousand widgets cost that are open and silent: memory of `api`, with a session each."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.plan import IDLE_MB
from tests.bench.process import bare_plan, running, wait_for
from tests.support.postgres import fresh_database

AT_ONCE = 20
START_SECONDS = 60.0
SETTLE_SECONDS = 5.0
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Idle:
    """Megabytes `api` keeps resident before and while so many widgets are connected."""

    connections: int
    before_mb: float
    with_them_mb: float

    @property
    def each_kb(self) -> float:
        """What one connection costs."""
        return round((self.with_them_mb - self.before_mb) * 1024 / self.connections, 1)

    @property
    def is_reached(self) -> bool:
        """Tell whether the target is met."""
        return self.with_them_mb <= IDLE_MB

    def as_json(self) -> dict[str, Any]:
        """Return what was measured for `bench.json`."""
        return {**asdict(self), "each_kb": self.each_kb}


class NotAsAgreed(Exception):
    """The server said something else than Engine.IO 4 and our own events."""


def measured(connections: int) -> Idle:
    """Start `api` alone with a fresh database and connect so many widgets."""
    with fresh_database() as url, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = bare_plan(folder, url)
        log = folder / "api.log"
        with running(plan.commands()["api"], log, plan.environment()) as process:
            wait_for(f"{plan.api_url}/healthz", process, log, START_SECONDS)
            api = psutil.Process(process.pid)
            return asyncio.run(_measured(plan.ports.api, api, connections))


async def _measured(port: int, api: psutil.Process, connections: int) -> Idle:
    first = await _widget(port)
    await first.close()
    before = api.memory_info().rss / _MEGABYTE
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> ClientConnection:
        async with gate:
            return await _widget(port)

    widgets = await asyncio.gather(*(one() for _ in range(connections)))
    beating = [asyncio.create_task(_answer_pings(widget)) for widget in widgets]
    await asyncio.sleep(SETTLE_SECONDS)
    with_them = api.memory_info().rss / _MEGABYTE
    lost = [task for task in beating if task.done()]
    for task in beating:
        task.cancel()
    await asyncio.gather(*(widget.close() for widget in widgets))
    if lost:
        raise NotAsAgreed(f"{len(lost)} widgets were hung up on")
    return Idle(connections, round(before, 1), round(with_them, 1))


async def _widget(port: int) -> ClientConnection:
    """Connect as a browser does, compression offered, and open a session."""
    address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
    socket = await connect(address, proxy=None, open_timeout=60, ping_interval=None)
    await _until(socket, "0{")
    await socket.send("40")
    await _until(socket, "40{")
    await socket.send('42["session_request",{"after":0}]')
    await _until(socket, '42["session_confirm"')
    await _until(socket, '42["history"')
    return socket


async def _until(socket: ClientConnection, beginning: str) -> None:
    said = str(await asyncio.wait_for(socket.recv(), 60))
    if not said.startswith(beginning):
        raise NotAsAgreed(said)


async def _answer_pings(socket: ClientConnection) -> None:
    async for said in socket:
        if said == "2":
            await socket.send("3")
