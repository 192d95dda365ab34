"""How late time limits fire: 10,000 running clocks, a real worker, everybody listening."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text

from tests.bench.figures import percentile
from tests.bench.process import running
from tests.support.postgres import fresh_database

CLOCKS, WITHIN_SECONDS = 10_000, 60.0
TARGET_P99_SECONDS = 5.0
_HEAD_START = timedelta(seconds=8)
_PATIENCE_SECONDS = 120.0
_LOOK_SECONDS = 0.05

# As many tickets as clocks, each with a step somebody has and a limit of its own.
_TICKETS = text("""
    INSERT INTO tickets (id, ticket_no, kind, priority, state, description, words, snapshot,
        process_id, process_version, run, queue, assignee, opened_at, updated_at)
    SELECT gen_random_uuid(), 'T' || lpad(n::text, 14, '0'), 'damage', 'normal', 'open', '碎了',
        '[]', '{}', 'damage', 'v', '{}', 'customer_service', 'anna', :start, :start
    FROM generate_series(1, :count) AS n
""")
_STEPS = text("""
    INSERT INTO ticket_steps (ticket_id, step, label, role, queue, assignee, entered_at)
    SELECT id, 'verify', '核实', 'customer_service', queue, assignee, opened_at FROM tickets
""")
_CLOCKS = text("""
    INSERT INTO sla_clocks (ticket_id, step_id, clock, audience, queue, calendar, pausing, policy,
        started_at, target_seconds, warn_seconds, escalations, due_at, next_at, level, failures)
    SELECT t.id, s.id, 'step', 'internal', t.queue, 'always', 'all', '0:*/*',
        CAST(:start AS timestamptz) + spread, 3600, 0, '[["assignee", 0], ["lead", 86400]]',
        CAST(:start AS timestamptz) + spread + interval '1 hour',
        CAST(:start AS timestamptz) + spread + interval '1 hour', 0, 0
    FROM (SELECT id, queue, make_interval(secs => :within * random()) AS spread FROM tickets) AS t
    JOIN ticket_steps AS s ON s.ticket_id = t.id
""")
_FIRED = text("SELECT id, due_at FROM sla_clocks WHERE level > 0 AND breached_at >= :since")


class NotAllFired(Exception):
    """The worker did not get through in time; its last words are in the message."""


@dataclass(frozen=True)
class Lateness:
    """Seconds between the end of a limit and its breach being there for everybody to see."""

    clocks: int
    within_seconds: float
    p50: float
    p99: float
    worst: float

    @classmethod
    def of(cls, late: Sequence[float], within_seconds: float) -> Lateness:
        """Sum up how late each clock was."""
        return cls(
            clocks=len(late),
            within_seconds=within_seconds,
            p50=round(percentile(late, 0.5), 2),
            p99=round(percentile(late, 0.99), 2),
            worst=round(max(late), 2),
        )

    @property
    def is_reached(self) -> bool:
        """Tell whether the target is met."""
        return self.p99 <= TARGET_P99_SECONDS

    def as_json(self) -> dict[str, Any]:
        """Return the figures for `bench.json`."""
        return asdict(self)

    def row(self) -> list[str]:
        """Return the cells of a table: what, how many, figures, target, verdict."""
        figures = f"p50 {self.p50:.2f} s, p99 {self.p99:.2f} s, 最晚 {self.worst:.2f} s"
        verdict = "达标" if self.is_reached else "未达标"
        what = f"时限触发延迟（{self.clocks} 个计时在 {self.within_seconds:.0f} 秒内到期）"
        return [what, figures, f"p99 ≤ {TARGET_P99_SECONDS:.0f} s", verdict]


def firing_lateness(clocks: int = CLOCKS, within_seconds: float = WITHIN_SECONDS) -> Lateness:
    """Let clocks run out within some seconds; return how late a worker is. Raises NotAllFired."""
    with tempfile.TemporaryDirectory() as folder, fresh_database() as url, _connected(url) as db:
        begin = datetime.now(UTC) + _HEAD_START
        values = {"start": begin - timedelta(hours=1), "count": clocks, "within": within_seconds}
        for statement in (_TICKETS, _STEPS, _CLOCKS, text("ANALYZE")):
            db.execute(statement, values if statement is not _STEPS else {})
        db.commit()
        log = Path(folder) / "worker.log"
        environment = {**os.environ, "DATABASE_URL": url, "DEMO": "true", "DATA_DIR": folder}
        with running([sys.executable, "-m", "ticketing.worker"], log, environment):
            late = _watched(db, clocks, time.monotonic() + within_seconds + _PATIENCE_SECONDS)
        if len(late) < clocks:
            raise NotAllFired(f"{len(late)} of {clocks}:\n{log.read_text('utf-8')[-1500:]}")
    return Lateness.of(late, within_seconds)


def _watched(db: Connection, clocks: int, deadline: float) -> list[float]:
    """Look at what is committed until every clock has fired; return how late each was seen."""
    late: dict[int, float] = {}
    since = datetime.now(UTC)
    while len(late) < clocks and time.monotonic() < deadline:
        found = db.execute(_FIRED, {"since": since - timedelta(seconds=20)}).all()
        db.rollback()
        since = datetime.now(UTC)
        for row in found:
            late.setdefault(row.id, (since - row.due_at).total_seconds())
        time.sleep(_LOOK_SECONDS)
    return list(late.values())


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


if __name__ == "__main__":
    sys.stdout.write(" | ".join(firing_lateness().row()) + "\n")
