"""Configuration that is read often and changes seldom, remembered per database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.db import CACHE

SHORTLY = timedelta(seconds=2)
"""After this long every process sees what another one has changed."""

FOR_EVER = timedelta(days=365)


async def remembered[Value](
    session: AsyncSession,
    key: str,
    load: Callable[[AsyncSession], Awaitable[Value]],
    ttl: timedelta = SHORTLY,
) -> Value:
    """Return what `load` returned less than `ttl` ago, or load it; the value must not change."""
    cache: dict[str, tuple[float, Any]] = session.info[CACHE]
    kept = cache.get(key)
    if kept is not None and monotonic() < kept[0]:
        return cast(Value, kept[1])
    value = await load(session)
    cache[key] = (monotonic() + ttl.total_seconds(), value)
    return value


def forget(session: AsyncSession, key: str) -> None:
    """Load it anew next time in this process; others do within the time it is remembered."""
    session.info[CACHE].pop(key, None)
