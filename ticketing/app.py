"""The `api` process: everything the internet sees."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import socketio
from fastapi import APIRouter, Depends, FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp

from ticketing import composition, health
from ticketing.accounts.oidc import provider_of
from ticketing.composition import House, warm_up
from ticketing.conversations.signals import CHANNEL, HINTS
from ticketing.desk.door import DeskDoor
from ticketing.desk.files_door import within_sight
from ticketing.inbox.socket import ChatDoor
from ticketing.kernel import clock, logs
from ticketing.kernel.errors import BodyTooLarge, InvalidRequest, MalformedJson
from ticketing.kernel.listening import listen
from ticketing.kernel.settings import Settings
from ticketing.kernel.web import install_errors, may_raise
from ticketing.routing.arranging import reach_of_team
from ticketing.routing.scope import sight_of
from ticketing.routing.scope_door import within_scope
from ticketing.sites.guests import Guests
from ticketing.sites.pages import serve_chat, serve_widget

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
    guests = Guests(house.db)
    server = socketio.AsyncServer(
        async_mode="asgi",
        client_manager=manager,
        max_http_buffer_size=SOCKET_MESSAGE_LIMIT,
        cors_allowed_origins=guests.may_connect,
    )
    secret = house.settings.secret_key.get_secret_value()
    door = ChatDoor(server, house.db, house.inbox, clock.now, house_secret=secret)
    desk = DeskDoor(server, house.db, clock.now, door.show_typing, house.settings)
    api = _doors(_lifespan(house, door, desk, guests))
    api.state.house, api.state.settings = house, house.settings
    api.state.db, api.state.clock = house.db, clock.now
    api.state.reach_of_team = reach_of_team
    api.state.sight_of = sight_of
    api.state.identity = provider_of(house.settings)
    api.state.inbox, api.state.tracker, api.state.bot = house.inbox, house.tracker, house.bot
    install_errors(api, composition.BODY_LIMITS)
    serve_pages(api, house.settings.console_dist)
    wrapped: ASGIApp = socketio.ASGIApp(server, other_asgi_app=api)
    return wrapped


def described() -> dict[str, Any]:
    """Return what `/openapi.json` says; nothing needs to run."""
    return _doors(None).openapi()


def _doors(lifespan: Any) -> FastAPI:
    """Return every route there is."""
    responses = may_raise(InvalidRequest, MalformedJson, BodyTooLarge)
    api = FastAPI(title="驿问", version="0.1.0", lifespan=lifespan, responses=responses)
    for router in (health.router, *composition.ROUTERS):
        api.include_router(router, dependencies=_guards(router))
    return api


def _guards(router: APIRouter) -> list[Any]:
    """Return what is asked before the doors of a room: whether what they name is seen."""
    paths = [getattr(route, "path", "") for route in router.routes]
    names_tickets = any("{ticket_no}" in path for path in paths) or router in composition.SCOPED
    guards = [Depends(within_scope)] if names_tickets else []
    return [*guards, Depends(within_sight)] if router in composition.FILED else guards


def _manager(redis_url: str) -> socketio.AsyncManager:
    return socketio.AsyncRedisManager(redis_url) if redis_url else socketio.AsyncManager()


def _lifespan(house: House, door: ChatDoor, desk: DeskDoor, guests: Guests):  # type: ignore[no-untyped-def]
    # Desks first: they only note what is to be done, while customers are told at once.
    hearers = {CHANNEL: (desk.live, door.viewers), HINTS: (desk.hints,)}

    @asynccontextmanager
    async def lifespan(_api: FastAPI) -> AsyncIterator[None]:
        await guests.renew_if_possible()
        running = [
            asyncio.create_task(listen(hearers, house.settings.database_url)),
            asyncio.create_task(desk.run()),
            asyncio.create_task(guests.keep_renewing()),
        ]
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await door.finish(TURNS_MAY_TAKE)
            await house.close()

    return lifespan


def serve_pages(api: FastAPI, dist: Path) -> None:
    """Serve the customers' web chat, its widget, and our people's pages below `/console`."""
    for page in ("chat", "console"):
        if (dist / page).is_dir():
            assets = GZipMiddleware(StaticFiles(directory=dist / page / "assets"))
            api.mount(f"/{page}/assets", assets, name=f"{page}-assets")
    if (dist / "chat").is_dir():
        serve_chat(api, dist / "chat" / "index.html")
    if (dist / "widget").is_dir():
        serve_widget(api, dist / "widget" / "widget.js")
    if (dist / "console").is_dir():
        for path in ("/console", "/console/{path:path}"):
            api.get(path, include_in_schema=False)(_page(dist / "console" / "index.html"))


def _page(index: Path) -> Callable[[], Awaitable[FileResponse]]:
    async def page() -> FileResponse:
        """Serve a page that finds its own way from the address."""
        return FileResponse(index, headers={"Cache-Control": "no-cache"})

    return page
