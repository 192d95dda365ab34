"""Many tickets at once, as a busy house has them after some months: `fill(database_url, count)`."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import psycopg
from psycopg import sql

from tests.bench.sentences import Said, said
from ticketing.tickets.history import seal
from ticketing.tickets.kinds import Priority, ticket_kinds
from ticketing.tickets.models import TicketChange
from ticketing.tickets.terms import document
from ticketing.workflow import machine
from ticketing.workflow.definitions import shipped
from ticketing.workflow.process import Process, Step

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
QUEUES = (
    "claims",
    "complaints",
    "customer_service",
    "delivery",
    "finance",
    "lost_parcels",
    "returns",
    "vip",
)
PEOPLE = tuple(f"agent{number:02d}" for number in range(1, 41))
CARRIERS = ("YTO", "ZTO", "STO", "YUNDA", "SF", "JD", "JTSD", "EMS")
REGIONS = ("广东省", "浙江省", "江苏省", "山东省", "河南省", "四川省", "上海市", "北京市", "湖北省")

_OPEN_SHARE = 0.2
_PER_DAY = 1500
_STATES = ("open",) * 14 + ("paused",) * 4 + ("resolved",) * 2
_PRIORITIES = ("low", "normal", "normal", "normal", "normal", "high", "high", "urgent")
_SEVERITIES = ("minor", "normal", "normal", "normal", "major", "critical")
_TABLES: dict[str, tuple[str, ...]] = {
    "tickets": (
        *("id", "ticket_no", "kind", "severity", "priority", "red_flag", "state", "waybill_no"),
        *("carrier_code", "region", "role", "description", "words", "contact_phone", "details"),
        *("snapshot", "process_id", "process_version", "run", "queue", "assignee", "due_at"),
        *("version", "chain_head", "opened_at", "updated_at", "closed_at"),
    ),
    "ticket_steps": (
        *("ticket_id", "step", "label", "role", "queue", "assignee", "form", "entered_at"),
        *("due_at", "done_at", "done_by", "outcome"),
    ),
    "ticket_changes": ("ticket_id", "at", "by", "what", "facts", "hash"),
    "ticket_search": ("ticket_id", "ticket_no", "opened_at", "document"),
}


@dataclass(frozen=True)
class _Made:
    """A ticket by its columns, and the step somebody has to do in it."""

    row: dict[str, Any]
    step: Step
    said: Said


async def fill(database_url: str, count: int, seed: int = 20261122) -> None:
    """Write so many tickets with step, history and search document; a fifth is not closed."""
    made = list(_tickets(count, random.Random(seed)))
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        for table, columns in _TABLES.items():
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            copy = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
            async with connection.cursor().copy(copy) as rows:
                for each in made:
                    row = _ROWS[table](each)
                    await rows.write_row([row.get(column) for column in columns])
        await connection.execute("COMMIT")
        await connection.set_autocommit(True)
        for table in _TABLES:
            vacuum = sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table))
            await connection.execute(vacuum)


def _tickets(count: int, dice: random.Random) -> Iterator[_Made]:
    kinds = list(ticket_kinds())
    for number in range(count):
        yield _ticket(number, count, dice.choice(kinds), dice)


def _ticket(number: int, count: int, kind: str, dice: random.Random) -> _Made:
    opened_at = NOW - timedelta(days=(count - number) / _PER_DAY, seconds=1)
    # The younger a ticket, the more likely somebody is still at work on it.
    is_open = dice.random() < 2 * _OPEN_SHARE * number / count
    started = _started(kind, is_open=is_open)
    state = dice.choice(_STATES) if is_open else "closed"
    queue = dice.choice(QUEUES)
    assignee = dice.choice(PEOPLE) if dice.random() < 0.6 else None
    due_at = opened_at + timedelta(hours=dice.uniform(1, 24 * 90)) if is_open else None
    words = said(dice)
    row = {
        "id": uuid.UUID(int=dice.getrandbits(128), version=4),
        "ticket_no": f"T{opened_at:%Y%m%d}{number % 1_000_000:06d}",
        "kind": kind,
        "severity": dice.choice(_SEVERITIES),
        "priority": dice.choice(_PRIORITIES),
        "red_flag": dice.random() < 0.03,
        "state": state,
        "waybill_no": f"{dice.choice(('YT', '77', 'SF', '43'))}{27 * 10**11 + number}",
        "carrier_code": dice.choice(CARRIERS),
        "region": dice.choice(REGIONS),
        "role": dice.choice(("sender", "receiver")),
        "description": words.text,
        "words": json.dumps(words.sentences, ensure_ascii=False),
        "contact_phone": f"13{dice.randrange(10**9):09d}",
        "details": json.dumps({"amount": f"{dice.randrange(20, 2000)}元"}, ensure_ascii=False),
        "snapshot": _SNAPSHOT,
        "process_id": started.process.id,
        "process_version": started.process.version,
        "run": started.run,
        "queue": queue,
        "assignee": assignee,
        "due_at": due_at,
        "version": 2,
        "opened_at": opened_at,
        "updated_at": opened_at,
        "closed_at": None if is_open else opened_at + timedelta(hours=dice.uniform(2, 200)),
    }
    row["chain_head"] = _opening(row)["hash"]
    return _Made(row, started.step, words)


@dataclass(frozen=True)
class _Started:
    process: Process
    run: str
    step: Step


@cache
def _started(kind: str, *, is_open: bool) -> _Started:
    """Return a run at its first step, or one that was ended there."""
    process = shipped().for_kind(kind)
    begun = machine.start(process)
    first = process.step(machine.progress(process, begun).current[0]) or process.steps[0]
    run = begun if is_open else machine.withdraw(process, begun)
    return _Started(process, json.dumps(run.to_dict(), ensure_ascii=False), first)


def _step(made: _Made) -> dict[str, Any]:
    row = made.row
    closed_at = row["closed_at"]
    return {
        "ticket_id": row["id"],
        "step": made.step.name,
        "label": made.step.label,
        "role": made.step.role,
        "queue": row["queue"],
        "assignee": row["assignee"],
        "form": made.step.form,
        "entered_at": row["opened_at"],
        "due_at": row["due_at"],
        "done_at": closed_at,
        "done_by": (row["assignee"] or PEOPLE[0]) if closed_at else None,
        "outcome": "done" if closed_at else None,
    }


def _opening(row: dict[str, Any]) -> dict[str, Any]:
    facts = {"description": row["description"], "proven": True}
    change = TicketChange(
        at=row["opened_at"],
        by="assistant",
        what="opened",
        facts=facts,
        cause=None,
        previous_hash="",
    )
    return {
        "ticket_id": row["id"],
        "at": row["opened_at"],
        "by": change.by,
        "what": change.what,
        "facts": json.dumps(facts, ensure_ascii=False),
        "hash": seal(row["ticket_no"], change),
    }


def _found_by(made: _Made) -> dict[str, Any]:
    row = made.row
    numbers = document((row["ticket_no"], row["waybill_no"], row["contact_phone"]))
    return {**row, "ticket_id": row["id"], "document": f"{made.said.document} {numbers}"}


_ROWS = {
    "tickets": lambda made: made.row,
    "ticket_steps": _step,
    "ticket_changes": lambda made: _opening(made.row),
    "ticket_search": _found_by,
}

_SNAPSHOT = json.dumps(
    {
        "status": "in_transit",
        "city": "深圳市",
        "events": [
            {
                "at": (NOW - timedelta(hours=hours)).isoformat(),
                "place": "深圳转运中心",
                "status": "in_transit",
                "text": "快件已到达【深圳转运中心】，准备发往下一站",
            }
            for hours in range(8)
        ],
    },
    ensure_ascii=False,
)

assert {str(each) for each in Priority} == set(_PRIORITIES)
