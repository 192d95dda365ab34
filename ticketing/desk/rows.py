"""Conversations as the desk's lists show them, many in one statement."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.models import ANGER
from ticketing.desk.reach import Reach
from ticketing.routing.layout import FALLBACK

MOST = 600
"""Rows of one desk; who has more waiting has other worries."""

_IN_HANDS = "c.owner IN ('queue', 'agent')"
_ROWS = """
SELECT c.id, c.channel, c.owner, c.owner_epoch, c.queue, c.agent, c.queued_at, c.last_seq,
       c.delivered_seq, c.customer_id, c.handoff_reason, c.page,
       customer.name AS customer_name, (customer.vip IS TRUE OR h.vip IS TRUE) AS vip,
       agent.display_name AS agent_name, h.reason, h.priority, h.offered_to, h.offered_until,
       h.asked_at, h.taken_at, h.due_at, h.replied_at,
       said.author AS said_by, said.text AS said, said.at AS said_at,
       said.seq AS said_seq,
       coalesce(unanswered.seqs, '{}') AS unanswered, unanswered.since,
       coalesce(looking.names, '{}') AS watchers, coalesce(looking.shown, '{}') AS watcher_names
FROM conversations c
LEFT JOIN customers customer ON customer.id = c.customer_id
LEFT JOIN people agent ON agent.username = c.agent
LEFT JOIN handoffs h ON h.conversation_id = c.id AND h.ended_at IS NULL
LEFT JOIN LATERAL (
    SELECT author, left(text, 200) AS text, at, seq FROM messages
    WHERE conversation_id = c.id AND author <> 'system' ORDER BY seq DESC LIMIT 1
) AS said ON true
LEFT JOIN LATERAL (
    SELECT seq FROM messages WHERE conversation_id = c.id AND author IN ('agent', 'bot')
    ORDER BY seq DESC LIMIT 1
) AS answered ON true
LEFT JOIN LATERAL (
    SELECT array_agg(seq ORDER BY seq) AS seqs, min(at) AS since FROM messages
    WHERE conversation_id = c.id AND author = 'customer' AND seq > coalesce(answered.seq, 0)
) AS unanswered ON true
LEFT JOIN LATERAL (
    SELECT array_agg(username ORDER BY username) AS names,
           array_agg(shown ORDER BY username) AS shown
    FROM (
        SELECT DISTINCT seat.username, coalesce(person.display_name, seat.username) AS shown
        FROM desk_looks look JOIN desk_seats seat USING (sid)
        LEFT JOIN people person ON person.username = seat.username
        WHERE look.conversation_id = c.id AND seat.until > :now
    ) AS who
) AS looking ON true
WHERE
"""
_MINE = "(c.agent = :me AND c.owner = 'agent') OR h.offered_to = :me"
_OF_A_DESK = text(f"""{_ROWS} {_IN_HANDS} AND (
    CAST(:queues AS text[]) IS NULL OR coalesce(c.queue, '{FALLBACK}') = ANY(:queues) OR {_MINE}
) ORDER BY c.queued_at NULLS LAST, c.id LIMIT {MOST}""")
_BY_ID = text(f"{_ROWS} c.id = ANY(CAST(:ids AS uuid[]))")
_ALL_IN_HANDS = text(f"SELECT id FROM conversations c WHERE {_IN_HANDS}")
_MARKS = text(
    "SELECT username, conversation_id, seq FROM read_marks"
    " WHERE username = ANY(CAST(:names AS text[]))"
    " AND conversation_id = ANY(CAST(:ids AS uuid[]))"
)
_COUNTS = text(f"""
SELECT coalesce(c.queue, '{FALLBACK}') AS queue,
       count(*) FILTER (WHERE c.owner = 'queue') AS waiting,
       min(c.queued_at) FILTER (WHERE c.owner = 'queue') AS since,
       count(*) FILTER (WHERE c.owner = 'agent') AS in_service,
       count(*) FILTER (WHERE h.due_at < :now AND h.replied_at IS NULL) AS breached
FROM conversations c
LEFT JOIN handoffs h ON h.conversation_id = c.id AND h.ended_at IS NULL
WHERE {_IN_HANDS} GROUP BY 1
""")

Place = Literal["mine", "waiting", "others"]
Marks = Mapping[tuple[str, uuid.UUID], int]
"""How far people have read, by username and conversation."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A conversation at one moment; `unanswered` numbers the customer's words nobody answered."""

    id: uuid.UUID
    channel: str
    owner: str
    owner_epoch: int
    queue: str | None
    agent: str | None
    queued_at: datetime | None
    last_seq: int
    delivered_seq: int
    customer_id: uuid.UUID | None
    page: str | None
    customer_name: str | None
    vip: bool
    agent_name: str | None
    handoff_reason: str | None
    reason: str | None
    priority: str | None
    offered_to: str | None
    offered_until: datetime | None
    asked_at: datetime | None
    taken_at: datetime | None
    due_at: datetime | None
    replied_at: datetime | None
    said_by: str | None
    said: str | None
    said_at: datetime | None
    said_seq: int | None
    unanswered: tuple[int, ...]
    since: datetime | None
    watchers: tuple[str, ...]
    watcher_names: tuple[str, ...]

    @property
    def shown_name(self) -> str:
        """Return how the customer is called: by their name, else as a visitor with four letters."""
        return self.customer_name or f"访客 {self.id.hex[:4].upper()}"

    @property
    def why(self) -> str | None:
        """Return the reason of the hand-over that goes on."""
        return self.reason or (self.handoff_reason if self.is_in_hands else None)

    @property
    def is_urgent(self) -> bool:
        """Whether it goes before those who can wait."""
        return self.priority == "high" or (self.priority is None and self.why == ANGER)

    @property
    def is_in_hands(self) -> bool:
        """Whether it waits for a person or has one."""
        return self.owner in ("queue", "agent")

    @property
    def waiting_since(self) -> datetime | None:
        """Return since when the customer waits for a person's word."""
        if self.owner == "queue" or (self.owner == "agent" and self._has_not_begun):
            return self.asked_at or self.queued_at
        return self.since if self.owner == "agent" else None

    @property
    def _has_not_begun(self) -> bool:
        return self.asked_at is not None and self.replied_at is None

    def unread(self, mark: int) -> int:
        """Return how many unanswered words are after the one somebody has read last."""
        return sum(seq > mark for seq in self.unanswered)

    def place(self, reach: Reach, now: datetime) -> Place | None:
        """Return in which list of somebody's desk it stands, if in any."""
        if not self.is_in_hands:
            return None
        if self.owner == "agent" and self.agent == reach.username:
            return "mine"
        if self.is_offered(reach.username, now):
            return "mine"
        if not reach.has_queue(self.queue):
            return None
        return "waiting" if self.owner == "queue" else "others"

    def is_offered(self, username: str, now: datetime) -> bool:
        """Tell whether somebody is asked to take it just now."""
        is_theirs = self.owner == "queue" and self.offered_to == username
        return is_theirs and (self.offered_until is None or self.offered_until > now)

    def may_be_seen(self, reach: Reach) -> bool:
        """Tell whether somebody may read it."""
        return reach.has_queue(self.queue) or reach.username in (self.agent, self.offered_to)


@dataclass(frozen=True)
class QueueCount:
    """How many conversations of a queue wait, since when, and how many have somebody."""

    waiting: int = 0
    since: datetime | None = None
    in_service: int = 0
    breached: int = 0

    def longest_wait(self, now: datetime) -> int:
        """Return the seconds the first has waited."""
        return max(0, int((now - self.since).total_seconds())) if self.since else 0


async def of_desk(session: AsyncSession, reach: Reach, now: datetime) -> Sequence[Row]:
    """Return what stands on somebody's desk, the longest waiting first."""
    queues = None if reach.queues is None else sorted(reach.queues)
    values = {"me": reach.username, "queues": queues, "now": now}
    return await _read(session, _OF_A_DESK, values)


async def by_ids(session: AsyncSession, ids: Collection[uuid.UUID], now: datetime) -> Sequence[Row]:
    """Return conversations, whoever has them."""
    return await _read(session, _BY_ID, {"ids": list(ids), "now": now}) if ids else ()


async def in_hands(session: AsyncSession) -> Sequence[uuid.UUID]:
    """Return every conversation that waits for a person or has one."""
    return (await session.scalars(_ALL_IN_HANDS)).all()


async def marks(session: AsyncSession, names: Collection[str], ids: Collection[uuid.UUID]) -> Marks:
    """Return how far people have read these conversations."""
    found = await session.execute(_MARKS, {"names": list(names), "ids": list(ids)})
    return {(row.username, row.conversation_id): row.seq for row in found}


async def counts(session: AsyncSession, now: datetime) -> Mapping[str, QueueCount]:
    """Return how many conversations wait and have somebody, by queue."""
    found = await session.execute(_COUNTS, {"now": now})
    return {r.queue: QueueCount(r.waiting, r.since, r.in_service, r.breached) for r in found}


async def _read(
    session: AsyncSession, statement: TextClause, values: Mapping[str, Any]
) -> Sequence[Row]:
    return [_row(dict(found._mapping)) for found in await session.execute(statement, values)]


def _row(found: Mapping[str, Any]) -> Row:
    lists = {name: tuple(found[name]) for name in ("unanswered", "watchers", "watcher_names")}
    return Row(**{**found, **lists})
