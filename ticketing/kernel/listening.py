"""One connection of a process that hears what any process signals (PostgreSQL's LISTEN)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import psycopg
import structlog
from psycopg.conninfo import make_conninfo
from sqlalchemy.exc import SQLAlchemyError

from ticketing.kernel.errors import HouseError

INTERRUPTIONS = (psycopg.Error, SQLAlchemyError, HouseError, OSError)
"""What work beside requests outlives: it is done again a moment later."""
PAUSE_SECONDS = 1.0
_ASKED_WHILE_SILENT = {"keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
"""A server that is gone without a word (failover, a router that forgets) is missed in 30 s."""

_log = structlog.get_logger(__name__)


class Hearer(Protocol):
    """Somebody who wants to know what is signalled on a channel."""

    async def heard(self, payload: str) -> None:
        """Do what a signal asks for."""

    async def catch_up(self) -> None:
        """Look at everything: signals may have been missed."""


Hearers = Mapping[str, Sequence[Hearer]]
"""Who listens, by channel; those who are quick come first."""


async def listen(hearers: Hearers, database_url: str) -> None:
    """Pass on whatever any process signals, until cancelled; reconnects by itself."""
    while True:
        try:
            await _listen_once(hearers, database_url)
        except INTERRUPTIONS:
            _log.warning("listening_interrupted", exc_info=True)
            await asyncio.sleep(PAUSE_SECONDS)
        except Exception:  # noqa: BLE001 - the edge of a process: it stays able to hear
            _log.error("listening_broken", exc_info=True)
            await asyncio.sleep(PAUSE_SECONDS)


async def connected(database_url: str) -> psycopg.AsyncConnection[Any]:
    """Return a connection that notices when nobody is at its other end any more."""
    told = make_conninfo(database_url, **_ASKED_WHILE_SILENT)
    return await psycopg.AsyncConnection.connect(told, autocommit=True)


async def _listen_once(hearers: Hearers, database_url: str) -> None:
    async with await connected(database_url) as connection:
        for channel in hearers:
            await connection.execute(f"LISTEN {channel}")
        for hearer in dict.fromkeys(each for row in hearers.values() for each in row):
            await hearer.catch_up()
        async for notice in connection.notifies():
            for hearer in hearers[notice.channel]:
                await hearer.heard(notice.payload)
