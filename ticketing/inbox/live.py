"""Who is looking at which conversation in this process, and how far each has seen."""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from channels.webchat import bot_uttered
from ticketing.conversations import service as conversations
from ticketing.kernel.db import Database

Emit = Callable[[str, Any, str], Awaitable[None]]
_AT_ONCE = 200


@dataclass
class Viewer:
    """One connection: everything up to `cursor` has been sent to it."""

    sid: str
    conversation_id: uuid.UUID
    token: str
    cursor: int
    keeps_count: bool
    """Whether the client tells us what it has seen (`after`, `seen`)."""
    retracted: set[int] = field(default_factory=set)
    """What it knows to have been taken back."""
    customer_key: str = ""
    """By what the conversation is known on its channel."""
    seen: int = 0
    """What the customer had seen when the session was opened, on whatever device."""
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
        for sid in self.looking_at(conversation_id):
            viewer = self._by_sid.get(sid)
            if viewer is not None:
                await self.push_to(viewer)

    def looking_at(self, conversation_id: uuid.UUID) -> tuple[str, ...]:
        """Return the connections of this process that look at a conversation."""
        return tuple(self._by_conversation.get(conversation_id, ()))

    async def heard(self, payload: str) -> None:
        """Push what is new in the conversation that was signalled."""
        await self.push(uuid.UUID(payload))

    async def catch_up(self) -> None:
        """Push everything: signals may have been missed."""
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
            gone = await conversations.retracted(session, viewer.conversation_id, viewer.cursor)
        for seq in set(gone) - viewer.retracted:
            viewer.retracted.add(seq)
            await self._emit("retracted", {"seq": seq}, viewer.sid)
        for message in news:
            if message.is_retracted:
                viewer.retracted.add(message.seq)
            if message.author != "customer":
                await self._emit("bot_uttered", bot_uttered(message), viewer.sid)
            viewer.cursor = message.seq
        if news and not viewer.keeps_count:
            async with self._db.transaction() as session:
                await conversations.mark_seen(session, viewer.conversation_id, viewer.cursor)
        return len(news) == _AT_ONCE
