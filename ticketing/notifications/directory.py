"""Every statement about what managers set up, and about people's own notices."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.notifications.models import (
    Contact,
    MessageTemplate,
    NoticeRoute,
    StaffNoticeRow,
    WebhookSubscription,
)


async def routes(session: AsyncSession, *, flush: bool = True) -> Sequence[NoticeRoute]:
    """Return every route, the oldest first; `flush` writes first what waits to be written."""
    statement = select(NoticeRoute).order_by(NoticeRoute.id)
    return (await session.scalars(statement, execution_options={"autoflush": flush})).all()


async def route(session: AsyncSession, number: int) -> NoticeRoute | None:
    """Return a route."""
    return await session.get(NoticeRoute, number)


async def contacts(session: AsyncSession, after: str, limit: int) -> Sequence[Contact]:
    """Return a page of contacts by name."""
    statement = select(Contact).where(Contact.name > after).order_by(Contact.name)
    return (await session.scalars(statement.limit(limit))).all()


async def contact(session: AsyncSession, name: str) -> Contact | None:
    """Return a contact."""
    return await session.get(Contact, name)


async def put_contact(session: AsyncSession, name: str, values: Mapping[str, Any]) -> None:
    """Write what is known of a contact anew; what is not named stays."""
    statement = insert(Contact).values(name=name, **values)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_=dict(values))
    )


async def drop_contact(session: AsyncSession, name: str) -> bool:
    """Forget a contact; tell whether there was one."""
    gone = await session.execute(
        delete(Contact).where(Contact.name == name).returning(Contact.name)
    )
    return gone.first() is not None


async def newest_templates(session: AsyncSession) -> Sequence[MessageTemplate]:
    """Return the highest version of every template a manager has worded."""
    statement = (
        select(MessageTemplate)
        .ext(distinct_on(MessageTemplate.name, MessageTemplate.channel))
        .order_by(MessageTemplate.name, MessageTemplate.channel, MessageTemplate.version.desc())
    )
    return (await session.scalars(statement)).all()


async def last_version(session: AsyncSession, name: str, channel: str) -> int:
    """Return the highest version of a template, 0 for the shipped one; later ones wait for us."""
    lock = func.pg_advisory_xact_lock(func.hashtext(f"message-template:{name}:{channel}"))
    await session.execute(select(lock))
    statement = select(func.max(MessageTemplate.version)).where(
        MessageTemplate.name == name, MessageTemplate.channel == channel
    )
    return (await session.scalar(statement)) or 0


async def subscriptions(
    session: AsyncSession, *, flush: bool = True
) -> Sequence[WebhookSubscription]:
    """Return every subscription, the oldest first; `flush` as for `routes`."""
    statement = select(WebhookSubscription).order_by(
        WebhookSubscription.created_at, WebhookSubscription.id
    )
    return (await session.scalars(statement, execution_options={"autoflush": flush})).all()


async def subscription(
    session: AsyncSession, subscription_id: uuid.UUID
) -> WebhookSubscription | None:
    """Return a subscription."""
    return await session.get(WebhookSubscription, subscription_id)


async def add_notices(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put notices into people's inboxes, each once."""
    statement = insert(StaffNoticeRow).values([dict(row) for row in rows])
    # What waits to be written has nothing to do with it, and goes in fewer statements later.
    with session.no_autoflush:
        await session.execute(statement.on_conflict_do_nothing())


async def notices(
    session: AsyncSession, username: str, *, unread: bool, before: int | None, limit: int
) -> Sequence[StaffNoticeRow]:
    """Return a page of somebody's notices, newest first."""
    statement = select(StaffNoticeRow).where(StaffNoticeRow.username == username)
    if unread:
        statement = statement.where(StaffNoticeRow.read_at.is_(None))
    if before is not None:
        statement = statement.where(StaffNoticeRow.id < before)
    return (await session.scalars(statement.order_by(StaffNoticeRow.id.desc()).limit(limit))).all()


async def unread_count(session: AsyncSession, username: str) -> int:
    """Return how many notices somebody has not read."""
    statement = select(func.count()).where(
        StaffNoticeRow.username == username, StaffNoticeRow.read_at.is_(None)
    )
    return (await session.scalar(statement)) or 0


async def mark_read(
    session: AsyncSession, username: str, numbers: Sequence[int] | None, now: datetime
) -> int:
    """Mark somebody's notices as read, all of them without numbers; return how many were not."""
    statement = update(StaffNoticeRow).where(
        StaffNoticeRow.username == username, StaffNoticeRow.read_at.is_(None)
    )
    if numbers is not None:
        statement = statement.where(StaffNoticeRow.id.in_(numbers))
    done = await session.execute(statement.values(read_at=now).returning(StaffNoticeRow.id))
    return len(done.all())
