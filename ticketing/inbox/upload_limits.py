"""How much a customer may send in at a time."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.files import service as files
from ticketing.files.media import MEGABYTE
from ticketing.kernel.errors import HouseError

WINDOW = timedelta(minutes=10)
MOST_FILES = 30
MOST_BYTES = 220 * MEGABYTE
"""The chat takes ten files of 20 MB at once: one such load is never refused."""


class TooManyUploads(HouseError):
    """A conversation has been sent more than is looked at in such a time."""

    status, code = 429, "too_many_uploads"

    def __init__(self, retry_after: int) -> None:
        minutes = ceil(retry_after / 60)
        super().__init__(f"这一会儿发得有点多，请过 {minutes} 分钟再发", retry_after=retry_after)
        self.headers = {"Retry-After": str(retry_after)}


async def admit(
    session: AsyncSession, conversation_id: uuid.UUID, size: int, now: datetime
) -> None:
    """Raise `TooManyUploads` where a file of this size is one too many."""
    since = now - WINDOW
    sent = await files.sent_in(session, str(conversation_id), "customer", since)
    wait = wait_for(sent, size, now)
    if wait is not None:
        raise TooManyUploads(max(1, ceil(wait.total_seconds())))


def wait_for(sent: Sequence[tuple[datetime, int]], size: int, now: datetime) -> timedelta | None:
    """Return how long a file of a size has to wait behind those sent lately; nothing if not."""
    count, total, wait = len(sent) + 1, sum(each for _, each in sent) + size, None
    for at, each in sent:
        if count <= MOST_FILES and total <= MOST_BYTES:
            break
        count, total, wait = count - 1, total - each, at + WINDOW - now
    return wait
