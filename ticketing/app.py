"""The `api` process: everything the internet sees."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import socketio
from fastapi import FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from ticketing import composition, health
from ticketing.composition import House, warm_up
from ticketing.inbox.live import listen
from ticketing.inbox.socket import ChatDoor
from ticketing.kernel import clock, logs
from ticketing.kernel.errors import BodyTooLarge, InvalidRequest, MalformedJson
from ticketing.kernel.settings import Settings
from ticketing.kernel.web import install_errors, may_raise
from ticketing.routing.arranging import reach_of_team

SOCKET_MESSAGE_LIMIT = 64 * 1024
TURNS_MAY_TAKE = timedelta(seconds=4)
"""How long turns already begun may go on when the process is told to stop."""


def create() -> ASGIApp:
    """Build the process from its environment (`uvicorn --factory ticketing.app:create`)."""
    settings = Settings()
    logs.configure(settings.log_level)
    warm_up()
    built = build(House.build(settings))
    # What is loaded stays: looking through it for garbage took a tenth of a second now and then.
    gc.collect()
    gc.freeze()
    return built


def build(house: House) -> ASGIApp:
    """Build the process from a house: HTTP and Socket.IO on one port."""
    manager = _manager(house.settings.redis_url)
    server = socketio.AsyncServer(
        async_mode="asgi",
        client_manager=manager,
        max_http_buffer_size=SOCKET_MESSAGE_LIMIT,
    )
    door = ChatDoor(server, house.db, house.inbox, clock.now)
    api = FastAPI(
        title="驿问",
        version="0.1.0",
        lifespan=_lifespan(house, door),
        responses=may_raise(InvalidRequest, MalformedJson, BodyTooLarge),
    )
    api.state.house, api.state.settings = house, house.settings
    api.state.db, api.state.clock = house.db, clock.now
    api.state.reach_of_team = reach_of_team
    api.state.inbox, api.state.tracker, api.state.bot = house.inbox, house.tracker, house.bot
    install_errors(api, composition.BODY_LIMITS)
    for router in (health.router, *composition.ROUTERS):
        api.include_router(router)
    _serve_chat(api, house.settings.console_dist / "chat")
    wrapped: ASGIApp = socketio.ASGIApp(server, other_asgi_app=api)
    return wrapped


def _manager(redis_url: str) -> socketio.AsyncManager:
    return socketio.AsyncRedisManager(redis_url) if redis_url else socketio.AsyncManager()


def _lifespan(house: House, door: ChatDoor):  # type: ignore[no-untyped-def]
    @asynccontextmanager
    async def lifespan(_api: FastAPI) -> AsyncIterator[None]:
        listening = asyncio.create_task(listen(door.viewers, house.settings.database_url))
        try:
            yield
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await door.finish(TURNS_MAY_TAKE)
            await house.close()

    return lifespan


def _serve_chat(api: FastAPI, dist: Path) -> None:
    if not dist.is_dir():
        return
    api.mount("/chat/assets", StaticFiles(directory=dist / "assets"), name="chat-assets")

    @api.get("/chat", include_in_schema=False)
    async def chat() -> FileResponse:
        """Serve the customers' web chat."""
        return FileResponse(dist / "index.html", headers={"Cache-Control": "no-cache"})
