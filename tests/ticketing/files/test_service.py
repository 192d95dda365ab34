"""Files on record: kept, linked, found."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.ticketing.files.samples import MP4, PDF, PHOTO, lying, stream
from ticketing.composition import House
from ticketing.files import service
from ticketing.files.disk import content_path
from ticketing.files.media import MediaMismatch
from ticketing.files.models import FileLink, StoredFile
from ticketing.files.service import ContentMissing, Source, UnknownFile
from ticketing.kernel import clock

ANNA = Source("外箱.jpg", "anna", "image/jpeg")
DAY = timedelta(days=1)


async def stored(
    house: House, content: bytes = PHOTO, source: Source = ANNA, now: datetime | None = None
) -> StoredFile:
    """Store a file in a transaction of its own."""
    folder = service.folder_of(house.settings)
    async with house.db.transaction() as session:
        at = now or clock.now()
        return await service.store(session, folder, stream(content), source=source, now=at)


async def linked(house: House, file: StoredFile, subject: str, role: str = "outer") -> None:
    """Link a file in a transaction of its own."""
    async with house.db.transaction() as session:
        await service.link(session, file, subject, role, by="anna", now=clock.now())


async def rows(house: House, table: type[StoredFile | FileLink]) -> int:
    """How many rows a table has."""
    async with house.db.transaction() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_what_is_stored_is_on_record_and_on_disk(house: House, folder: Path) -> None:
    file = await stored(house)
    async with house.db.transaction() as session:
        found = await service.open_file(session, file.id)
    assert (found.media_type, found.size) == ("image/jpeg", len(PHOTO))
    assert (found.original_name, found.uploaded_by) == ("外箱.jpg", "anna")
    assert service.content_of(folder, found).read_bytes() == PHOTO


async def test_the_same_content_is_stored_once_for_two_senders(house: House, folder: Path) -> None:
    first, second = await stored(house), await stored(house, source=Source("b.jpg", "bob"))
    assert first.id != second.id
    assert first.sha256 == second.sha256
    assert len(lying(folder)) == 1


async def test_the_same_content_at_the_same_time_is_stored_once(house: House, folder: Path) -> None:
    await asyncio.gather(*(stored(house) for _ in range(6)))
    assert len(lying(folder)) == 1
    assert await rows(house, StoredFile) == 6


async def test_a_name_of_another_family_leaves_nothing(house: House, folder: Path) -> None:
    with pytest.raises(MediaMismatch):
        await stored(house, source=Source("a.pdf", "anna"))
    assert lying(folder) == []
    assert await rows(house, StoredFile) == 0


async def test_an_unknown_file_is_not_found(house: House) -> None:
    async with house.db.transaction() as session:
        with pytest.raises(UnknownFile):
            await service.open_file(session, uuid.uuid4())


async def test_content_that_is_gone_is_said(house: House, folder: Path) -> None:
    file = await stored(house)
    content_path(folder, file.sha256).unlink()
    with pytest.raises(ContentMissing):
        service.content_of(folder, file)


async def test_links_are_told_in_their_order(house: House) -> None:
    photo, video = await stored(house), await stored(house, MP4, Source("a.mp4", "anna"))
    await linked(house, video, "T1", "other")
    await linked(house, photo, "T1", "outer")
    await linked(house, photo, "T2", "inner")
    async with house.db.transaction() as session:
        found = await service.linked(session, ["T1"])
        both = await service.linked(session, ["T1", "T2"])
    assert [(link.role, file.id) for link, file in found] == [
        ("other", video.id),
        ("outer", photo.id),
    ]
    assert [link.subject for link, _ in both] == ["T1", "T1", "T2"]


async def test_the_same_link_twice_is_one(house: House) -> None:
    photo = await stored(house)
    for _ in range(2):
        await linked(house, photo, "T1")
    assert await rows(house, FileLink) == 1


async def test_media_types_are_told_by_id(house: House) -> None:
    photo, paper = await stored(house), await stored(house, PDF, Source("a.pdf", "anna"))
    async with house.db.transaction() as session:
        wanted = [str(photo.id), str(paper.id), str(uuid.uuid4())]
        found = await service.media_types(session, wanted)
        assert await service.media_types(session, []) == {}
    assert found == {str(photo.id): "image/jpeg", str(paper.id): "application/pdf"}


async def test_who_names_files_of_others_does_not_find_them(house: House) -> None:
    mine, theirs = await stored(house), await stored(house)
    await linked(house, mine, "conversation-1")
    await linked(house, theirs, "conversation-2")
    async with house.db.transaction() as session:
        wanted = [str(mine.id), str(theirs.id)]
        found = await service.media_types(session, wanted, subject="conversation-1")
    assert set(found) == {str(mine.id)}
