"""Every statement of hand-overs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.models import Conversation
from ticketing.handoffs.models import BotSuggestion, Handoff, HandoffEvent, HandoffWord
from ticketing.handoffs.waiting import Staffing
from ticketing.routing.choose import Candidate, Handled, Status

REMEMBERED = timedelta(days=7)
"""How far back one looks for how long conversations take."""

LEFT_ALONE = timedelta(minutes=5)
"""So long a customer waits for somebody whose presence nothing shows."""

_IN_HAND = """LATERAL (
    SELECT (SELECT count(*) FROM conversations c
            WHERE c.owner = 'agent' AND c.agent = m.username)
         + (SELECT count(*) FROM handoffs h
            WHERE h.ended_at IS NULL AND h.offered_to = m.username AND h.offered_until > :now
              AND h.conversation_id <> CAST(:id AS uuid)) AS used
) AS hand ON true"""
_CANDIDATES = text(f"""
WITH known AS (
    SELECT h.taken_by AS username, max(h.taken_at) AS at
    FROM handoffs h JOIN conversations c ON c.id = h.conversation_id
    WHERE h.taken_by IS NOT NULL
      AND (c.id = CAST(:id AS uuid) OR c.customer_id = CAST(:customer_id AS uuid))
    GROUP BY h.taken_by
)
SELECT m.team, m.username, m.chats, m.skills, m.regions, m.active AND person.is_active AS active,
       coalesce(p.lease_until > :now, false) AS present, coalesce(p.status, 'away') AS status,
       coalesce(p.turn, 0) AS turn, hand.used, known.at AS known_at
FROM team_members m
JOIN people person ON person.username = m.username
LEFT JOIN presence p ON p.username = m.username
LEFT JOIN known ON known.username = m.username
LEFT JOIN {_IN_HAND}
WHERE m.team = ANY(CAST(:teams AS text[])) AND m.chats > 0
ORDER BY m.username
""")
_IS_ANYBODY_FREE = text("""
SELECT EXISTS (
    SELECT 1 FROM presence p JOIN team_members m ON m.username = p.username AND m.active
    WHERE p.status = 'available' AND p.lease_until > :now AND m.chats > (
        SELECT count(*) FROM conversations c WHERE c.owner = 'agent' AND c.agent = p.username
    )
)
""")
_WAITING = text("""
SELECT conversation_id FROM (
    SELECT h.conversation_id, h.priority, h.asked_at, row_number() OVER (
        PARTITION BY h.queue ORDER BY h.priority = 'high' DESC, h.asked_at
    ) AS place
    FROM handoffs h JOIN conversations c ON c.id = h.conversation_id
    WHERE h.ended_at IS NULL AND c.owner = 'queue'
      AND (NOT :lapsed_only OR h.offered_to IS NOT NULL)
      AND (h.offered_to IS NULL OR h.offered_until <= :now OR NOT EXISTS (
          SELECT 1 FROM presence p WHERE p.username = h.offered_to AND p.lease_until > :now
      ))
) AS waits WHERE place <= :limit
ORDER BY priority = 'high' DESC, asked_at
""")
_QUEUES = text(
    "SELECT DISTINCT queue FROM conversations WHERE owner = 'queue' AND queue IS NOT NULL"
)
_IN_QUEUES = text("""
SELECT id FROM conversations WHERE owner = 'queue' AND queue = ANY(CAST(:queues AS text[]))
ORDER BY queued_at LIMIT :limit
""")
# Who was never here while they held it (their socket is broken) is gone, too, where the customer
# has waited for long.
_DESERTED = text("""
SELECT c.id FROM conversations c
JOIN handoffs h ON h.conversation_id = c.id AND h.ended_at IS NULL
LEFT JOIN people person ON person.username = c.agent
LEFT JOIN presence p ON p.username = c.agent
WHERE c.owner = 'agent' AND (CAST(:id AS uuid) IS NULL OR c.id = CAST(:id AS uuid))
  AND (person.is_active IS NOT TRUE
       OR (p.lease_until <= :now AND p.lease_until > h.taken_at)
       OR (coalesce(p.lease_until <= :now, true) AND h.taken_at <= :long_ago AND EXISTS (
           SELECT 1 FROM (
               SELECT author, at FROM messages m
               WHERE m.conversation_id = c.id AND m.author IN ('customer', 'agent')
               ORDER BY m.seq DESC LIMIT 1
           ) AS last WHERE last.author = 'customer' AND last.at <= :long_ago
       )))
LIMIT :limit
""")
_TOLD_LONG_AGO = text("""
SELECT h.conversation_id FROM handoffs h JOIN conversations c ON c.id = h.conversation_id
WHERE h.ended_at IS NULL AND c.owner = 'queue' AND h.position_told > 1
  AND h.position_told_at <= :before
ORDER BY h.asked_at LIMIT :limit
""")
# Who has spoken last, and when; what the house says by itself does not count.
_SILENT = text("""
SELECT h.conversation_id
FROM handoffs h JOIN conversations c ON c.id = h.conversation_id AND c.owner = 'agent'
JOIN LATERAL (
    SELECT m.author, m.at FROM messages m
    WHERE m.conversation_id = c.id AND m.author IN ('customer', 'agent')
    ORDER BY m.seq DESC LIMIT 1
) AS last ON last.author = 'agent' AND last.at <= :before
WHERE h.ended_at IS NULL AND h.replied_at IS NOT NULL
ORDER BY last.at LIMIT :limit
""")
_SILENT_SINCE = text("""
SELECT CASE WHEN last.author = 'agent' THEN last.at END FROM (
    SELECT author, at FROM messages
    WHERE conversation_id = :id AND author IN ('customer', 'agent') ORDER BY seq DESC LIMIT 1
) AS last
""")
_IF_FREE = text("SELECT id FROM conversations WHERE id = :id FOR NO KEY UPDATE SKIP LOCKED")
_IS_HERE = text("""
SELECT EXISTS (
    SELECT 1 FROM presence p JOIN people person ON person.username = p.username
    WHERE p.username = :username AND person.is_active AND p.lease_until > :now
)
""")
_HANDLING = text("""
SELECT ended_at - taken_at FROM handoffs
WHERE queue = :queue AND taken_at IS NOT NULL AND ended_at > :since
ORDER BY ended_at DESC LIMIT 50
""")
_STAFFING = text("""
SELECT coalesce(sum(chats), 0) AS chats, coalesce(sum(free), 0) AS free FROM (
    SELECT max(m.chats) AS chats, greatest(0, max(m.chats) - (
        SELECT count(*) FROM conversations c WHERE c.owner = 'agent' AND c.agent = m.username
    )) AS free
    FROM team_members m JOIN people person ON person.username = m.username AND person.is_active
    JOIN presence p ON p.username = m.username
    WHERE m.team = ANY(CAST(:teams AS text[])) AND m.active
      AND p.status = 'available' AND p.lease_until > :now
    GROUP BY m.username
) AS people
""")


async def going_on(session: AsyncSession, conversation_id: uuid.UUID) -> Handoff | None:
    """Return the hand-over of a conversation that goes on, as it is now."""
    found = await session.scalars(
        select(Handoff).where(
            Handoff.conversation_id == conversation_id, Handoff.ended_at.is_(None)
        ),
        execution_options={"populate_existing": True},
    )
    return found.one_or_none()


async def last_ended(session: AsyncSession, conversation_id: uuid.UUID) -> Handoff | None:
    """Return the hand-over of a conversation that ended last."""
    found = await session.scalars(
        select(Handoff)
        .where(Handoff.conversation_id == conversation_id, Handoff.ended_at.is_not(None))
        .order_by(Handoff.id.desc())
        .limit(1)
    )
    return found.one_or_none()


async def is_untold(session: AsyncSession, conversation_id: uuid.UUID) -> bool:
    """Tell whether the bot has still to hear of a hand-over that is over."""
    untold = select(Handoff.id).where(Handoff.conversation_id == conversation_id, Handoff.untold)
    return bool(await session.scalar(select(untold.exists())))


async def locked_untold(session: AsyncSession, conversation_id: uuid.UUID) -> Sequence[Handoff]:
    """Return and lock what the bot has still to hear of, the oldest first."""
    found = await session.scalars(
        select(Handoff)
        .where(Handoff.conversation_id == conversation_id, Handoff.untold)
        .order_by(Handoff.id)
        .with_for_update(key_share=True)
    )
    return found.all()


async def candidates(
    session: AsyncSession, teams: Sequence[str], conversation: Conversation, now: datetime
) -> Mapping[str, tuple[Candidate, ...]]:
    """Return the members of teams as they stand now for a conversation, by team."""
    values = {"teams": list(teams), "id": conversation.id, "now": now}
    found = await session.execute(_CANDIDATES, {**values, "customer_id": conversation.customer_id})
    by_team: dict[str, list[Candidate]] = {team: [] for team in teams}
    for row in found:
        by_team[row.team].append(_candidate(row))
    return {team: tuple(people) for team, people in by_team.items()}


def _candidate(row: Any) -> Candidate:
    return Candidate(
        username=row.username,
        capacity=row.chats,
        used=int(row.used),
        skills=frozenset(row.skills),
        regions=frozenset(row.regions),
        is_active=row.active,
        is_present=row.present,
        status=Status(row.status),
        turn=row.turn,
        handled=None if row.known_at is None else Handled.CUSTOMER,
        handled_at=row.known_at,
    )


async def is_anybody_free(session: AsyncSession, now: datetime) -> bool:
    """Tell whether somebody is available and may have one more conversation."""
    return bool(await session.scalar(_IS_ANYBODY_FREE, {"now": now}))


async def waiting(
    session: AsyncSession, now: datetime, limit: int, *, lapsed_only: bool = False
) -> Sequence[uuid.UUID]:
    """Return conversations that wait and are offered to nobody any more, the first ones first.

    `limit` is for each queue: one where nobody is at work does not hold up the others.
    """
    values = {"now": now, "limit": limit, "lapsed_only": lapsed_only}
    return (await session.scalars(_WAITING, values)).all()


async def queues_with_waiting(session: AsyncSession) -> Sequence[str]:
    """Return the queues somebody waits in."""
    return (await session.scalars(_QUEUES)).all()


async def waiting_in(
    session: AsyncSession, queues: Sequence[str], limit: int
) -> Sequence[uuid.UUID]:
    """Return conversations that wait in some queues, the longest waiting first."""
    return (await session.scalars(_IN_QUEUES, {"queues": list(queues), "limit": limit})).all()


async def deserted(
    session: AsyncSession, now: datetime, limit: int, conversation_id: uuid.UUID | None = None
) -> Sequence[uuid.UUID]:
    """Return conversations whose agent has left, or was present and is so no more.

    `conversation_id` asks for one only.
    """
    values = {"now": now, "limit": limit, "id": conversation_id, "long_ago": now - LEFT_ALONE}
    return (await session.scalars(_DESERTED, values)).all()


async def told_before(session: AsyncSession, before: datetime, limit: int) -> Sequence[uuid.UUID]:
    """Return conversations that wait and were told their place before a time."""
    return (await session.scalars(_TOLD_LONG_AGO, {"before": before, "limit": limit})).all()


async def silent(session: AsyncSession, before: datetime, limit: int) -> Sequence[uuid.UUID]:
    """Return conversations whose customer has not answered a person since a time."""
    return (await session.scalars(_SILENT, {"before": before, "limit": limit})).all()


async def silent_since(session: AsyncSession, conversation_id: uuid.UUID) -> datetime | None:
    """Return when a person spoke last; nothing where the customer spoke after them."""
    found: datetime | None = await session.scalar(_SILENT_SINCE, {"id": conversation_id})
    return found


async def lock_if_free(session: AsyncSession, conversation_id: uuid.UUID) -> bool:
    """Lock a conversation unless somebody is at work on it this very moment."""
    return (await session.execute(_IF_FREE, {"id": conversation_id})).first() is not None


async def handling(session: AsyncSession, queue: str, now: datetime) -> Sequence[timedelta]:
    """Return how long the last conversations of a queue took."""
    values = {"queue": queue, "since": now - REMEMBERED}
    return (await session.scalars(_HANDLING, values)).all()


async def staffing(session: AsyncSession, teams: Sequence[str], now: datetime) -> Staffing:
    """Return how many conversations those who are available can have, and how many more."""
    row = (await session.execute(_STAFFING, {"teams": list(teams), "now": now})).one()
    return Staffing(int(row.chats), int(row.free))


async def events(session: AsyncSession, handoff_id: int) -> Sequence[HandoffEvent]:
    """Return what happened in a hand-over, oldest first."""
    found = await session.scalars(
        select(HandoffEvent).where(HandoffEvent.handoff_id == handoff_id).order_by(HandoffEvent.id)
    )
    return found.all()


async def words(session: AsyncSession) -> Sequence[HandoffWord]:
    """Return the words a manager has written down."""
    query = select(HandoffWord).order_by(HandoffWord.match, HandoffWord.text)
    return (await session.scalars(query, execution_options={"populate_existing": True})).all()


async def put_words(session: AsyncSession, rows: Sequence[HandoffWord]) -> None:
    """Write these words in place of all others."""
    await session.execute(delete(HandoffWord))
    session.add_all(rows)
    await session.flush()


async def put_suggestion(
    session: AsyncSession, conversation_id: uuid.UUID, seq: int, texts: list[str], now: datetime
) -> None:
    """Keep what the bot would have said to a message."""
    new = {"texts": texts, "at": now}
    statement = insert(BotSuggestion).values(conversation_id=conversation_id, seq=seq, **new)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["conversation_id", "seq"], set_=new)
    )


async def suggestions(
    session: AsyncSession, conversation_id: uuid.UUID, limit: int
) -> Sequence[BotSuggestion]:
    """Return what the bot would have said, the newest first."""
    found = await session.scalars(
        select(BotSuggestion)
        .where(BotSuggestion.conversation_id == conversation_id)
        .order_by(BotSuggestion.seq.desc())
        .limit(limit)
    )
    return found.all()


async def count_waiting(session: AsyncSession) -> int:
    """Return how many conversations wait."""
    query = select(func.count()).select_from(Conversation).where(Conversation.owner == "queue")
    return int(await session.scalar(query) or 0)


async def is_here(session: AsyncSession, username: str, now: datetime) -> bool:
    """Tell whether somebody who may take conversations is present."""
    return bool(await session.scalar(_IS_HERE, {"username": username, "now": now}))
