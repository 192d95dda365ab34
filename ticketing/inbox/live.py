"""Who is looking at which conversation in this process, and how far each has seen."""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
import structlog
from sqlalchemy.exc import SQLAlchemyError

from channels.webchat import bot_uttered
from ticketing.conversations import service as conversations
from ticketing.kernel.db import Database
from ticketing.kernel.errors import HouseError
from ticketing.notifications.service import CHANNEL

Emit = Callable[[str, Any, str], Awaitable[None]]
_RECONNECT_SECONDS = 1.0
_AT_ONCE = 200

_log = structlog.get_logger(__name__)


@dataclass
class Viewer:
    """One connection: everything up to `cursor` has been sent to it."""

    sid: str
    conversation_id: uuid.UUID
    token: str
    cursor: int
    keeps_count: bool
    """Whether the client tells us what it has seen (`after`, `seen`)."""
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)


class Viewers:
    """Sends each connection of this process what it has not had yet, in order, once."""

    def __init__(self, db: Database, emit: Emit) -> None:
        self._db = db
        self._emit = emit
        self._by_sid: dict[str, Viewer] = {}
        self._by_conversation: dict[uuid.UUID, set[str]] = defaultdict(set)

    def add(self, viewer: Viewer) -> None:
        """Let a connection look at a conversation (and no longer at another)."""
        self.remove(viewer.sid)
        self._by_sid[viewer.sid] = viewer
        self._by_conversation[viewer.conversation_id].add(viewer.sid)

    def remove(self, sid: str) -> None:
        """Forget a connection."""
        viewer = self._by_sid.pop(sid, None)
        if viewer is None:
            return
        others = self._by_conversation[viewer.conversation_id]
        others.discard(sid)
        if not others:
            del self._by_conversation[viewer.conversation_id]

    def get(self, sid: str) -> Viewer | None:
        """Return what a connection looks at."""
        return self._by_sid.get(sid)

    async def push(self, conversation_id: uuid.UUID) -> None:
        """Send every connection of a conversation what is new to it."""
        for sid in tuple(self._by_conversation.get(conversation_id, ())):
            viewer = self._by_sid.get(sid)
            if viewer is not None:
                await self.push_to(viewer)

    async def push_everything(self) -> None:
        """Catch up after signals may have been missed."""
        for conversation_id in tuple(self._by_conversation):
            await self.push(conversation_id)

    async def push_to(self, viewer: Viewer) -> None:
        """Send one connection what is new to it."""
        async with viewer.busy:
            while await self._push_some(viewer):
                continue

    async def _push_some(self, viewer: Viewer) -> bool:
        async with self._db.transaction() as session:
            news = await conversations.messages_after(
                session, viewer.conversation_id, viewer.cursor, limit=_AT_ONCE
            )
        for message in news:
            if message.author != "customer":
                await self._emit("bot_uttered", bot_uttered(message), viewer.sid)
            viewer.cursor = message.seq
        if news and not viewer.keeps_count:
            async with self._db.transaction() as session:
                await conversations.mark_seen(session, viewer.conversation_id, viewer.cursor)
        return len(news) == _AT_ONCE


async def listen(viewers: Viewers, database_url: str) -> None:
    """Push whatever any process says to a customer, until cancelled; reconnects by itself."""
    while True:
        try:
            await _listen_once(viewers, database_url)
        except (psycopg.Error, SQLAlchemyError, HouseError, OSError):
            _log.warning("listening_interrupted", exc_info=True)
            await asyncio.sleep(_RECONNECT_SECONDS)


async def _listen_once(viewers: Viewers, database_url: str) -> None:
    connection = await psycopg.AsyncConnection.connect(database_url, autocommit=True)
    async with connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        await viewers.push_everything()
        async for notice in connection.notifies():
            await viewers.push(uuid.UUID(notice.payload))
