"""Every statement about versions of forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.forms.models import FormVersion


async def active(session: AsyncSession) -> Sequence[FormVersion]:
    """Return the uploaded versions in force."""
    return (await session.scalars(select(FormVersion).where(FormVersion.active))).all()


async def version(session: AsyncSession, name: str, version: str) -> FormVersion | None:
    """Return one uploaded version."""
    return await session.get(FormVersion, (name, version))


async def versions(
    session: AsyncSession, name: str, before: tuple[datetime, str] | None, limit: int
) -> Sequence[FormVersion]:
    """Return a page of a form's uploaded versions, newest first."""
    order = tuple_(FormVersion.uploaded_at, FormVersion.version)
    query = select(FormVersion).where(FormVersion.name == name)
    if before:
        query = query.where(order < before)
    newest_first = query.order_by(FormVersion.uploaded_at.desc(), FormVersion.version.desc())
    return (await session.scalars(newest_first.limit(limit))).all()


async def names(session: AsyncSession) -> Sequence[str]:
    """Return the names of all uploaded forms."""
    return (await session.scalars(select(FormVersion.name).distinct())).all()


async def add_if_new(session: AsyncSession, row: FormVersion) -> None:
    """Add a version unless the same content is there already."""
    values = {column.name: getattr(row, column.name) for column in FormVersion.__table__.columns}
    values["active"] = False
    await session.execute(insert(FormVersion).values(**values).on_conflict_do_nothing())


async def lock(session: AsyncSession, name: str) -> None:
    """Let one transaction at a time say which version of a form is in force."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"form:{name}"))))


async def put_in_force(
    session: AsyncSession, name: str, version: str, by: str, now: datetime
) -> None:
    """Make an uploaded version the active one; an unknown version leaves none active."""
    of_name = update(FormVersion).where(FormVersion.name == name)
    await session.execute(of_name.where(FormVersion.active).values(active=False))
    await session.execute(
        of_name.where(FormVersion.version == version).values(
            active=True, activated_by=by, activated_at=now
        )
    )
