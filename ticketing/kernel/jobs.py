"""Jobs ride in the transaction that causes them (procrastinate on the same PostgreSQL)."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.errors import HouseError

_DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW("
    ":queue, :task, 0, CAST(:lock AS text), CAST(:key AS text), CAST(:args AS jsonb),"
    " CAST(:at AS timestamptz))::procrastinate_job_to_defer_v1])"
)


class TryAgainLater(HouseError):
    """The job could not finish now; run it again at the given time."""

    status, code = 503, "try_again_later"

    def __init__(self, at: datetime) -> None:
        super().__init__("稍后再试", at=at.isoformat())
        self.at = at


@dataclass(frozen=True)
class Job:
    """A named piece of background work; `run(**args)` opens its own transactions.

    With a `cron` line (in UTC) it comes by itself, once each time however many workers there are,
    and later where none was running.
    """

    name: str
    run: Callable[..., Awaitable[object]]
    cron: str | None = None


async def defer(
    session: AsyncSession,
    job: str,
    args: dict[str, Any],
    *,
    lock: str | None = None,
    at: datetime | None = None,
) -> None:
    """Put a job into the queue, in the caller's transaction; `lock` serialises equal locks."""
    values = {"queue": "default", "task": job, "lock": lock, "key": None}
    await session.execute(_DEFER, {**values, "args": json.dumps(args), "at": at})
