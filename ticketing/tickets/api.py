"""Tickets for people and systems: open, look at, work on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response

from ticketing.accounts import audit
from ticketing.accounts.permissions import MayHandleTickets, Permission, holds
from ticketing.accounts.tokens import Caller
from ticketing.expressions.service import ExpressionFailed
from ticketing.forms.service import FormDataInvalid
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.idempotency import KeyUsedOtherwise, OnceDep
from ticketing.kernel.paging import BadCursor
from ticketing.kernel.web import ClockDep, SessionDep, may_raise
from ticketing.rules.table import RulesOverlap
from ticketing.shipments.service import WaybillNotPlausible, plausible_waybill_no
from ticketing.tickets import indexing, listing, lookup, service, steps
from ticketing.tickets.advice import advice
from ticketing.tickets.amounts import PaymentAboveAgreed, StepNeedsFinance, StepNeedsLead
from ticketing.tickets.history import Line, record
from ticketing.tickets.kinds import UnknownTicketKind
from ticketing.tickets.listing_schemas import PageOut, WantedIn
from ticketing.tickets.lookup import UnknownTicket
from ticketing.tickets.schemas import (
    AdviceOut,
    FiledTicketOut,
    NoteIn,
    PriorityIn,
    SendBackIn,
    StepIn,
    TicketDetailOut,
    TicketIn,
    TicketOut,
)
from ticketing.tickets.service import Complaint, WaybillMissing
from ticketing.tickets.starting_again import REOPENED
from ticketing.tickets.steps import (
    Doing,
    TicketAlreadyClosed,
    TicketChangedMeanwhile,
)
from ticketing.tickets.teams import ReachOfDep, SightDep
from ticketing.tickets.views import view, whole
from ticketing.workflow.machine import CannotSendBack, NoWayOn, StepNotCurrent, UnknownStep

router = APIRouter(
    prefix="/api/tickets", tags=["tickets"], responses=may_raise(NotSignedIn, NotAllowed)
)

TicketNo = Annotated[str, Path(pattern=r"^[Tt][0-9]{14}$")]
StepName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,62}$")]

_REOPENED: dict[int | str, dict[str, Any]] = {
    200: {"model": FiledTicketOut, "description": "`reopened`: a closed ticket goes on"}
}
_FINANCE = "finance"
"""The team whose people decide about amounts above the limit of a lead."""

_TABLE_FAILS = (RulesOverlap, ExpressionFailed)
_CONFLICTS = (UnknownTicket, TicketAlreadyClosed, TicketChangedMeanwhile)


@dataclass(frozen=True)
class Approver:
    """Who asks, and whether they may decide what is above the limit of a lead."""

    caller: Caller
    is_finance: bool


async def _approver(
    caller: MayHandleTickets, session: SessionDep, reach_of: ReachOfDep
) -> Approver:
    """Managers may decide what is for finance, and so may whoever is of its team."""
    if holds(caller, Permission.UNLIMITED):
        return Approver(caller, is_finance=True)
    return Approver(caller, caller.name in (await reach_of(session, _FINANCE)).people)


MayApprove = Annotated[Approver, Depends(_approver)]


@router.get("", responses=may_raise(BadCursor))
async def list_tickets(
    _caller: MayHandleTickets,
    session: SessionDep,
    clock: ClockDep,
    reach_of: ReachOfDep,
    sight: SightDep,
    wanted: Annotated[WantedIn, Query()],
) -> PageOut:
    """Return a page of the tickets the caller sees, filtered and sorted."""
    asked = wanted.wanted(clock(), await wanted.reach(session, reach_of), sight)
    found = await listing.page(session, asked, wanted.cursor, wanted.limit)
    return PageOut.of(found)


@router.post(
    "",
    status_code=201,
    response_description="`opened`: a new ticket; `joined`: what was said is added to the open one",
    responses=_REOPENED
    | may_raise(
        *(WaybillNotPlausible, WaybillMissing, UnknownTicketKind, KeyUsedOtherwise),
        *_TABLE_FAILS,
    ),
)
async def open_ticket(
    body: TicketIn,
    caller: MayHandleTickets,
    session: SessionDep,
    once: OnceDep,
    response: Response,
) -> FiledTicketOut:
    """Open a ticket, join the open one about the same parcel and kind, or reopen the closed one."""

    async def make() -> FiledTicketOut:
        complaint = _complaint(body, caller)
        if not body.kind:
            decided = await service.decide_kind(session, body.intent, body.urgent, once.now)
            kind = str(decided.first.get("kind") or "")
            complaint = replace(complaint, kind=kind, kind_by=decided)
        filed = await service.file_complaint(session, complaint, once.now)
        shown = await view(session, filed.ticket, filed.entered)
        return FiledTicketOut(outcome=filed.outcome, ticket=TicketOut.of(shown))

    filed = await once.answer(caller.name, FiledTicketOut, make)
    audit.about(session, filed.ticket.ticket_no)
    response.status_code = 200 if filed.outcome == REOPENED else 201
    return filed


@router.get("/{ticket_no}", responses=may_raise(UnknownTicket))
async def ticket(
    ticket_no: TicketNo, _caller: MayHandleTickets, session: SessionDep
) -> TicketDetailOut:
    """Return a ticket whole."""
    found = await lookup.ticket_by_no(session, ticket_no)
    return TicketDetailOut.whole(await whole(session, found))


@router.get("/{ticket_no}/advice", responses=may_raise(UnknownTicket, *_TABLE_FAILS))
async def advise(
    ticket_no: TicketNo, _caller: MayHandleTickets, session: SessionDep, clock: ClockDep
) -> AdviceOut:
    """Return what may be paid and what to say, by which rules; nothing is decided."""
    given = await advice(session, await lookup.ticket_by_no(session, ticket_no), clock())
    return AdviceOut.of(given)


@router.post(
    "/{ticket_no}/steps/{step}/complete",
    responses=may_raise(
        *(*_CONFLICTS, UnknownStep, StepNotCurrent, FormDataInvalid, NoWayOn),
        *(StepNeedsLead, StepNeedsFinance, PaymentAboveAgreed),
        *_TABLE_FAILS,
    ),
)
async def complete_step(
    ticket_no: TicketNo,
    step: StepName,
    approver: MayApprove,
    session: SessionDep,
    clock: ClockDep,
    body: StepIn | None = None,
) -> TicketOut:
    """Complete a step; the customer is told in the chat by itself."""
    done = body or StepIn()
    doing = replace(
        _doing(approver.caller, note=done.note, seen=done.version, data=done.data),
        is_finance=approver.is_finance,
    )
    moved = await steps.complete_step(session, ticket_no, step, doing, clock())
    return TicketOut.of(await view(session, moved))


@router.post(
    "/{ticket_no}/steps/{step}/send-back",
    responses=may_raise(*_CONFLICTS, UnknownStep, StepNotCurrent, StepNeedsLead, CannotSendBack),
)
async def send_back(
    ticket_no: TicketNo,
    step: StepName,
    body: SendBackIn,
    caller: MayHandleTickets,
    session: SessionDep,
    clock: ClockDep,
) -> TicketOut:
    """Give a step back to an earlier one."""
    doing = _doing(caller, note=body.reason, seen=body.version)
    moved = await steps.send_back(session, ticket_no, step, doing, to=body.to, now=clock())
    return TicketOut.of(await view(session, moved))


@router.post("/{ticket_no}/priority", responses=may_raise(*_CONFLICTS))
async def change_priority(
    ticket_no: TicketNo,
    body: PriorityIn,
    caller: MayHandleTickets,
    session: SessionDep,
    clock: ClockDep,
) -> TicketOut:
    """Make a ticket more or less urgent."""
    found = await steps.to_work_on(session, ticket_no, body.version)
    await service.change_priority(session, found, body.priority, by=caller.name, now=clock())
    return TicketOut.of(await view(session, found))


@router.post(
    "/{ticket_no}/notes", status_code=201, responses=may_raise(UnknownTicket, KeyUsedOtherwise)
)
async def add_note(
    ticket_no: TicketNo,
    body: NoteIn,
    caller: MayHandleTickets,
    session: SessionDep,
    once: OnceDep,
) -> TicketDetailOut:
    """Note something on a ticket, closed ones too; customers do not see it."""

    async def make() -> TicketDetailOut:
        found = await lookup.ticket_by_no(session, ticket_no, lock=True)
        record(session, found, Line("note", caller.name, {"text": body.text}), once.now)
        await indexing.index(session, found, body.text)
        return TicketDetailOut.whole(await whole(session, found))

    return await once.answer(caller.name, TicketDetailOut, make)


def _doing(caller: Caller, **what: object) -> Doing:
    return Doing(by=caller.name, is_lead=holds(caller, Permission.APPROVE), **what)  # type: ignore[arg-type]


def _complaint(body: TicketIn, caller: Caller) -> Complaint:
    return Complaint(
        kind=body.kind or "",
        waybill_no=plausible_waybill_no(body.waybill_no) if body.waybill_no else None,
        description=body.description,
        by=caller.name,
        role=body.role,
        words=(body.description,),
        contact_phone=body.contact_phone,
        urgent=body.urgent,
        vip=body.vip,
        intent=body.intent,
        details=body.details,
    )
