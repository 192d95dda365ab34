"""One call for many askers, and its answer kept for a moment."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from datetime import timedelta
from typing import Any

_MOST_ANSWERS_KEPT = 4096


class SharedCalls[Key: Hashable, Answer]:
    """Single flight plus a short memory of successes.

    Askers of the same key share one running call; an asker who gives up (is cancelled) leaves the
    call running for the others. A failure reaches everyone who waits and is not remembered.
    """

    def __init__(self, ttl: timedelta, ticks: Callable[[], float] = time.monotonic) -> None:
        self._ttl = ttl.total_seconds()
        self._ticks = ticks
        self._running: dict[Key, asyncio.Task[Answer]] = {}
        self._kept: OrderedDict[Key, tuple[float, Answer]] = OrderedDict()

    async def answer(
        self,
        key: Key,
        call: Callable[[], Coroutine[Any, Any, Answer]],
        max_age: timedelta | None = None,
    ) -> Answer:
        """A remembered answer not older than `max_age` (never older than the ttl), else the call's.

        Raises what the call raises.
        """
        kept = self._kept_answer(key, max_age)
        if kept is not None:
            return kept[1]
        running = self._running.get(key)
        if running is None:
            running = asyncio.create_task(call())
            self._running[key] = running
            running.add_done_callback(lambda done: self._finish(key, done))
        return await asyncio.shield(running)

    @property
    def kept_count(self) -> int:
        """How many answers are remembered now."""
        return len(self._kept)

    async def aclose(self) -> None:
        """Cancel what is still running and forget everything."""
        running = tuple(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._kept.clear()

    def _kept_answer(self, key: Key, max_age: timedelta | None) -> tuple[float, Answer] | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        limit = self._ttl if max_age is None else min(self._ttl, max_age.total_seconds())
        return kept if self._ticks() - kept[0] < limit else None

    def _finish(self, key: Key, done: asyncio.Task[Answer]) -> None:
        self._running.pop(key, None)
        # Reading the exception also tells asyncio that it was seen when every asker has left.
        if done.cancelled() or done.exception() is not None:
            return
        self._kept[key] = (self._ticks(), done.result())
        self._kept.move_to_end(key)
        while self._kept and self._is_spent(next(iter(self._kept))):
            self._kept.popitem(last=False)

    def _is_spent(self, key: Key) -> bool:
        too_old = self._ticks() - self._kept[key][0] >= self._ttl
        return too_old or len(self._kept) > _MOST_ANSWERS_KEPT
