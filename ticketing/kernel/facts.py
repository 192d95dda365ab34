"""Calls go down, facts go up: a room announces, the rooms upstairs listen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.db import LISTENERS


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that happened, in the past tense."""

    at: datetime


Listener = Callable[[Any, AsyncSession], Awaitable[None]]


async def announce(session: AsyncSession, fact: Fact) -> None:
    """Tell every listener of this fact, in the transaction that caused it."""
    for listener in session.info.get(LISTENERS, {}).get(type(fact), ()):
        await listener(fact, session)
