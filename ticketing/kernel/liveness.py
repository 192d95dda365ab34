"""A process says now and then that it is alive."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base

FRESH = timedelta(seconds=6)


class Heartbeat(Base):
    """When a kind of process was last heard of."""

    __tablename__ = "heartbeats"

    process: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


async def beat(session: AsyncSession, process: str, now: datetime) -> None:
    """Say that a process is alive."""
    statement = insert(Heartbeat).values(process=process, at=now)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["process"], set_={"at": now})
    )


async def is_alive(session: AsyncSession, process: str, now: datetime) -> bool:
    """Tell whether a process has been heard of lately."""
    heartbeat = await session.get(Heartbeat, process)
    return heartbeat is not None and now - heartbeat.at < FRESH
