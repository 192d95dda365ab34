"""Customers a site vouches for: one conversation each on a site, whatever device they use."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service
from ticketing.conversations.models import Conversation, Customer
from ticketing.kernel.ids import new_id


@dataclass(frozen=True)
class Vouched:
    """What a site says of a customer."""

    site: str
    external_id: str
    name: str
    vip: bool


async def put_customer(session: AsyncSession, vouched: Vouched, now: datetime) -> uuid.UUID:
    """Add a customer, or note what the site says of them now; return our id of them."""
    told = {"name": vouched.name, "vip": vouched.vip, "seen_at": now}
    key = {"site": vouched.site, "external_id": vouched.external_id}
    statement = insert(Customer).values(id=new_id(), created_at=now, **key, **told)
    found = await session.scalars(
        statement.on_conflict_do_update(
            index_elements=["site", "external_id"], set_=told
        ).returning(Customer.id)
    )
    return found.one()


async def conversation_of(
    session: AsyncSession, customer_id: uuid.UUID, channel: str, site: str, now: datetime
) -> Conversation:
    """Return the customer's conversation on a site, begun if need be, locked.

    Its key is no digest: no secret of a visitor opens it, and no visitor's becomes theirs.
    """
    found = await service.open_conversation(session, channel, f"customer:{customer_id}", now)
    found.customer_id, found.site = customer_id, site
    return found


async def customer(session: AsyncSession, customer_id: uuid.UUID) -> Customer:
    """Return a customer that is known to exist."""
    return await session.get_one(Customer, customer_id)
