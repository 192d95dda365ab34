"""What became of somebody who wanted a person while nobody was at work."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.handoffs import offering, placing
from ticketing.handoffs.asking import MESSAGE_LEFT, WITHDRAWN
from ticketing.handoffs.history import CUSTOMER, Happening, record
from ticketing.handoffs.models import Handoff
from ticketing.routing import service as routing


async def opens_at(session: AsyncSession, handoff_id: int, now: datetime) -> datetime | None:
    """Return when people take conversations of a hand-over's queue again."""
    handoff = await session.get(Handoff, handoff_id)
    if handoff is None:
        return None
    plan = offering.plan_of(await routing.current_layout(session), handoff)
    return (await placing.outlook(session, plan, now)).opens_at


async def message_left(
    session: AsyncSession, handoff_id: int, ticket_no: str, now: datetime
) -> None:
    """Note that a message was left, and the ticket it has become."""
    await _ended(session, handoff_id, Happening(MESSAGE_LEFT, CUSTOMER, note=ticket_no), now)


async def given_up(session: AsyncSession, handoff_id: int, now: datetime) -> None:
    """Note that the customer wants to leave nothing."""
    await _ended(session, handoff_id, Happening(WITHDRAWN, CUSTOMER), now)


async def _ended(
    session: AsyncSession, handoff_id: int, happened: Happening, now: datetime
) -> None:
    handoff = await session.get(Handoff, handoff_id)
    if handoff is not None:
        handoff.outcome = happened.what
        record(session, handoff, happened, now)
