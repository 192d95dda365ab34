"""Content comes to disk whole or not at all."""

from __future__ import annotations

import asyncio
import errno
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.ticketing.files.samples import MP4, PHOTO, breaking, lying, stream
from ticketing.files import disk
from ticketing.files.disk import StorageFull, UploadBroken, content_path, receive, settle
from ticketing.files.media import MEGABYTE, EmptyFile, FileTooLarge, MediaNotAllowed
from ticketing.kernel import clock


async def test_an_upload_is_received_whole(tmp_path: Path) -> None:
    received = await receive(tmp_path, stream(PHOTO, 7))
    assert received.path.read_bytes() == PHOTO
    assert received.sha256 == hashlib.sha256(PHOTO).hexdigest()
    assert (received.size, received.media.media_type) == (len(PHOTO), "image/jpeg")


async def test_it_is_settled_under_its_hash(tmp_path: Path) -> None:
    received = await receive(tmp_path, stream(PHOTO))
    settle(tmp_path, received)
    assert lying(tmp_path) == [f"{received.sha256[:2]}/{received.sha256}"]
    assert content_path(tmp_path, received.sha256).read_bytes() == PHOTO


async def test_the_same_content_lies_there_once(tmp_path: Path) -> None:
    for _ in range(2):
        settle(tmp_path, await receive(tmp_path, stream(PHOTO)))
    assert len(lying(tmp_path)) == 1


async def test_content_that_lies_there_damaged_is_replaced(tmp_path: Path) -> None:
    received = await receive(tmp_path, stream(PHOTO))
    settle(tmp_path, received)
    place = content_path(tmp_path, received.sha256)
    place.write_bytes(b"half")
    settle(tmp_path, await receive(tmp_path, stream(PHOTO)))
    assert place.read_bytes() == PHOTO


async def test_a_very_small_file_is_recognised_too(tmp_path: Path) -> None:
    received = await receive(tmp_path, stream(b"\xff\xd8\xff\xe0", 1))
    assert received.size == 4


async def test_an_empty_upload_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile):
        await receive(tmp_path, stream(b""))
    assert lying(tmp_path) == []


async def test_what_may_not_be_kept_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(MediaNotAllowed):
        await receive(tmp_path, stream(b"<html>" * 1000))
    assert lying(tmp_path) == []


async def test_what_is_not_allowed_is_refused_before_the_rest_is_read(tmp_path: Path) -> None:
    pieces = stream(b"<html>" + b"x" * 9_994, 1000)
    with pytest.raises(MediaNotAllowed):
        await receive(tmp_path, pieces)
    assert sum([len(piece) async for piece in pieces]) == 9_000


@pytest.mark.parametrize(("head", "limit"), [(PHOTO, 20), (MP4, 50)])
async def test_a_file_larger_than_its_kind_may_be_is_stopped_on_the_way(
    tmp_path: Path, head: bytes, limit: int
) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        yield head
        while True:
            sent += MEGABYTE
            yield b"\x00" * MEGABYTE

    with pytest.raises(FileTooLarge) as caught:
        await receive(tmp_path, endless())
    assert sent == limit * MEGABYTE
    assert caught.value.facts["limit_bytes"] == limit * MEGABYTE
    assert lying(tmp_path) == []


async def test_a_file_of_exactly_the_limit_is_kept(tmp_path: Path) -> None:
    content = PHOTO + b"\x00" * (20 * MEGABYTE - len(PHOTO))
    assert (await receive(tmp_path, stream(content, MEGABYTE))).size == 20 * MEGABYTE


@pytest.mark.parametrize("error", [UploadBroken(), ConnectionResetError(), ValueError("x")])
async def test_an_upload_that_breaks_leaves_nothing(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(type(error)):
        await receive(tmp_path, breaking(PHOTO, error))
    assert lying(tmp_path) == []


async def test_an_upload_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def slow() -> Any:
        yield PHOTO
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(receive(tmp_path, slow()))
    await begun.wait()
    assert len(lying(tmp_path)) == 1
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert lying(tmp_path) == []


async def test_an_upload_that_stands_still_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "PATIENCE", timedelta(milliseconds=20))

    async def still() -> Any:
        yield PHOTO
        await asyncio.Event().wait()

    with pytest.raises(UploadBroken):
        await receive(tmp_path, still())
    assert lying(tmp_path) == []


async def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(StorageFull) as caught:
        await receive(tmp_path, breaking(PHOTO, full))
    assert caught.value.status == 507
    assert lying(tmp_path) == []


async def test_a_disk_that_is_nearly_full_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "RESERVE", 10**18)
    with pytest.raises(StorageFull):
        await receive(tmp_path, stream(PHOTO))
    assert lying(tmp_path) == []


async def test_what_dead_processes_left_can_be_found(tmp_path: Path) -> None:
    received = await receive(tmp_path, stream(PHOTO))
    later, earlier = clock.now() + timedelta(hours=1), clock.now() - timedelta(hours=1)
    assert list(disk.stale_parts(tmp_path, later)) == [received.path]
    assert list(disk.stale_parts(tmp_path, earlier)) == []


async def test_contents_are_told_by_their_hashes(tmp_path: Path) -> None:
    received = await receive(tmp_path, stream(PHOTO))
    settle(tmp_path, received)
    (tmp_path / received.sha256[:2] / "strange").write_bytes(b"x")
    later = clock.now() + timedelta(hours=1)
    assert list(disk.contents(tmp_path, later)) == [received.sha256]
    assert list(disk.contents(tmp_path, clock.now() - timedelta(hours=1))) == []
