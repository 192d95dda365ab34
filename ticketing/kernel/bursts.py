"""Work that is asked for often and done once for all who asked meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from ticketing.kernel.listening import INTERRUPTIONS, PAUSE_SECONDS

_log = structlog.get_logger(__name__)


class Bursts[Key]:
    """Gathers keys and hands them over together, one burst after the other.

    `rest`: seconds between two bursts at least. A burst that the database interrupts is done
    again a moment later; where one key breaks the work, the others are still served.
    """

    def __init__(
        self, name: str, work: Callable[[set[Key]], Awaitable[None]], rest: float = 0.0
    ) -> None:
        self._name = name
        self._work = work
        self._rest = rest
        self._keys: set[Key] = set()
        self._news = asyncio.Event()

    def add(self, *keys: Key) -> None:
        """Ask for work on these."""
        self._keys.update(keys)
        if self._keys:
            self._news.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            keys, self._keys = self._keys, set()
            await self._done(keys)
            await asyncio.sleep(self._rest)

    async def _done(self, keys: set[Key]) -> None:
        try:
            await self._work(keys)
        except INTERRUPTIONS:
            _log.warning("burst_interrupted", work=self._name, exc_info=True)
            await asyncio.sleep(PAUSE_SECONDS)
            self.add(*keys)
        except Exception:  # noqa: BLE001 - the edge of a burst: the other keys are served
            _log.error("burst_broken", work=self._name, keys=len(keys), exc_info=True)
            for key in keys if len(keys) > 1 else ():
                await self._done({key})
