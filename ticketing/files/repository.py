"""Every statement about files."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.files.models import FileLink, StoredFile

_MOST = 500
_LINK = ("file_id", "subject", "role", "linked_by", "linked_at")


async def lock_content(session: AsyncSession, sha256: str) -> None:
    """Let one transaction at a time place or remove this content."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"file:{sha256}"))))


async def file(session: AsyncSession, file_id: uuid.UUID) -> StoredFile | None:
    """Return a file by its id."""
    return await session.get(StoredFile, file_id)


async def files(session: AsyncSession, ids: Collection[uuid.UUID]) -> Sequence[StoredFile]:
    """Return those of these files that exist."""
    return (await session.scalars(select(StoredFile).where(StoredFile.id.in_(ids)))).all()


async def files_of(
    session: AsyncSession, ids: Collection[uuid.UUID], subject: str
) -> Sequence[StoredFile]:
    """Return those of these files that belong to a subject."""
    query = select(StoredFile).where(StoredFile.id.in_(ids), _belongs(FileLink.subject == subject))
    return (await session.scalars(query)).all()


async def linked(
    session: AsyncSession, subjects: Collection[str]
) -> Sequence[tuple[FileLink, StoredFile]]:
    """Return what belongs to these subjects, in the order it was added."""
    query = (
        select(FileLink, StoredFile)
        .join(StoredFile, StoredFile.id == FileLink.file_id)
        .where(FileLink.subject.in_(subjects))
        .order_by(FileLink.id)
        .limit(_MOST)
    )
    return [(link, file) for link, file in await session.execute(query)]


async def link(session: AsyncSession, rows: Sequence[FileLink]) -> None:
    """Link files unless they are linked so already."""
    values = [{name: getattr(row, name) for name in _LINK} for row in rows]
    await session.execute(insert(FileLink).values(values).on_conflict_do_nothing())


async def share(session: AsyncSession, subject: str, other: str) -> None:
    """Link everything that belongs to one subject to another one too, in the same roles."""
    columns = (FileLink.role, FileLink.linked_by, FileLink.linked_at)
    own = (
        select(FileLink.file_id, literal(other), *columns)
        .where(FileLink.subject == subject)
        .order_by(FileLink.id)
    )
    await session.execute(insert(FileLink).from_select(_LINK, own).on_conflict_do_nothing())


async def belongs_elsewhere(session: AsyncSession, file_id: uuid.UUID, subject: str) -> bool:
    """Tell whether a file is linked to anything beside a subject."""
    query = exists().where(FileLink.file_id == file_id, FileLink.subject != subject)
    return bool(await session.scalar(select(query)))


async def lock_uploads(session: AsyncSession, subject: str) -> None:
    """Let one transaction at a time count what was sent in for a subject."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"uploads:{subject}"))))


async def sent_in(
    session: AsyncSession, subject: str, by: str, since: datetime
) -> Sequence[tuple[datetime, int]]:
    """Return when files of a subject were sent in since a time, oldest first, and their sizes."""
    query = (
        select(StoredFile.uploaded_at, StoredFile.size)
        .where(StoredFile.uploaded_by == by, StoredFile.uploaded_at > since)
        .where(_belongs(FileLink.subject == subject))
        .order_by(StoredFile.uploaded_at)
    )
    return [(at, size) for at, size in await session.execute(query)]


async def subjects_of(session: AsyncSession, file_id: uuid.UUID) -> Sequence[str]:
    """Return everything a file is linked to, once."""
    query = select(FileLink.subject).where(FileLink.file_id == file_id).distinct()
    return (await session.scalars(query)).all()


async def change_role(session: AsyncSession, file_id: uuid.UUID, before: str, role: str) -> None:
    """Give every link of a file that has one role another one."""
    mine = (FileLink.file_id == file_id, FileLink.role == before)
    await session.execute(update(FileLink).where(*mine).values(role=role))


async def forget_unlinked(session: AsyncSession, before: datetime) -> Sequence[str]:
    """Delete files that were uploaded before then and belong to nothing; return their hashes."""
    old = delete(StoredFile).where(StoredFile.uploaded_at < before, ~_belongs())
    return (await session.scalars(old.returning(StoredFile.sha256))).all()


async def known(session: AsyncSession, hashes: Collection[str]) -> set[str]:
    """Return which of these contents any file has."""
    query = select(StoredFile.sha256).where(StoredFile.sha256.in_(hashes)).distinct()
    return set(await session.scalars(query))


def _belongs(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(FileLink.file_id == StoredFile.id, *conditions)
