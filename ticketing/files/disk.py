"""Content on disk: written beside, then named by its SHA-256 in one move; all or nothing."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from ticketing.files.media import HEAD, FileTooLarge, Media, sniff
from ticketing.kernel.errors import HouseError

INCOMING = "incoming"
PATIENCE = timedelta(seconds=30)
"""How long the next piece of an upload may take to come."""
RESERVE = 256 * 1024 * 1024
"""So much stays free: a database may live on the same disk."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class UploadBroken(HouseError):
    """The upload ended, or stood still, before the file was whole."""

    status, code = 400, "upload_broken"

    def __init__(self) -> None:
        super().__init__("上传中断了，文件没有保存，请重新上传")


class StorageFull(HouseError):
    """There is no room left for files."""

    status, code = 507, "storage_full"

    def __init__(self) -> None:
        super().__init__("存储空间不足，文件没有保存，请稍后再试")


@dataclass(frozen=True)
class Received:
    """A whole file that still lies among the incoming ones."""

    path: Path
    sha256: str
    size: int
    media: Media
    pixels: tuple[int, int] | None = None
    """Width and height of a picture."""


async def receive(folder: Path, chunks: AsyncIterator[bytes]) -> Received:
    """Write an upload down piece by piece; whatever goes wrong, nothing of it stays.

    Raises `EmptyFile`, `MediaNotAllowed`, `FileTooLarge`, `UploadBroken`, `StorageFull`.
    """
    path = folder / INCOMING / f"{uuid.uuid4().hex}.part"
    is_whole = False
    try:
        with await asyncio.to_thread(_open, path) as file:
            received = await _written(file, path, chunks)
        is_whole = True
        return received
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull from error
        raise
    finally:
        if not is_whole:
            _drop(path)


def content_path(folder: Path, sha256: str) -> Path:
    """Return where the content with this hash lies."""
    return folder / sha256[:2] / sha256


def settle(folder: Path, received: Received) -> None:
    """Give received content its place; the same content lies there once."""
    place = content_path(folder, received.sha256)
    if place.is_file() and place.stat().st_size == received.size:
        _drop(received.path)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    received.path.replace(place)
    _sync(place.parent)


def discard(received: Received) -> None:
    """Throw away what was received and is not wanted after all."""
    _drop(received.path)


def remove(folder: Path, sha256: str) -> None:
    """Remove content; nothing happens when it is gone already."""
    _drop(content_path(folder, sha256))


def stale_parts(folder: Path, before: datetime) -> Iterator[Path]:
    """Uploads that a dead process left unfinished."""
    for path in (folder / INCOMING).glob("*.part"):
        if path.stat().st_mtime < before.timestamp():
            yield path


def contents(folder: Path, before: datetime) -> Iterator[str]:
    """The hashes of everything that has lain in place since then."""
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        if len(path.name) == 64 and path.stat().st_mtime < before.timestamp():
            yield path.name


async def _written(file: BinaryIO, path: Path, chunks: AsyncIterator[bytes]) -> Received:
    digest, size, head = hashlib.sha256(), 0, b""
    media: Media | None = None
    async for chunk in _in_time(chunks):
        size += len(chunk)
        if media is None:
            head += chunk[: HEAD - len(head)]
            media = sniff(head) if len(head) >= HEAD else None
        if media is not None and size > media.limit:
            raise FileTooLarge(media)
        digest.update(chunk)
        await asyncio.to_thread(file.write, chunk)
    media = media or sniff(head)
    await asyncio.to_thread(_finish, file)
    return Received(path, digest.hexdigest(), size, media)


async def _in_time(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    while True:
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except TimeoutError as error:
            raise UploadBroken from error
        yield chunk


def _open(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(path.parent).free < RESERVE:
        raise StorageFull
    return path.open("xb")


def _finish(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _drop(path: Path) -> None:
    path.unlink(missing_ok=True)
