"""Every SELECT of the processes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from ticketing.workflow.models import ProcessVersion


async def active_sources(session: AsyncSession) -> Sequence[bytes]:
    """Return the active version of every process that has one, as it was uploaded."""
    wanted = select(ProcessVersion.source).where(ProcessVersion.active)
    return (await session.scalars(wanted)).all()


async def source(session: AsyncSession, process_id: str, version: str) -> bytes | None:
    """Return the bytes of a version as they were uploaded."""
    wanted = select(ProcessVersion.source).filter_by(process_id=process_id, version=version)
    return await session.scalar(wanted)


async def row(session: AsyncSession, process_id: str, version: str) -> ProcessVersion | None:
    """Return what is known of an uploaded version, without its source."""
    wanted = select(ProcessVersion).filter_by(process_id=process_id, version=version)
    return await session.scalar(_light(wanted))


async def active_row(session: AsyncSession, process_id: str) -> ProcessVersion | None:
    """Return the active version of a process, without its source."""
    wanted = select(ProcessVersion).filter_by(process_id=process_id).where(ProcessVersion.active)
    return await session.scalar(_light(wanted))


async def versions(
    session: AsyncSession, process_id: str, before: tuple[datetime, str] | None, limit: int
) -> Sequence[ProcessVersion]:
    """Return a page of a process's uploaded versions without their sources, newest first."""
    wanted = select(ProcessVersion).filter_by(process_id=process_id)
    place = tuple_(ProcessVersion.uploaded_at, ProcessVersion.version)
    if before is not None:
        wanted = wanted.where(place < before)
    newest = wanted.order_by(ProcessVersion.uploaded_at.desc(), ProcessVersion.version.desc())
    return (await session.scalars(_light(newest).limit(limit))).all()


async def put(session: AsyncSession, values: dict[str, object]) -> bool:
    """Add a version unless it is there already; tell whether it was added."""
    statement = insert(ProcessVersion).values(values).on_conflict_do_nothing()
    return await session.scalar(statement.returning(ProcessVersion.version)) is not None


async def lock(session: AsyncSession, process_id: str) -> None:
    """Let nobody else activate a version of this process until the transaction ends."""
    key = func.hashtext(f"process:{process_id}")
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def make_active(
    session: AsyncSession, process_id: str, version: str, changed: dict[str, object]
) -> None:
    """Let new tickets follow this version, and no other."""
    of_process = update(ProcessVersion).filter_by(process_id=process_id)
    await session.execute(of_process.where(ProcessVersion.active).values(active=False))
    await session.execute(of_process.filter_by(version=version).values(active=True, **changed))


def _light(wanted: Select[ProcessVersion]) -> Select[ProcessVersion]:
    return wanted.options(defer(ProcessVersion.source)).execution_options(populate_existing=True)
