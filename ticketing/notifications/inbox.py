"""Somebody's own notices in the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.errors import HouseError
from ticketing.notifications import directory
from ticketing.notifications.models import StaffNoticeRow


class UnknownNotice(HouseError):
    """The caller has no notice of this number."""

    status, code = 404, "unknown_notice"

    def __init__(self) -> None:
        super().__init__("没有这条通知")


async def notices(
    session: AsyncSession, username: str, *, unread: bool, before: int | None, limit: int
) -> Sequence[StaffNoticeRow]:
    """Return a page of somebody's notices, newest first."""
    return await directory.notices(session, username, unread=unread, before=before, limit=limit)


async def unread_count(session: AsyncSession, username: str) -> int:
    """Return how many notices somebody has not read."""
    return await directory.unread_count(session, username)


async def own_notice(session: AsyncSession, username: str, number: int) -> StaffNoticeRow:
    """Return one of somebody's notices; raise `UnknownNotice` for anybody else's."""
    found = await session.get(StaffNoticeRow, number)
    if found is None or found.username != username:
        raise UnknownNotice
    return found


async def mark_read(
    session: AsyncSession, username: str, numbers: Sequence[int] | None, now: datetime
) -> int:
    """Mark notices as read, all of them without numbers; return how many were new."""
    return await directory.mark_read(session, username, numbers, now)
