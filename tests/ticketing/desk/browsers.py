"""Real servers, and the consoles that connect to them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import socketio
import uvicorn

from tests.support.house import free_ports
from tests.ticketing.desk.stage import Json
from tests.ticketing.inbox.test_chat_door import Announced, Chat
from ticketing.app import build
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.inbox.sessions import customer_key

EVENTS = (
    *("row", "gone", "queues", "message", "note", "retracted", "typing", "customer_seen"),
    *("suggestions", "offered", "alert", "status", "signed_out", "wall"),
)


class Console:
    """One tab of the console."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.client = socketio.AsyncClient(reconnection=False)
        self.received: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.gone = asyncio.Event()
        for event in EVENTS:
            self.client.on(event, self._keep(event), namespace="/desk")
        self.client.on("disconnect", self._leave, namespace="/desk")

    def _keep(self, event: str) -> Any:
        async def keep(payload: Any) -> None:
            await self.received.put((event, payload))

        return keep

    async def _leave(self, *_why: Any) -> None:
        self.gone.set()

    async def open(self, url: str, **more: Any) -> None:
        """Connect."""
        given = {"auth": {"token": self.token}, "wait_timeout": 10, **more}
        await self.client.connect(url, namespaces=["/desk"], **given)

    async def call(self, event: str, payload: Any = None) -> Json:
        """Send an event; return the acknowledgement."""
        answer: Json = await self.client.call(event, payload, namespace="/desk", timeout=10)
        return answer

    async def next(self, event: str) -> Any:
        """Return the next payload of an event, passing over others."""
        while True:
            name, payload = await asyncio.wait_for(self.received.get(), 10)
            if name == event:
                return payload

    async def until(self, event: str, **like: Any) -> Any:
        """Return the next payload of an event that has these values."""
        while True:
            payload = await self.next(event)
            if like.items() <= payload.items():
                return payload

    def heard(self) -> list[tuple[str, Any]]:
        """Everything that has come and was not asked for."""
        found = []
        while not self.received.empty():
            found.append(self.received.get_nowait())
        return found

    async def leave(self) -> None:
        """Close the tab."""
        await self.client.disconnect()


async def talk_of(house: House, chat: Chat) -> uuid.UUID:
    """The conversation a browser has open."""
    async with house.db.transaction() as session:
        found = await conversations.find(session, "web", customer_key(chat.token))
    assert found is not None
    return found.id


async def watch(console: Console, talk: uuid.UUID, after: int = 0) -> Json:
    """Look at a conversation."""
    answer = await console.call("watch", {"conversation_id": str(talk), "after": after})
    assert answer.get("ok") is True, answer
    return answer


@asynccontextmanager
async def serving(*houses: House) -> AsyncIterator[list[str]]:
    """The addresses of an `api` process for each house."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_served(house)) for house in houses]


@asynccontextmanager
async def _served(house: House) -> AsyncIterator[str]:
    [port] = free_ports(1)
    config = uvicorn.Config(build(house), port=port, log_level="warning", lifespan="on")
    server = Announced(config)
    running = asyncio.create_task(server.serve())
    await asyncio.wait_for(server.listening.wait(), 20)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


Tab = Callable[[str], Console]
