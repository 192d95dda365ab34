"""The leads' live wall: queues, people and today's numbers, in few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.tokens import Caller
from ticketing.desk import rows
from ticketing.desk.overview import LiveQueue, labels_of, live_queues
from ticketing.desk.reach import OFFLINE, Reach, standing
from ticketing.desk.rows import Row
from ticketing.kernel.cache import remembered
from ticketing.kernel.clock import SHANGHAI
from ticketing.routing.layout import FALLBACK, Layout
from ticketing.routing.service import current_layout
from ticketing.sla.configuration import configuration

_TALKS_SHOWN = 200
_TODAYS_AGE = timedelta(seconds=10)
"""Today's numbers look at every conversation there is; they may be so old."""
_TODAY = text("""
SELECT count(*) AS talks, count(*) FILTER (WHERE handed) AS handed FROM (
    SELECT EXISTS (
        SELECT 1 FROM handoffs h WHERE h.conversation_id = c.id
        AND (h.asked_at >= :today OR h.ended_at >= :today OR h.ended_at IS NULL)
    ) AS handed
    FROM conversations c
    WHERE c.updated_at >= :today AND EXISTS (
        SELECT 1 FROM messages m
        WHERE m.conversation_id = c.id AND m.author = 'customer' AND m.at >= :today
    )
) AS talked
""")
_BY_QUEUE = text("""
SELECT queue, count(*) FILTER (WHERE replied_at >= :today) AS answered,
       count(*) FILTER (WHERE outcome IN ('message_left', 'withdrawn') AND ended_at >= :today)
           AS left_again,
       avg(extract(epoch FROM replied_at - asked_at)) FILTER (WHERE replied_at >= :today)
           AS first_reply, count(*) FILTER (WHERE replied_at >= :today) AS replies
FROM handoffs WHERE asked_at >= CAST(:today AS timestamptz) - interval '1 day' GROUP BY queue
""")
_PEOPLE = text("""
SELECT p.username, p.display_name, here.status, here.lease_until, m.teams, m.chats,
       coalesce(talks.number, 0) AS talks, coalesce(steps.number, 0) AS steps,
       coalesce(answered.number, 0) AS answered, scores.score
FROM people p
JOIN (
    SELECT username, array_agg(team) AS teams, max(chats) AS chats
    FROM team_members WHERE active GROUP BY username
) AS m ON m.username = p.username
LEFT JOIN presence here ON here.username = p.username
LEFT JOIN (
    SELECT agent, count(*) AS number FROM conversations WHERE owner = 'agent' GROUP BY agent
) AS talks ON talks.agent = p.username
LEFT JOIN (
    SELECT assignee, count(*) AS number FROM ticket_steps
    WHERE done_at IS NULL AND assignee IS NOT NULL GROUP BY assignee
) AS steps ON steps.assignee = p.username
LEFT JOIN (
    SELECT taken_by, count(*) AS number FROM handoffs
    WHERE asked_at >= CAST(:today AS timestamptz) - interval '1 day' AND replied_at >= :today
    GROUP BY taken_by
) AS answered ON answered.taken_by = p.username
LEFT JOIN (
    SELECT assignee, avg(score) AS score FROM surveys
    WHERE asked_at >= CAST(:today AS timestamptz) - interval '7 days' AND answered_at >= :today
    GROUP BY assignee
) AS scores ON scores.assignee = p.username
WHERE p.is_active ORDER BY p.username
""")


@dataclass(frozen=True, kw_only=True)
class WallAgent:
    """Somebody on the wall."""

    username: str
    display_name: str
    status: str
    talks: int
    chats: int
    steps: int
    answered_today: int
    score_today: float | None
    teams: frozenset[str]


@dataclass(frozen=True)
class WallQueue:
    """A queue on the wall."""

    live: LiveQueue
    available: int
    answered_today: int
    left_today: int


@dataclass(frozen=True, kw_only=True)
class Wall:
    """What leads watch."""

    username: str
    queues: Sequence[WallQueue]
    agents: Sequence[WallAgent]
    talks: Sequence[Row]
    marks: rows.Marks
    labels: Mapping[str, str]
    talks_today: int
    containment: float | None
    first_reply_seconds: float | None

    def total(self, name: str) -> int:
        """Return a number of all queues together: waiting, in_service, breached."""
        return sum(getattr(queue.live.count, name) for queue in self.queues)

    def longest_wait(self, now: datetime) -> int:
        """Return the seconds the first of all has waited."""
        return max((queue.live.count.longest_wait(now) for queue in self.queues), default=0)


async def wall(session: AsyncSession, caller: Caller, now: datetime) -> Wall:
    """Return what a lead watches, of their queues, in seven statements."""
    reach = (await standing(session, caller, now)).reach
    today = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    layout = await current_layout(session)
    limits, counts = await configuration(session), await rows.counts(session, now)
    live = live_queues(reach, layout, limits, counts, now)
    agents = await _agents(session, reach, layout, today, now)
    by_queue = {row.queue: row for row in await session.execute(_BY_QUEUE, {"today": today})}
    talks = [row for row in await rows.of_desk(session, reach, now) if row.owner == "agent"]
    shown = talks[:_TALKS_SHOWN]

    async def counted(fresh: AsyncSession) -> Any:
        return (await fresh.execute(_TODAY, {"today": today})).one()

    numbers = await remembered(session, "desk.wall.today", counted, _TODAYS_AGE)
    return Wall(
        username=caller.name,
        queues=[_queue(each, layout, agents, by_queue.get(each.name)) for each in live],
        agents=agents,
        talks=shown,
        marks=await rows.marks(session, [caller.name], [row.id for row in shown]),
        labels=labels_of(layout),
        talks_today=numbers.talks,
        containment=1 - numbers.handed / numbers.talks if numbers.talks else None,
        first_reply_seconds=_first_reply([by_queue[q.name] for q in live if q.name in by_queue]),
    )


def _first_reply(found: Sequence[Any]) -> float | None:
    replied = [(float(row.first_reply), row.replies) for row in found if row.replies]
    number = sum(replies for _, replies in replied)
    return round(sum(s * n for s, n in replied) / number, 1) if number else None


def _queue(live: LiveQueue, layout: Layout, agents: Sequence[WallAgent], today: Any) -> WallQueue:
    teams = {team for queue, team in layout.served() if queue == live.name}
    available = sum(each.status == "available" and bool(each.teams & teams) for each in agents)
    answered, left = (today.answered, today.left_again) if today else (0, 0)
    return WallQueue(live, available, answered, left)


async def _agents(
    session: AsyncSession, reach: Reach, layout: Layout, today: datetime, now: datetime
) -> Sequence[WallAgent]:
    by_team: dict[str, set[str]] = defaultdict(set)
    for queue, team in layout.served():
        by_team[team].add(queue)
    found = []
    for row in await session.execute(_PEOPLE, {"today": today}):
        queues = {queue for team in row.teams for queue in by_team[team]} or {FALLBACK}
        if not any(map(reach.has_queue, queues)):
            continue
        is_here = row.lease_until is not None and row.lease_until > now
        found.append(
            WallAgent(
                username=row.username,
                display_name=row.display_name,
                status=row.status if is_here else OFFLINE,
                talks=row.talks,
                chats=row.chats,
                steps=row.steps,
                answered_today=row.answered,
                score_today=None if row.score is None else round(float(row.score), 2),
                teams=frozenset(row.teams),
            )
        )
    return found
