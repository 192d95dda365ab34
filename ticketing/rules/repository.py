"""Every SELECT of the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Text, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from ticketing.rules.models import RuleEvaluation, RuleVersion

MAX_VERSIONS = 100


async def active_versions(session: AsyncSession) -> dict[str, str]:
    """Return the active uploaded version of every table that has one."""
    wanted = select(RuleVersion.table_name, RuleVersion.version).where(RuleVersion.active)
    return {row.table_name: row.version for row in await session.execute(wanted)}


async def source(session: AsyncSession, table: str, version: str) -> bytes | None:
    """Return the bytes of a version as they were uploaded."""
    wanted = select(RuleVersion.source).filter_by(table_name=table, version=version)
    return await session.scalar(wanted)


async def versions(session: AsyncSession, table: str) -> Sequence[RuleVersion]:
    """Return the newest versions of a table, without their sources."""
    wanted = select(RuleVersion).filter_by(table_name=table).options(defer(RuleVersion.source))
    newest = wanted.order_by(RuleVersion.uploaded_at.desc(), RuleVersion.version)
    return (await session.scalars(newest.limit(MAX_VERSIONS))).all()


async def active_rows(session: AsyncSession) -> Sequence[RuleVersion]:
    """Return the active version of every table that has one, without their sources."""
    wanted = select(RuleVersion).where(RuleVersion.active).options(defer(RuleVersion.source))
    return (await session.scalars(wanted)).all()


async def put(session: AsyncSession, version: dict[str, object]) -> bool:
    """Add a version unless it is there already; tell whether it was added."""
    statement = insert(RuleVersion).values(version).on_conflict_do_nothing()
    added = await session.scalar(statement.returning(RuleVersion.version))
    return added is not None


async def lock(session: AsyncSession, about: str) -> None:
    """Let one transaction at a time put a version of a table in force, or look what is kept."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"rules:{about}"))))


async def make_active(
    session: AsyncSession, table: str, version: str, by: str, now: datetime
) -> None:
    """Let this version, and no other, decide."""
    of_table = update(RuleVersion).filter_by(table_name=table)
    await session.execute(of_table.where(RuleVersion.active).values(active=False))
    changed = {"active": True, "activated_by": by, "activated_at": now}
    await session.execute(of_table.filter_by(version=version).values(changed))


async def evaluations(
    session: AsyncSession, subject: str, table: str | None, before: int | None, limit: int
) -> Sequence[RuleEvaluation]:
    """Return what was decided about a subject, newest first."""
    wanted = select(RuleEvaluation).filter_by(subject=subject)
    if table is not None:
        wanted = wanted.filter_by(table_name=table)
    if before is not None:
        wanted = wanted.where(RuleEvaluation.id < before)
    return (await session.scalars(wanted.order_by(RuleEvaluation.id.desc()).limit(limit))).all()


async def is_kept(
    session: AsyncSession, subject: str, table: str, version: str, asked: Mapping[str, object]
) -> bool:
    """Tell whether a version was asked this already; what is None in `asked` was not known."""
    facts = RuleEvaluation.facts
    known = {name: fact for name, fact in asked.items() if fact is not None}
    unknown = [name for name, fact in asked.items() if fact is None]
    wanted = select(RuleEvaluation.id).filter_by(subject=subject, table_name=table, version=version)
    same = wanted.where(facts.contains(known), ~facts.has_any(array(unknown, type_=Text)))
    return await session.scalar(same.limit(1)) is not None


async def evaluated(
    session: AsyncSession,
    table: str,
    until: datetime,
    after: tuple[datetime, int],
    limit: int,
) -> Sequence[RuleEvaluation]:
    """Return the next evaluations of a table after a place, in the order of time."""
    place = tuple_(RuleEvaluation.at, RuleEvaluation.id)
    wanted = (
        select(RuleEvaluation)
        .filter_by(table_name=table)
        .where(place > after, RuleEvaluation.at < until)
        .order_by(RuleEvaluation.at, RuleEvaluation.id)
        .limit(limit)
    )
    rows = (await session.scalars(wanted)).all()
    for row in rows:
        session.expunge(row)
    return rows
