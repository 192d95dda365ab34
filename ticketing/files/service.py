"""Verbs of files: keep, find, link."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.files import disk, repository
from ticketing.files.disk import Received, receive
from ticketing.files.media import check_declared, fit_name
from ticketing.files.models import FileLink, StoredFile
from ticketing.kernel.errors import HouseError
from ticketing.kernel.settings import Settings

_log = structlog.get_logger(__name__)


class UnknownFile(HouseError):
    """There is no file with this id."""

    status, code = 404, "unknown_file"

    def __init__(self, file_id: uuid.UUID) -> None:
        super().__init__("没有这个文件，可能已经清理", file_id=str(file_id))


class ContentMissing(HouseError):
    """The file is on record, its content is not on this machine's disk."""

    status, code = 404, "content_missing"

    def __init__(self, file_id: uuid.UUID) -> None:
        super().__init__("文件内容不在了，请联系管理员", file_id=str(file_id))


@dataclass(frozen=True)
class Source:
    """Where an upload comes from: the file's name and declared type there, and who sends it."""

    name: str
    by: str
    declared: str | None = None


def folder_of(settings: Settings) -> Path:
    """Return where the content of files lies."""
    return settings.data_dir / "files"


async def store(
    session: AsyncSession,
    folder: Path,
    chunks: AsyncIterator[bytes],
    *,
    source: Source,
    now: datetime,
) -> StoredFile:
    """Take an upload in and keep it; the session is not touched before the last byte is here.

    Raises `EmptyFile`, `MediaNotAllowed`, `MediaMismatch`, `FileTooLarge`, `UploadBroken` and
    `StorageFull`; then nothing of it is kept.
    """
    received = await receive(folder, chunks)
    return await keep(session, folder, received, source=source, now=now)


async def keep(
    session: AsyncSession, folder: Path, received: Received, *, source: Source, now: datetime
) -> StoredFile:
    """Put what was received in its place and on record; raise `MediaMismatch`."""
    try:
        check_declared(received.media, source.name, source.declared)
        await repository.lock_content(session, received.sha256)
        await asyncio.to_thread(disk.settle, folder, received)
    finally:
        disk.discard(received)
    width, height = received.pixels or (None, None)
    kept = StoredFile(
        sha256=received.sha256,
        size=received.size,
        media_type=received.media.media_type,
        original_name=fit_name(source.name, received.media),
        width=width,
        height=height,
        uploaded_by=source.by,
        uploaded_at=now,
    )
    session.add(kept)
    await session.flush()
    return kept


async def open_file(session: AsyncSession, file_id: uuid.UUID) -> StoredFile:
    """Return a file's record; raise `UnknownFile`."""
    found = await repository.file(session, file_id)
    if found is None:
        raise UnknownFile(file_id)
    return found


def content_of(folder: Path, stored: StoredFile) -> Path:
    """Return where a file's content lies; raise `ContentMissing`."""
    path = disk.content_path(folder, stored.sha256)
    if not path.is_file():
        _log.error("file_content_missing", file_id=str(stored.id))
        raise ContentMissing(stored.id)
    return path


async def media_types(
    session: AsyncSession, ids: Collection[str], *, subject: str | None = None
) -> dict[str, str]:
    """Return the media types of files by id, as forms want them.

    With `subject` only of files that belong to it: a customer may name their own uploads only.
    """
    wanted = {uuid.UUID(each) for each in ids}
    if not wanted:
        return {}
    if subject is None:
        found = await repository.files(session, wanted)
    else:
        found = await repository.files_of(session, wanted, subject)
    return {str(file.id): file.media_type for file in found}


async def link(
    session: AsyncSession, stored: StoredFile, subject: str, role: str, *, by: str, now: datetime
) -> None:
    """Say what a file belongs to, and in which role; twice the same is once."""
    await link_named(session, [(str(stored.id), role)], subject, by=by, now=now)


async def link_named(
    session: AsyncSession,
    named: Sequence[tuple[str, str]],
    subject: str,
    *,
    by: str,
    now: datetime,
) -> None:
    """Say what files belong to that are known by their ids, each with its role."""
    rows = [
        FileLink(file_id=uuid.UUID(each), subject=subject, role=role, linked_by=by, linked_at=now)
        for each, role in named
    ]
    if rows:
        await repository.link(session, rows)


async def share(session: AsyncSession, subject: str, other: str) -> None:
    """Let what belongs to one subject belong to another one too; twice the same is once."""
    await repository.share(session, subject, other)


async def linked(
    session: AsyncSession, subjects: Collection[str]
) -> Sequence[tuple[FileLink, StoredFile]]:
    """Return what belongs to these subjects, in the order it was added (500 at most)."""
    return await repository.linked(session, subjects)


async def belongs_elsewhere(session: AsyncSession, stored: StoredFile, subject: str) -> bool:
    """Tell whether a file belongs to anything beside this."""
    return await repository.belongs_elsewhere(session, stored.id, subject)


async def sent_in(
    session: AsyncSession, subject: str, by: str, since: datetime
) -> Sequence[tuple[datetime, int]]:
    """Return when files of a subject were sent in since a time, oldest first, and their sizes.

    Nobody else counts the same until this transaction ends.
    """
    await repository.lock_uploads(session, subject)
    return await repository.sent_in(session, subject, by, since)


async def subjects_of(session: AsyncSession, file_id: uuid.UUID) -> Collection[str]:
    """Return everything a file belongs to: numbers of tickets, ids of conversations."""
    return await repository.subjects_of(session, file_id)


async def change_role(session: AsyncSession, file_id: uuid.UUID, role: str) -> None:
    """Say anew what a file shows, wherever it was said to be something `other`."""
    await repository.change_role(session, file_id, "other", role)
