"""Statements about tables that only grow find their rows by an index."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Select, select, text

from ticketing.accounts.models import AuditLine
from ticketing.composition import House
from ticketing.handoffs.models import Handoff
from ticketing.kernel import clock

_WEEK_AGO = clock.now() - timedelta(days=7)
_HANDLED = (
    select(Handoff.ended_at)
    .where(Handoff.queue == "x", Handoff.taken_at.is_not(None), Handoff.ended_at > _WEEK_AGO)
    .order_by(Handoff.ended_at.desc())
)
_SEEN = select(AuditLine.at).where(AuditLine.what.startswith("T2026", autoescape=True))
_REFUSED = select(AuditLine.at).where(AuditLine.deed == "failed").order_by(AuditLine.id.desc())


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (_HANDLED, "ix_handoffs_taken"),
        (_SEEN, "ix_audit_log_what"),
        (_REFUSED, "ix_audit_log_failed"),
    ],
)
async def test_growing_tables_are_read_by_index(
    house: House, query: Select[tuple[object]], index: str
) -> None:
    told = query.compile(dialect=house.db.engine.dialect, compile_kwargs={"literal_binds": True})
    async with house.db.transaction() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await session.connection()
        rows = await plan.exec_driver_sql(f"EXPLAIN {told}".replace("%", "%%"), ())
    assert index in "".join(row[0] for row in rows)
