"""One's own notices, and what became of everything that left the house."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from ticketing.accounts.permissions import MayLead, SignedIn
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.paging import BadCursor, decode_parts, decode_time, encode_parts
from ticketing.kernel.web import ClockDep, SessionDep, may_raise
from ticketing.notifications import inbox, management
from ticketing.notifications.management import DeliveryNotReplayable, UnknownDelivery
from ticketing.notifications.manners import Channel, State
from ticketing.notifications.models import Delivery
from ticketing.notifications.post_office import PostOffice
from ticketing.notifications.schemas import (
    BIGGEST,
    DeliveryCountsOut,
    DeliveryOut,
    DeliveryPageOut,
    NoticePageOut,
    ReadIn,
    ReadOut,
)

router = APIRouter(
    prefix="/api", tags=["notifications"], responses=may_raise(NotSignedIn, NotAllowed)
)

Cursor = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=100)]
RowNumber = Annotated[int, Path(ge=1, le=BIGGEST)]
Before = Annotated[int | None, Query(ge=1, le=BIGGEST)]
Ticket = Annotated[str | None, Query(max_length=40, pattern=r"^[A-Za-z0-9]*$")]


@router.get("/notices")
async def notices(
    caller: SignedIn,
    session: SessionDep,
    unread: bool = False,
    before: Before = None,
    limit: Limit = 50,
) -> NoticePageOut:
    """Return the caller's own notices, newest first."""
    rows = await inbox.notices(session, caller.name, unread=unread, before=before, limit=limit)
    return NoticePageOut.of(list(rows), await inbox.unread_count(session, caller.name), limit)


@router.post("/notices/read")
async def read(body: ReadIn, caller: SignedIn, session: SessionDep, clock: ClockDep) -> ReadOut:
    """Mark the caller's notices as read, all of them where none is named."""
    return ReadOut(read=await inbox.mark_read(session, caller.name, body.ids, clock()))


@router.post("/notices/{number}/read", responses=may_raise(inbox.UnknownNotice))
async def read_one(
    number: RowNumber, caller: SignedIn, session: SessionDep, clock: ClockDep
) -> ReadOut:
    """Mark one of the caller's notices as read."""
    await inbox.own_notice(session, caller.name, number)
    return ReadOut(read=await inbox.mark_read(session, caller.name, [number], clock()))


@router.get("/deliveries", responses=may_raise(BadCursor))
async def deliveries(
    _caller: MayLead,
    session: SessionDep,
    state: State | None = None,
    channel: Channel | None = None,
    ticket_no: Ticket = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> DeliveryPageOut:
    """Return what left or is to leave, newest first; `state=dead` is the dead letters."""
    wanted = {"state": state, "channel": channel, "ticket_no": ticket_no}
    filters = {name: str(value) for name, value in wanted.items() if value}
    after = _position(cursor) if cursor else None
    found = await management.deliveries(session, filters, after, limit)
    rows = [DeliveryOut.of(row) for row in found]
    return DeliveryPageOut(deliveries=rows, next_cursor=_cursor(found, limit))


@router.get("/delivery-counts")
async def delivery_counts(
    _caller: MayLead, session: SessionDep, request: Request
) -> DeliveryCountsOut:
    """Return how many deliveries stand how, and which channels are set up."""
    post: PostOffice = request.app.state.house.post
    counts = await management.counts(session)
    return DeliveryCountsOut(counts=counts, channels=sorted(post.channels))


@router.get("/deliveries/{delivery_id}", responses=may_raise(UnknownDelivery))
async def delivery(delivery_id: uuid.UUID, _caller: MayLead, session: SessionDep) -> DeliveryOut:
    """Return one delivery with its receipts."""
    return DeliveryOut.of(await management.delivery(session, delivery_id))


@router.post(
    "/deliveries/{delivery_id}/replay",
    responses=may_raise(UnknownDelivery, DeliveryNotReplayable),
)
async def replay(
    delivery_id: uuid.UUID, _caller: MayLead, session: SessionDep, clock: ClockDep
) -> DeliveryOut:
    """Send a dead letter, or one reported as not delivered, again from the first try on."""
    return DeliveryOut.of(await management.replay(session, delivery_id, clock()))


def _cursor(found: Sequence[Delivery], limit: int) -> str | None:
    if len(found) < limit:
        return None
    return encode_parts(found[-1].created_at.isoformat(), found[-1].id.hex)


def _position(cursor: str) -> tuple[datetime, uuid.UUID]:
    at, key = decode_parts(cursor, 2)
    try:
        return decode_time(at), uuid.UUID(key)
    except ValueError as error:
        raise BadCursor from error
