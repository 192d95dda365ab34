"""Merging, splitting, tying together and opening again, by our people."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from ticketing.accounts.permissions import MayHandleTickets
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.idempotency import KeyUsedOtherwise, OnceDep
from ticketing.kernel.web import ClockDep, SessionDep, may_raise
from ticketing.shipments.service import WaybillNotPlausible, plausible_waybill_no
from ticketing.tickets import links, listing, merging, reopening, splitting
from ticketing.tickets.kinds import UnknownTicketKind
from ticketing.tickets.links import LinkGoesRound, LinkHeld, Relation, SameTicket
from ticketing.tickets.listing_schemas import LinkOut
from ticketing.tickets.lookup import UnknownTicket
from ticketing.tickets.merging_schemas import (
    LinkIn,
    MergedOut,
    MergeIn,
    ReopenedOut,
    ReopenIn,
    SplitIn,
    SplitOut,
)
from ticketing.tickets.reopening import TicketNotClosed
from ticketing.tickets.schemas import TicketOut
from ticketing.tickets.service import WaybillMissing
from ticketing.tickets.splitting import NothingToSplit, Part
from ticketing.tickets.steps import TicketAlreadyClosed, TicketChangedMeanwhile
from ticketing.tickets.views import view

router = APIRouter(
    prefix="/api/tickets", tags=["tickets"], responses=may_raise(NotSignedIn, NotAllowed)
)

TicketNo = Annotated[str, Path(pattern=r"^[Tt][0-9]{14}$")]

_CONFLICTS = (UnknownTicket, TicketAlreadyClosed, TicketChangedMeanwhile, KeyUsedOtherwise)


@router.post("/{ticket_no}/merge", responses=may_raise(*_CONFLICTS, SameTicket))
async def merge(
    ticket_no: TicketNo,
    body: MergeIn,
    caller: MayHandleTickets,
    session: SessionDep,
    once: OnceDep,
) -> MergedOut:
    """Make a ticket part of another one; its customers are told by themselves."""

    async def make() -> MergedOut:
        into = await merging.merge(
            session, ticket_no, body.into, by=caller.name, now=once.now, seen=body.version
        )
        out = TicketOut.of(await view(session, into))
        return MergedOut(ticket_no=ticket_no.upper(), into=out)

    return await once.answer(caller.name, MergedOut, make)


@router.post(
    "/{ticket_no}/split",
    status_code=201,
    responses=may_raise(
        *_CONFLICTS, NothingToSplit, WaybillNotPlausible, WaybillMissing, UnknownTicketKind
    ),
)
async def split(
    ticket_no: TicketNo,
    body: SplitIn,
    caller: MayHandleTickets,
    session: SessionDep,
    once: OnceDep,
) -> SplitOut:
    """Make a part of a ticket one of its own."""

    async def make() -> SplitOut:
        filed = await splitting.split(
            session, ticket_no, _part(body), by=caller.name, now=once.now, seen=body.version
        )
        out = TicketOut.of(await view(session, filed.ticket))
        return SplitOut(outcome=filed.outcome, ticket=out)

    return await once.answer(caller.name, SplitOut, make)


@router.post(
    "/{ticket_no}/reopen",
    responses=may_raise(UnknownTicket, TicketNotClosed, TicketChangedMeanwhile, KeyUsedOtherwise),
)
async def reopen(
    ticket_no: TicketNo,
    body: ReopenIn,
    caller: MayHandleTickets,
    session: SessionDep,
    once: OnceDep,
) -> ReopenedOut:
    """Open a closed ticket again, or a new one where that is too late."""

    async def make() -> ReopenedOut:
        again = await reopening.reopen(
            session, ticket_no, body.reason, by=caller.name, now=once.now, seen=body.version
        )
        out = TicketOut.of(await view(session, again.ticket))
        return ReopenedOut(is_new=again.is_new, ticket=out)

    return await once.answer(caller.name, ReopenedOut, make)


@router.post(
    "/{ticket_no}/links",
    responses=may_raise(UnknownTicket, SameTicket, LinkGoesRound),
)
async def link(
    ticket_no: TicketNo,
    body: LinkIn,
    caller: MayHandleTickets,
    session: SessionDep,
    clock: ClockDep,
) -> list[LinkOut]:
    """Say how a ticket belongs to another one; said twice, it is once."""
    ticket = await links.link(
        session, ticket_no, body.other, body.relation, by=caller.name, now=clock()
    )
    return [LinkOut.of(each) for each in await listing.links(session, ticket)]


@router.delete(
    "/{ticket_no}/links/{relation}/{other_no}",
    responses=may_raise(UnknownTicket, LinkHeld),
)
async def unlink(
    ticket_no: TicketNo,
    relation: Relation,
    other_no: TicketNo,
    caller: MayHandleTickets,
    session: SessionDep,
    clock: ClockDep,
) -> list[LinkOut]:
    """Take back how a ticket belongs to another one; what was not said changes nothing."""
    ticket = await links.unlink(session, ticket_no, other_no, relation, by=caller.name, now=clock())
    return [LinkOut.of(each) for each in await listing.links(session, ticket)]


def _part(body: SplitIn) -> Part:
    waybill_no = plausible_waybill_no(body.waybill_no) if body.waybill_no else None
    return Part(body.kind, waybill_no, tuple(dict.fromkeys(body.words)))
