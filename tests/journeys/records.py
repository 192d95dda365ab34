"""What a house has written down about some tickets, read when it has come to rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
from psycopg.rows import dict_row

Row = dict[str, Any]

_CLOCKS = """
SELECT c.*, t.ticket_no, t.kind,
       EXISTS (SELECT FROM sla_pauses p WHERE p.ticket_id = t.id) AS paused
FROM sla_clocks c JOIN tickets t ON t.id = c.ticket_id WHERE t.ticket_no = ANY(%s) ORDER BY c.id
"""
_CHANGES = """
SELECT h.*, t.ticket_no
FROM ticket_changes h JOIN tickets t ON t.id = h.ticket_id WHERE t.ticket_no = ANY(%s) ORDER BY h.id
"""
_ROUTED = """
SELECT l.*, t.ticket_no
FROM routing_log l JOIN tickets t ON t.id = l.ticket_id WHERE t.ticket_no = ANY(%s) ORDER BY l.id
"""
_NOTICES = "SELECT * FROM staff_notices WHERE ticket_no = ANY(%s) ORDER BY id"
_DELIVERIES = "SELECT * FROM deliveries WHERE ticket_no = ANY(%s) ORDER BY created_at, id"
_HEARING = """
SELECT conversation_id FROM ticket_conversations h JOIN tickets t ON t.id = h.ticket_id
WHERE t.ticket_no = ANY(%s)
"""
_MESSAGES = f"""
SELECT * FROM messages WHERE conversation_id IN ({_HEARING}) ORDER BY conversation_id, seq
"""
_OUTBOX = f"SELECT * FROM outbox WHERE conversation_id IN ({_HEARING})"
_HEARD_BY = """
SELECT h.conversation_id, t.ticket_no
FROM ticket_conversations h JOIN tickets t ON t.id = h.ticket_id WHERE t.ticket_no = ANY(%s)
"""
_JOBS = """
SELECT j.status, j.task_name, j.args, j.scheduled_at FROM procrastinate_jobs j
LEFT JOIN deliveries d ON d.id::text = j.args ->> 'delivery_id'
WHERE j.status IN ('failed', 'aborted')
    OR d.ticket_no = ANY(%s) AND (j.status = 'doing' OR j.scheduled_at <= now())
"""
_UNRUNG = (
    f"SELECT * FROM ({_CLOCKS}) c WHERE stopped_at IS NULL AND next_at < now() + interval '30 s'"
)


_QUERIES = {
    "clocks": _CLOCKS,
    "changes": _CHANGES,
    "routed": _ROUTED,
    "notices": _NOTICES,
    "deliveries": _DELIVERIES,
    "messages": _MESSAGES,
    "outbox": _OUTBOX,
    "hearing": _HEARD_BY,
    "jobs": _JOBS,
}


@dataclass(frozen=True)
class Records:
    """Rows about the tickets asked for; `arrivals` is what reached the outside world."""

    clocks: list[Row]
    changes: list[Row]
    routed: list[Row]
    notices: list[Row]
    deliveries: list[Row]
    messages: list[Row]
    outbox: list[Row]
    hearing: list[Row]
    jobs: list[Row]
    arrivals: list[Row]

    @classmethod
    def of(cls, database_url: str, sandbox_url: str, ticket_nos: Iterable[str]) -> Records:
        """Read everything about these tickets."""
        wanted = list(ticket_nos)
        with psycopg.connect(database_url, row_factory=dict_row) as database:
            found = {
                name: database.execute(query, (wanted,)).fetchall()
                for name, query in _QUERIES.items()
            }
        arrivals = httpx.get(f"{sandbox_url}/arrivals", trust_env=False, timeout=20).json()
        return cls(**found, arrivals=arrivals)

    def sent_by(self, channel: str, event: str = "") -> list[Row]:
        """Return the deliveries of a channel, of one event if asked for."""
        return [
            each
            for each in self.deliveries
            if each["channel"] == channel and event in ("", each["event"])
        ]


def what_is_left(database_url: str, ticket_nos: Iterable[str]) -> dict[str, int]:
    """Return how much is still to be done about these tickets: clocks, deliveries and jobs."""
    wanted = list(ticket_nos)
    with psycopg.connect(database_url, row_factory=dict_row) as database:
        clocks = database.execute(_UNRUNG, (wanted,)).fetchall()
        sent = database.execute(_DELIVERIES, (wanted,)).fetchall()
        jobs = database.execute(_JOBS, (wanted,)).fetchall()
    # An SMS is at rest when its vendor has told what became of it.
    waits = ("queued", "held", "sending")
    posts = [
        d for d in sent if d["state"] in waits or (d["channel"], d["state"]) == ("sms", "sent")
    ]
    left = {"clocks": len(clocks), "deliveries": len(posts), "jobs": len(jobs)}
    return {name: count for name, count in left.items() if count}


def webhook_fact(delivery: Mapping[str, Any]) -> dict[str, str]:
    """Return what a webhook's key says it is about."""
    fact = str(delivery["dedupe_key"]).rpartition(">")[0]
    event, ticket_id, change_id, step_id, clock_id, _at = fact.split(":", 5)
    return {
        "event": event,
        "ticket_id": ticket_id,
        "change_id": change_id,
        "step_id": step_id,
        "clock_id": clock_id,
    }


def moment(said: str | datetime) -> datetime:
    """Return a time whatever its zone."""
    return (datetime.fromisoformat(said) if isinstance(said, str) else said).astimezone(UTC)
