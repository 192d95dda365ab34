"""A request made twice with one `Idempotency-Key` is done once and answered twice."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base
from ticketing.kernel.errors import HouseError
from ticketing.kernel.web import ClockDep, SessionDep

KEPT_FOR = timedelta(hours=24)

_FORGET_SOME = text(
    "DELETE FROM idempotency_keys WHERE (caller, key) IN (SELECT caller, key FROM idempotency_keys"
    " WHERE at <= :before ORDER BY at LIMIT 20 FOR UPDATE SKIP LOCKED)"
)


class KeyUsedOtherwise(HouseError):
    """The idempotency key was brought with another request before."""

    status, code = 422, "idempotency_key_reused"

    def __init__(self, key: str, route: str) -> None:
        super().__init__("这个 Idempotency-Key 已用于另一个请求，请换一个", key=key, route=route)


class IdempotencyKey(Base):
    """What was answered to a request; asked again within a day, it is answered the same."""

    __tablename__ = "idempotency_keys"

    caller: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str]
    request_hash: Mapped[str]
    status: Mapped[int]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Once:
    """A request and the key it may have brought; only answers are kept, never errors."""

    session: AsyncSession
    key: str | None
    route: str
    status: int
    request_hash: str
    now: datetime

    async def answer[Answer: BaseModel](
        self, caller: str, model: type[Answer], make: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """Return what `make` returns, or what it returned to this caller for the same key.

        Of several at once one makes it and the others wait for its answer. Raises
        `KeyUsedOtherwise` when the key came with another request within `KEPT_FOR`.
        """
        if self.key is None:
            return await make()
        await _serialise(self.session, f"{caller}\n{self.key}")
        kept = await self.session.get(IdempotencyKey, (caller, self.key))
        if kept is not None and self.now - kept.at < KEPT_FOR:
            if kept.request_hash != self.request_hash:
                raise KeyUsedOtherwise(self.key, kept.route)
            return model.model_validate(kept.body)
        made = await make()
        await self._keep(kept, caller, made)
        return made

    async def _keep(self, old: IdempotencyKey | None, caller: str, made: BaseModel) -> None:
        row = old or IdempotencyKey(caller=caller, key=self.key)
        row.route, row.request_hash, row.at = self.route, self.request_hash, self.now
        row.status, row.body = self.status, made.model_dump(mode="json")
        self.session.add(row)
        await self.session.flush()
        await self.session.execute(_FORGET_SOME, {"before": self.now - KEPT_FOR})


async def get_once(
    request: Request,
    session: SessionDep,
    clock: ClockDep,
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$")
    ] = None,
) -> Once:
    """Return what is needed to answer this request once; its body is JSON or nothing."""
    route = f"{request.method} {request.url.path}"
    sent = hashlib.sha256(f"{route}?{request.url.query}\n".encode() + await request.body())
    status = getattr(request.scope.get("route"), "status_code", None) or 200
    return Once(session, idempotency_key, route[:500], status, sent.hexdigest(), clock())


OnceDep = Annotated[Once, Depends(get_once)]


async def _serialise(session: AsyncSession, about: str) -> None:
    """Let one request with this key pass at a time; no other lock may be held yet."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(about, 1))))
