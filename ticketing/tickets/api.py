"""Tickets for people and systems."""

from __future__ import annotations

from typing import Annotated, Literal

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
    StepIn,
    TicketDetailOut,
    TicketIn,
    TicketOut,
    TicketPageOut,
)
from ticketing.tickets.service import Complaint, TicketAlreadyClosed, UnknownTicket
from ticketing.workflow.machine import StepNotCurrent, UnknownStep

router = APIRouter(
    prefix="/api/tickets", tags=["tickets"], responses=may_raise(NotSignedIn, NotAllowed)
)

TicketNo = Annotated[str, Path(pattern=r"^[Tt][0-9]{14}$")]
StepName = Annotated[str, Path(pattern=r"^[a-z_]{1,40}$")]
_Filter = Annotated[str | None, Query(max_length=40, pattern=r"^[A-Za-z0-9_]*$")]


@router.get("", responses=may_raise(BadCursor))
async def list_tickets(
    _caller: MayHandleTickets,
    session: SessionDep,
    state: Literal["open", "paused", "resolved", "closed"] | None = None,
    kind: _Filter = None,
    waybill_no: _Filter = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> TicketPageOut:
    """Return a page of tickets, newest first."""
    wanted = {"state": state, "kind": kind, "waybill_no": waybill_no}
    filters = {column: value for column, value in wanted.items() if value}
    before = decode_cursor(cursor) if cursor else None
    found = await service.list_tickets(session, filters, before, limit)
    last = found[-1] if len(found) == limit else None
    return TicketPageOut(
        tickets=[TicketOut.of(t, await service.history(session, t)) for t in found],
        next_cursor=encode_cursor(last.opened_at, last.ticket_no) if last else None,
    )


@router.post("", status_code=201, responses=may_raise(WaybillNotPlausible, UnknownTicketKind))
async def open_ticket(
    body: TicketIn, caller: MayHandleTickets, session: SessionDep, clock: ClockDep
) -> FiledTicketOut:
    """Open a ticket, or join the open one about the same parcel and kind."""
    complaint = Complaint(
        kind=body.kind,
        waybill_no=plausible_waybill_no(body.waybill_no),
        description=body.description,
        by=caller.name,
        role=body.role,
        words=(body.description,),
        contact_phone=body.contact_phone,
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
