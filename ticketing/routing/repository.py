"""Every statement of routing; those on the path of an opening ticket are plain SQL."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.models import Person
from ticketing.kernel.db import Base
from ticketing.routing.choose import WEIGHTS, Candidate, Handled, Status
from ticketing.routing.models import Presence, Queue, RoutingLine, Team, TeamMember

_WEIGHT = (
    f"CASE t.priority {' '.join(f"WHEN '{p}' THEN {w}" for p, w in WEIGHTS.items())} ELSE 1 END"
)
_URGENCY = "CASE t.priority WHEN 'urgent' THEN 3 WHEN 'high' THEN 2 WHEN 'normal' THEN 1 ELSE 0 END"
_IN_HAND = f"""LATERAL (
    SELECT coalesce(sum({_WEIGHT}), 0) AS used
    FROM ticket_steps s JOIN tickets t ON t.id = s.ticket_id
    WHERE s.assignee = p.username AND s.done_at IS NULL
) AS hand ON true"""

_CANDIDATES = text(f"""
WITH related AS (
    SELECT CAST(:ticket_id AS uuid) AS ticket_id, 0 AS distance
    UNION ALL (
        SELECT id, 1 FROM tickets
        WHERE waybill_no = CAST(:waybill_no AS text) AND id <> CAST(:ticket_id AS uuid)
        ORDER BY opened_at DESC LIMIT 20
    )
    UNION ALL (
        SELECT other.ticket_id, 2
        FROM ticket_conversations mine JOIN ticket_conversations other USING (conversation_id)
        WHERE mine.ticket_id = CAST(:ticket_id AS uuid) AND other.ticket_id <> mine.ticket_id
        ORDER BY other.joined_at DESC LIMIT 20
    )
), handled AS (
    SELECT s.done_by AS username, min(r.distance) AS distance, max(s.done_at) AS at
    FROM related r JOIN ticket_steps s ON s.ticket_id = r.ticket_id
    WHERE s.done_by IS NOT NULL GROUP BY s.done_by
)
SELECT m.team, m.username, m.capacity, m.skills, m.regions, m.active AND person.is_active AS active,
       coalesce(p.lease_until > :now, false) AS present, coalesce(p.status, 'away') AS status,
       coalesce(p.turn, 0) AS turn, hand.used, handled.distance, handled.at AS handled_at
FROM team_members m
JOIN people person ON person.username = m.username
LEFT JOIN presence p ON p.username = m.username
LEFT JOIN handled ON handled.username = m.username
LEFT JOIN {_IN_HAND}
WHERE m.team = ANY(CAST(:teams AS text[]))
ORDER BY m.username
""")

# Skips whoever is being given something else right now, and fails where the turn has moved on:
# what was weighed would no longer be true.
_TAKE_TURN = text("""
UPDATE presence SET turn = nextval('routing_turns')
WHERE username = (
    SELECT username FROM presence
    WHERE username = :username AND turn = :turn AND status = 'available' AND lease_until > :now
    FOR UPDATE SKIP LOCKED
)
RETURNING turn
""")
_PASS_TURN = text("UPDATE presence SET turn = nextval('routing_turns') WHERE username = :username")
_END_LEASE = text("""
UPDATE presence SET lease_until = :now WHERE username = :username AND lease_until > :now
""")
_SHORTEN_LEASE = text("""
UPDATE presence SET lease_until = least(lease_until, CAST(:until AS timestamptz))
WHERE username = :username AND lease_until > :now
""")
_HOLD = text("""
SELECT username FROM presence
WHERE username = :username AND status = 'available' AND lease_until > :now
FOR UPDATE SKIP LOCKED
""")
_TAKING_TEAMS = text(f"""
SELECT DISTINCT m.team
FROM presence p JOIN team_members m ON m.username = p.username LEFT JOIN {_IN_HAND}
WHERE m.active AND p.status = 'available' AND p.lease_until > :now AND m.capacity > hand.used
""")
_OWN_DESKS = text(f"""
SELECT m.team, m.capacity, m.skills, m.regions, m.username, hand.used, p.turn
FROM team_members m JOIN presence p ON p.username = m.username LEFT JOIN {_IN_HAND}
WHERE m.username = :username AND m.active
""")
_SERVED = """unnest(CAST(:queues AS text[]), CAST(:teams AS text[])) AS served(queue, team)"""
_WAITS = "s.done_at IS NULL AND s.assignee IS NULL AND s.role NOT IN ('customer', 'system')"
_NEXT_WAITING = text(f"""
SELECT s.id, t.id AS ticket_id, s.queue, served.team
FROM ticket_steps s JOIN tickets t ON t.id = s.ticket_id
JOIN {_SERVED} ON served.queue = s.queue
JOIN team_members m ON m.team = served.team AND m.active AND m.username = :username
WHERE {_WAITS} AND {_WEIGHT} <= m.capacity - :used
  AND (s.skill IS NULL OR jsonb_exists(m.skills, s.skill))
  AND (t.region IS NULL OR m.regions = '[]' OR jsonb_exists(m.regions, t.region))
  AND NOT EXISTS (
      SELECT 1 FROM routing_log l WHERE l.step_id = s.id AND l.not_to = m.username
      AND l.at > CAST(:now AS timestamptz) - interval '1 hour'
  )
ORDER BY {_URGENCY} DESC, t.vip DESC, s.due_at NULLS LAST, s.id
LIMIT :limit FOR UPDATE OF s, t SKIP LOCKED
""")
# What waits is summed up once, and not at all where nobody has room.
_IDLE = text(f"""
WITH waiting AS MATERIALIZED (
    SELECT s.queue, s.skill, t.region, min({_WEIGHT}) AS weight
    FROM ticket_steps s JOIN tickets t ON t.id = s.ticket_id
    WHERE {_WAITS} GROUP BY s.queue, s.skill, t.region
)
SELECT p.username FROM presence p LEFT JOIN {_IN_HAND}
WHERE p.status = 'available' AND p.lease_until > :now AND EXISTS (
    SELECT 1 FROM team_members m WHERE m.username = p.username AND m.capacity > hand.used
) AND EXISTS (
    SELECT 1 FROM team_members m JOIN {_SERVED} ON served.team = m.team
    JOIN waiting w ON w.queue = served.queue
    WHERE m.username = p.username AND m.active AND w.weight <= m.capacity - hand.used
      AND (w.skill IS NULL OR jsonb_exists(m.skills, w.skill))
      AND (w.region IS NULL OR m.regions = '[]' OR jsonb_exists(m.regions, w.region))
)
ORDER BY p.turn
""")
_DESERTED = text("""
SELECT s.id, t.id AS ticket_id, s.assignee, person.is_active, p.lease_until
FROM ticket_steps s JOIN tickets t ON t.id = s.ticket_id
JOIN people person ON person.username = s.assignee
LEFT JOIN presence p ON p.username = s.assignee
LEFT JOIN unnest(CAST(:queues AS text[]), CAST(:minutes AS integer[])) AS rule(queue, minutes)
    ON rule.queue = s.queue
WHERE s.done_at IS NULL AND (CAST(:username AS text) IS NULL OR s.assignee = :username)
  AND (NOT person.is_active OR (
      p.lease_until < :now - make_interval(mins => coalesce(rule.minutes, 10))
      AND NOT EXISTS (
          SELECT 1 FROM ticket_changes c
          WHERE c.ticket_id = t.id AND c.by = s.assignee AND c.at > s.entered_at
      )
  ))
ORDER BY s.id LIMIT 50 FOR UPDATE OF s, t SKIP LOCKED
""")
_LOCK_IF_FREE = text("SELECT id FROM tickets WHERE id = :ticket_id FOR UPDATE SKIP LOCKED")
_HAS_TOUCHED = text("""
SELECT EXISTS (
    SELECT 1 FROM ticket_changes WHERE ticket_id = :ticket_id AND by = :by AND at > :since
)
""")
# Where each step is, and where it went before it was handed over.
_PLACES = text("""
SELECT t.region, s.step, s.queue, s.assignee, s.done_by, s.done_at IS NULL AS is_open
FROM tickets t JOIN ticket_steps s ON s.ticket_id = t.id WHERE t.ticket_no = :ticket_no
UNION ALL
SELECT t.region, l.step, l.queue, l.assignee, l.by, false
FROM tickets t JOIN routing_log l ON l.ticket_id = t.id WHERE t.ticket_no = :ticket_no
""")
_COUNTS = text("""
SELECT queue, count(*) FILTER (WHERE assignee IS NULL) AS waiting, count(assignee) AS assigned
FROM ticket_steps WHERE done_at IS NULL AND queue IS NOT NULL GROUP BY queue
""")


async def rows_of_layout(session: AsyncSession) -> tuple[Sequence[Queue], Sequence[Team]]:
    """Return the queues and teams somebody has changed."""
    anew = {"populate_existing": True}
    queues = (await session.scalars(select(Queue), execution_options=anew)).all()
    return queues, (await session.scalars(select(Team), execution_options=anew)).all()


async def put[Row: Base](session: AsyncSession, row: Row) -> None:
    """Write a row, or write it over the one of the same key; what is not set has its default."""
    table = type(row).__table__
    known = {column: getattr(row, column.name) for column in table.columns}
    values = {c.name: value for c, value in known.items() if value is not None or c.nullable}
    keys = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in keys}
    statement = insert(type(row)).values(**values)
    await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest))


async def members(session: AsyncSession) -> Sequence[TeamMember]:
    """Return everybody in a team."""
    query = select(TeamMember).order_by(TeamMember.team, TeamMember.username)
    return (await session.scalars(query, execution_options={"populate_existing": True})).all()


async def taking_teams(session: AsyncSession, now: datetime) -> frozenset[str]:
    """Return the teams somebody of whom is available and has room."""
    return frozenset((await session.scalars(_TAKING_TEAMS, {"now": now})).all())


async def candidates(
    session: AsyncSession,
    teams: Sequence[str],
    ticket_id: uuid.UUID,
    waybill_no: str | None,
    now: datetime,
) -> Mapping[str, tuple[Candidate, ...]]:
    """Return the members of teams as they stand now, by team, in one statement."""
    values = {"teams": list(teams), "ticket_id": ticket_id, "waybill_no": waybill_no, "now": now}
    by_team: dict[str, list[Candidate]] = {team: [] for team in teams}
    with session.no_autoflush:
        found = await session.execute(_CANDIDATES, values)
    for row in found:
        by_team[row.team].append(_candidate(row))
    return {team: tuple(found) for team, found in by_team.items()}


def _candidate(row: Any) -> Candidate:
    return Candidate(
        username=row.username,
        capacity=row.capacity,
        used=int(row.used),
        skills=frozenset(row.skills),
        regions=frozenset(row.regions),
        is_active=row.active,
        is_present=row.present,
        status=Status(row.status),
        turn=row.turn,
        handled=None if row.distance is None else Handled(row.distance),
        handled_at=row.handled_at,
    )


async def take_turn(session: AsyncSession, username: str, turn: int, now: datetime) -> bool:
    """Make a person's turn ours unless they were given something since it was weighed."""
    values = {"username": username, "turn": turn, "now": now}
    with session.no_autoflush:
        return (await session.execute(_TAKE_TURN, values)).first() is not None


async def pass_turn(session: AsyncSession, username: str) -> None:
    """Note that a person was given a step by hand."""
    await session.execute(_PASS_TURN, {"username": username})


async def hold(session: AsyncSession, username: str, now: datetime) -> bool:
    """Hold an available person, so that nobody else gives them anything; else say no."""
    return (await session.execute(_HOLD, {"username": username, "now": now})).first() is not None


async def renew(
    session: AsyncSession, username: str, status: Status, now: datetime, lease: timedelta
) -> Presence:
    """Let a person's lease begin anew."""
    new = {"status": str(status), "lease_until": now + lease, "seen_at": now}
    statement = insert(Presence).values(username=username, turn=0, **new)
    found = await session.scalars(
        statement.on_conflict_do_update(index_elements=["username"], set_=new).returning(Presence),
        execution_options={"populate_existing": True},
    )
    return found.one()


async def shorten_lease(
    session: AsyncSession, username: str, until: datetime, now: datetime
) -> None:
    """Let a person's lease end by a time, if it has not ended."""
    values = {"username": username, "until": until, "now": now}
    await session.execute(_SHORTEN_LEASE, values)


async def end_lease(session: AsyncSession, username: str, now: datetime) -> None:
    """Let a person's lease end now."""
    await session.execute(_END_LEASE, {"username": username, "now": now})


async def present(session: AsyncSession, now: datetime) -> Sequence[tuple[Presence, str]]:
    """Return who is here, with their display names."""
    query = select(Presence, Person.display_name).join(Person, Person.username == Presence.username)
    here = query.where(Presence.lease_until > now).order_by(Presence.username).limit(500)
    return [(row[0], row[1]) for row in await session.execute(here)]


async def own_desks(session: AsyncSession, username: str) -> Mapping[str, Candidate]:
    """Return a held person as a candidate of each team they are in."""
    found = await session.execute(_OWN_DESKS, {"username": username})
    return {
        row.team: Candidate(
            username=username,
            capacity=row.capacity,
            used=int(row.used),
            skills=frozenset(row.skills),
            regions=frozenset(row.regions),
            turn=row.turn,
        )
        for row in found
    }


async def waiting_for(
    session: AsyncSession,
    person: Candidate,
    served: Sequence[tuple[str, str]],
    now: datetime,
    limit: int,
) -> Sequence[Any]:
    """Lock and return what a person could take: `id`, `ticket_id`, `queue`, `team`, best first."""
    own = {"username": person.username, "used": person.used}
    values = {**_served(served), **own, "now": now, "limit": limit}
    return (await session.execute(_NEXT_WAITING, values)).all()


async def idle(
    session: AsyncSession, served: Sequence[tuple[str, str]], now: datetime
) -> Sequence[str]:
    """Return who is available while something they may do is waiting, the next in turn first."""
    return (await session.scalars(_IDLE, {**_served(served), "now": now})).all()


def _served(served: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    return {"queues": [queue for queue, _ in served], "teams": [team for _, team in served]}


async def deserted(
    session: AsyncSession, silent: Mapping[str, int], now: datetime, username: str | None = None
) -> Sequence[Any]:
    """Lock and return steps whose assignee has left, or is offline without having touched them.

    `silent`: after how many minutes, by queue. `username` asks for one person's only.
    """
    rules = {"queues": list(silent), "minutes": list(silent.values())}
    values = {**rules, "now": now, "username": username}
    return (await session.execute(_DESERTED, values)).all()


async def lock_if_free(session: AsyncSession, ticket_id: uuid.UUID) -> bool:
    """Lock a ticket unless somebody is at work on it this very moment."""
    return (await session.execute(_LOCK_IF_FREE, {"ticket_id": ticket_id})).first() is not None


async def has_touched(
    session: AsyncSession, ticket_id: uuid.UUID, by: str, since: datetime
) -> bool:
    """Tell whether a person has done anything to a ticket after a time."""
    values = {"ticket_id": ticket_id, "by": by, "since": since}
    return bool(await session.scalar(_HAS_TOUCHED, values))


async def places(session: AsyncSession, ticket_no: str) -> Sequence[Any]:
    """Return where every step of a ticket is, was, and went; nothing of a ticket unknown."""
    return (await session.execute(_PLACES, {"ticket_no": ticket_no})).all()


async def counts(session: AsyncSession) -> Mapping[str, tuple[int, int]]:
    """Return how many open steps wait and are assigned, by queue."""
    found = await session.execute(_COUNTS)
    return {row.queue: (row.waiting, row.assigned) for row in found}


async def log(
    session: AsyncSession, ticket_id: uuid.UUID, before: int | None, limit: int
) -> Sequence[RoutingLine]:
    """Return why the steps of a ticket went where they went, newest first."""
    query = select(RoutingLine).where(RoutingLine.ticket_id == ticket_id)
    if before is not None:
        query = query.where(RoutingLine.id < before)
    return (await session.scalars(query.order_by(RoutingLine.id.desc()).limit(limit))).all()
