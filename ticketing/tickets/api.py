"""Tickets for people and systems."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from ticketing.accounts.permissions import MayHandleTickets
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.paging import BadCursor, decode_cursor, encode_cursor
from ticketing.kernel.web import ClockDep, SessionDep, may_raise
from ticketing.shipments.service import WaybillNotPlausible, plausible_waybill_no
from ticketing.tickets import service
from ticketing.tickets.kinds import UnknownTicketKind
from ticketing.tickets.schemas import (
    FiledTicketOut,
    PageIn,
    StepIn,
    TicketDetailOut,
    TicketIn,
    TicketOut,
    TicketPageOut,
)
from ticketing.tickets.service import (
    Complaint,
    TicketAlreadyClosed,
    UnknownTicket,
    WaybillMissing,
)
from ticketing.workflow.machine import StepNotCurrent, UnknownStep

router = APIRouter(
    prefix="/api/tickets", tags=["tickets"], responses=may_raise(NotSignedIn, NotAllowed)
)

TicketNo = Annotated[str, Path(pattern=r"^[Tt][0-9]{14}$")]
StepName = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")]


@router.get("", responses=may_raise(BadCursor))
async def list_tickets(
    _caller: MayHandleTickets,
    session: SessionDep,
    wanted: Annotated[PageIn, Query()],
) -> TicketPageOut:
    """Return a page of tickets, newest first."""
    before = decode_cursor(wanted.cursor) if wanted.cursor else None
    found = await service.list_tickets(session, wanted.filters(), before, wanted.limit)
    last = found[-1] if len(found) == wanted.limit else None
    return TicketPageOut(
        tickets=[TicketOut.of(t, await service.history(session, t)) for t in found],
        next_cursor=encode_cursor(last.opened_at, last.ticket_no) if last else None,
    )


@router.post(
    "",
    status_code=201,
    responses=may_raise(WaybillNotPlausible, WaybillMissing, UnknownTicketKind),
)
async def open_ticket(
    body: TicketIn, caller: MayHandleTickets, session: SessionDep, clock: ClockDep
) -> FiledTicketOut:
    """Open a ticket, or join the open one about the same parcel and kind."""
    complaint = Complaint(
        kind=body.kind,
        waybill_no=plausible_waybill_no(body.waybill_no) if body.waybill_no else None,
        description=body.description,
        by=caller.name,
        role=body.role,
        words=(body.description,),
        contact_phone=body.contact_phone,
        urgent=body.urgent,
        details=body.details,
    )
    filed = await service.file_complaint(session, complaint, clock())
    changes = await service.history(session, filed.ticket)
    return FiledTicketOut(outcome=filed.outcome, ticket=TicketOut.of(filed.ticket, changes))


@router.get("/{ticket_no}", responses=may_raise(UnknownTicket))
async def ticket(
    ticket_no: TicketNo, _caller: MayHandleTickets, session: SessionDep
) -> TicketDetailOut:
    """Return a ticket whole."""
    found = await service.ticket_by_no(session, ticket_no)
    return TicketDetailOut.whole(found, await service.history(session, found))


@router.post(
    "/{ticket_no}/steps/{step}/complete",
    responses=may_raise(UnknownTicket, TicketAlreadyClosed, UnknownStep, StepNotCurrent),
)
async def complete_step(
    ticket_no: TicketNo,
    step: StepName,
    caller: MayHandleTickets,
    session: SessionDep,
    clock: ClockDep,
    body: StepIn | None = None,
) -> TicketOut:
    """Complete a step; the customer is told in the chat by itself."""
    note = body.note if body else ""
    moved = await service.complete_step(
        session, ticket_no, step, by=caller.name, note=note, now=clock()
    )
    return TicketOut.of(moved, await service.history(session, moved))
