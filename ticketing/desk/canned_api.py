"""Ready-made replies and saved filters."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from ticketing.accounts.permissions import MayTalkToCustomers
from ticketing.desk import canned, repository
from ticketing.desk.canned import ShortcutTaken, UnknownBlank, UnknownCannedReply, UnknownFilter
from ticketing.desk.canned_schemas import (
    CannedReplyIn,
    CannedReplyOut,
    SavedFilterIn,
    SavedFilterOut,
)
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, SessionDep, may_raise

router = APIRouter(prefix="/api", tags=["desk"], responses=may_raise(NotSignedIn, NotAllowed))
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("/canned-replies")
async def canned_replies(
    caller: MayTalkToCustomers,
    session: SessionDep,
    q: Annotated[str, Query(max_length=60)] = "",
) -> list[CannedReplyOut]:
    """Return the ready-made replies the caller may use, the most used first.

    `q` is what was typed behind `/`: found by shortcut, then title, then text.
    """
    found = await canned.replies(session, caller, q)
    return [CannedReplyOut.of(each) for each in found]


@router.post("/canned-replies", status_code=201, responses=may_raise(ShortcutTaken, UnknownBlank))
async def add_canned_reply(
    body: CannedReplyIn, caller: MayTalkToCustomers, session: SessionDep
) -> CannedReplyOut:
    """Add a ready-made reply; one for all is a lead's to write."""
    return CannedReplyOut.of(await canned.add(session, body.wording(), caller))


@router.put(
    "/canned-replies/{number}",
    responses=may_raise(UnknownCannedReply, ShortcutTaken, UnknownBlank),
)
async def change_canned_reply(
    number: Number, body: CannedReplyIn, caller: MayTalkToCustomers, session: SessionDep
) -> CannedReplyOut:
    """Change a ready-made reply."""
    return CannedReplyOut.of(await canned.change(session, number, body.wording(), caller))


@router.delete("/canned-replies/{number}", status_code=204, responses=may_raise(UnknownCannedReply))
async def remove_canned_reply(
    number: Number, caller: MayTalkToCustomers, session: SessionDep, clock: ClockDep
) -> Response:
    """Remove a ready-made reply."""
    await canned.remove(session, number, caller, clock())
    return Response(status_code=204)


@router.get("/ticket-filters")
async def ticket_filters(caller: MayTalkToCustomers, session: SessionDep) -> list[SavedFilterOut]:
    """Return the caller's saved filters."""
    return [SavedFilterOut.of(each) for each in await repository.filters(session, caller.name)]


@router.post("/ticket-filters", status_code=201)
async def save_ticket_filter(
    body: SavedFilterIn, caller: MayTalkToCustomers, session: SessionDep
) -> SavedFilterOut:
    """Save a filter; one of the same name is replaced."""
    saved = await repository.put_filter(session, caller.name, body.name, dict(body.query))
    return SavedFilterOut.of(saved)


@router.delete("/ticket-filters/{number}", status_code=204, responses=may_raise(UnknownFilter))
async def forget_ticket_filter(
    number: Number, caller: MayTalkToCustomers, session: SessionDep
) -> Response:
    """Forget a saved filter."""
    if not await repository.drop_filter(session, caller.name, number):
        raise UnknownFilter
    return Response(status_code=204)
