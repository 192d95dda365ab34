"""Which foreign pages may speak with us right now; asked at every connection, so kept at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from ticketing.kernel.db import Database
from ticketing.sites import service

RENEWED_EVERY = 10.0
"""Seconds."""

_log = structlog.get_logger(__name__)


class Guests:
    """The origins of all active sites, and our own."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._origins: frozenset[str] = frozenset()

    def may_connect(self, origin: str | None, environ: Mapping[str, Any]) -> bool:
        """Tell whether a connection from a page of this origin is taken; no browser, no origin."""
        return origin is None or origin in self._origins or origin in own_origins(environ)

    async def renew(self) -> None:
        """Read the sites anew."""
        async with self._db.transaction() as session:
            self._origins = frozenset(await service.origins(session))

    async def renew_if_possible(self) -> None:
        """Read the sites anew; without a database those known before stay."""
        try:
            await self.renew()
        except (SQLAlchemyError, OSError):
            _log.warning("sites_not_renewed", exc_info=True)

    async def keep_renewing(self) -> None:
        """Read the sites anew now and then, until cancelled."""
        while True:
            await asyncio.sleep(RENEWED_EVERY)
            await self.renew_if_possible()


def own_origins(environ: Mapping[str, Any]) -> frozenset[str]:
    """Return the origins of our own pages, as seen from outside a proxy too (WSGI's names)."""
    schemes = {environ.get("wsgi.url_scheme"), _first(environ, "HTTP_X_FORWARDED_PROTO")}
    hosts = {environ.get("HTTP_HOST"), _first(environ, "HTTP_X_FORWARDED_HOST")}
    return frozenset(f"{s}://{host}" for s in schemes for host in hosts if s and host)


def _first(environ: Mapping[str, Any], name: str) -> str:
    return str(environ.get(name, "")).partition(",")[0].strip()
