"""Uploads that belong to nothing: removed once a day, on record first, then on disk."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.files import disk, repository
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database

JOB = "sweep_files"
UNLINKED_FOR = timedelta(hours=24)
"""So long an upload may belong to nothing."""

_AT_A_TIME = 1000

_log = structlog.get_logger(__name__)


async def sweep(db: Database, folder: Path, clock: Clock, **_args: Any) -> int:
    """Remove what has belonged to nothing for a day (a job); return how many contents.

    Records and contents go in transactions of their own, so that a crash between them leaves
    content without a record, which the next sweep finds.
    """
    before = clock() - UNLINKED_FOR
    async with db.transaction() as session:
        forgotten = await repository.forget_unlinked(session, before)
    lying = await asyncio.to_thread(list, disk.contents(folder, before))
    removed = 0
    for hashes in batched(sorted({*forgotten, *lying}), _AT_A_TIME):
        async with db.transaction() as session:
            known = await repository.known(session, hashes)
        for sha256 in set(hashes) - known:
            async with db.transaction() as session:
                removed += await _remove_unknown(session, folder, sha256)
    for part in await asyncio.to_thread(list, disk.stale_parts(folder, before)):
        part.unlink(missing_ok=True)
    _log.info("files_swept", records=len(forgotten), contents=removed)
    return removed


async def _remove_unknown(session: AsyncSession, folder: Path, sha256: str) -> bool:
    """Remove a content unless somebody has sent it in again meanwhile; tell whether it went."""
    await repository.lock_content(session, sha256)
    if await repository.known(session, [sha256]):
        return False
    disk.remove(folder, sha256)
    return True
