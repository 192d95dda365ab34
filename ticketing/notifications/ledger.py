"""Every statement about deliveries."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from channels.patience import Allowance, Bucket
from ticketing.notifications.manners import WAITING, State
from ticketing.notifications.models import Delivery, DeliveryBudget

MOST_IN_ONE = 20


async def add(
    session: AsyncSession, rows: Sequence[Mapping[str, Any]]
) -> Sequence[tuple[uuid.UUID, datetime]]:
    """Write deliveries, those of a known key left out; return the new ones with their time."""
    statement = insert(Delivery).values([dict(row) for row in rows]).on_conflict_do_nothing()
    made = await session.execute(statement.returning(Delivery.id, Delivery.next_at))
    return [(row.id, row.next_at) for row in made]


async def locked(session: AsyncSession, delivery_id: uuid.UUID) -> Delivery | None:
    """Return a delivery, locked, unless somebody else has it in hand this moment."""
    statement = select(Delivery).where(Delivery.id == delivery_id)
    return (await session.scalars(statement.with_for_update(skip_locked=True))).one_or_none()


async def locked_for_sure(session: AsyncSession, delivery_id: uuid.UUID) -> Delivery | None:
    """Return a delivery, locked, waiting for whoever has it."""
    return await session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)


async def companions(session: AsyncSession, leading: Delivery) -> Sequence[Delivery]:
    """Return what goes out with a delivery: what it has taken along, and what could join it."""
    waiting = (
        Delivery.state.in_(WAITING)
        & (Delivery.channel == leading.channel)
        & (Delivery.recipient == leading.recipient)
        & (Delivery.template == leading.template)
        & or_(Delivery.level == 0, _has_waited())
        & (Delivery.id != leading.id)
    )
    statement = (
        select(Delivery)
        .where(or_(waiting, Delivery.merged_into == leading.id))
        .order_by(Delivery.created_at, Delivery.id)
        .limit(MOST_IN_ONE - 1)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(statement)).all()


def _has_waited() -> ColumnElement[bool]:
    """What is not urgent and could not go out at once: it was night, or the budget was spent."""
    return and_(Delivery.urgent.is_(False), Delivery.next_at > Delivery.created_at)


async def settle(
    session: AsyncSession, claimed: tuple[uuid.UUID, uuid.UUID], now: datetime, **values: Any
) -> bool:
    """Write what became of a delivery, unless a report or another claim was faster."""
    delivery_id, claim = claimed
    statement = (
        update(Delivery)
        .where(Delivery.id == delivery_id, Delivery.claim == claim)
        .where(Delivery.state == State.SENDING)
        .values(updated_at=now, **values)
        .returning(Delivery.id)
    )
    return (await session.execute(statement)).first() is not None


async def note_provider(
    session: AsyncSession, delivery_id: uuid.UUID, provider: str, provider_id: str | None
) -> None:
    """Keep under which number a provider took a delivery."""
    values = {"provider": provider, "provider_id": provider_id}
    await session.execute(update(Delivery).where(Delivery.id == delivery_id).values(**values))


async def reported(
    session: AsyncSession, delivery_id: uuid.UUID | None, provider_id: str
) -> Delivery | None:
    """Return the delivery a report is about, locked."""
    known = Delivery.provider_id == provider_id if provider_id else Delivery.id == delivery_id
    wanted = or_(Delivery.id == delivery_id, known) if delivery_id else known
    statement = select(Delivery).where(wanted).order_by(Delivery.created_at).limit(1)
    return (await session.scalars(statement.with_for_update())).one_or_none()


async def page(
    session: AsyncSession,
    filters: Mapping[str, str],
    after: tuple[datetime, uuid.UUID] | None,
    limit: int,
) -> Sequence[Delivery]:
    """Return a page of deliveries, newest first."""
    statement = select(Delivery).filter_by(**filters)
    if after:
        statement = statement.where(tuple_(Delivery.created_at, Delivery.id) < tuple_(*after))
    statement = statement.order_by(Delivery.created_at.desc(), Delivery.id.desc()).limit(limit)
    return (await session.scalars(statement)).all()


async def by_id(session: AsyncSession, delivery_id: uuid.UUID) -> Delivery | None:
    """Return a delivery."""
    return await session.get(Delivery, delivery_id)


async def counts(session: AsyncSession) -> dict[str, int]:
    """Return how many deliveries stand how."""
    rows = await session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    return {str(state): int(number) for state, number in rows.all()}


async def bucket(
    session: AsyncSession, name: str, allowance: Allowance, now: datetime
) -> DeliveryBudget:
    """Return the budget of this name, locked, made if need be."""
    fresh = Bucket.full(allowance, now)
    values = {"name": name, "tokens": fresh.tokens, "at": fresh.at}
    await session.execute(insert(DeliveryBudget).values(**values).on_conflict_do_nothing())
    found = await session.get(DeliveryBudget, name, with_for_update=True, populate_existing=True)
    assert found is not None, "it was written a moment ago"
    return found
