"""A lean tracker store: one row per conversation in PostgreSQL, one read and one write a turn."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.session_events import events_to_keep, lasting, restart

Answer = dict[str, Any]

_CREATE = """
create schema if not exists rasa;
create table if not exists rasa.conversation (
    sender_id text primary key,
    events text not null,
    answers text not null default '{}',
    updated_at timestamptz not null default now()
)
"""
_READ = "select events, answers from rasa.conversation where sender_id = $1"
_WRITE = """
insert into rasa.conversation (sender_id, events, answers) values ($1, $2, coalesce($3, '{}'))
on conflict (sender_id) do update
set events = excluded.events, answers = coalesce($3, rasa.conversation.answers), updated_at = now()
"""
_KEYS = "select sender_id from rasa.conversation"
_CREATION_LOCK = 70_191_119  # any number: two processes must not create the schema at once


@dataclass(frozen=True)
class StoredConversation:
    """A tracker and the answers already given, by message id, oldest first."""

    tracker: DialogueStateTracker | None
    answers: dict[str, Answer] = field(default_factory=dict)


class PostgresTrackerStore(TrackerStore):
    """Keeps the dialogue state of the current session only: the conversation itself is ticketing's.

    Errors of the database are not caught here: a turn without its state must fail.
    """

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        dsn: str = "",
        max_events: int = 60,
        max_answers: int = 8,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.dsn = dsn
        self.max_events = int(max_events)
        self.max_answers = int(max_answers)
        self._pool: asyncpg.Pool | None = None
        self._opening = asyncio.Lock()

    async def load(self, sender_id: str) -> StoredConversation:
        """The state of a conversation; an empty one when it is new."""
        pool = await self._connected()
        row = await pool.fetchrow(_READ, sender_id)
        if row is None:
            return StoredConversation(None)
        tracker = self._tracker(sender_id, json.loads(row["events"]))
        return StoredConversation(tracker, json.loads(row["answers"]))

    async def keep(
        self, tracker: DialogueStateTracker, answers: dict[str, Answer] | None = None
    ) -> None:
        """Write the state; `answers=None` leaves the stored answers as they are."""
        pool = await self._connected()
        events = json.dumps(events_to_keep(tracker, self.max_events), ensure_ascii=False)
        latest = None
        if answers is not None:
            latest = json.dumps(dict([*answers.items()][-self.max_answers :]), ensure_ascii=False)
        await pool.execute(_WRITE, tracker.sender_id, events, latest)

    def begun_anew(self, tracker: DialogueStateTracker) -> DialogueStateTracker:
        """The same conversation where nothing is asked or offered any more."""
        return self._tracker(tracker.sender_id, restart(lasting(tracker), None))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Rasa's door to `load`."""
        return (await self.load(sender_id)).tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Rasa's door to `keep`."""
        await self.keep(tracker)

    async def keys(self) -> Iterable[str]:
        """All conversations there are."""
        pool = await self._connected()
        return [row["sender_id"] for row in await pool.fetch(_KEYS)]

    async def aclose(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    def _tracker(self, sender_id: str, events: list[dict[str, Any]]) -> DialogueStateTracker:
        tracker = self.init_tracker(sender_id)
        for parameters in events:
            event = Event.from_parameters(parameters)
            if event is not None:
                tracker.update(event, self.domain)
        return tracker

    async def _connected(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                pool = await asyncpg.create_pool(
                    self.dsn, min_size=1, max_size=8, timeout=5, command_timeout=5
                )
                async with pool.acquire() as connection, connection.transaction():
                    await connection.execute("select pg_advisory_xact_lock($1)", _CREATION_LOCK)
                    await connection.execute(_CREATE)
                self._pool = pool
            return self._pool
