"""Time limits for people: policies, calendars, what a ticket would get, and what it has."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from ticketing.accounts.permissions import MayHandleTickets, MayLead, MayManage
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, SessionDep, may_raise
from ticketing.sla import service
from ticketing.sla.calendars import CalendarRefused, TimeOutOfSight
from ticketing.sla.configuration import UnknownCalendar, configuration
from ticketing.sla.hours import CalendarText
from ticketing.sla.policies import PolicyRefused
from ticketing.sla.schemas import (
    CalendarIn,
    CalendarsOut,
    PoliciesIn,
    PoliciesOut,
    PreviewIn,
    PreviewOut,
    QueueIn,
    TicketClocksOut,
)
from ticketing.sla.service import (
    AlreadyPaused,
    CalendarChangedMeanwhile,
    NotPaused,
    PoliciesChangedMeanwhile,
    TooManyCalendars,
)
from ticketing.tickets.kinds import UnknownTicketKind, ticket_kind
from ticketing.tickets.lookup import UnknownTicket
from ticketing.tickets.steps import TicketAlreadyClosed

router = APIRouter(prefix="/api/sla", tags=["sla"], responses=may_raise(NotSignedIn, NotAllowed))

TicketNo = Annotated[str, Path(pattern=r"^[Tt][0-9]{14}$")]
Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


@router.get("/policies")
async def policies(_caller: MayHandleTickets, session: SessionDep, clock: ClockDep) -> PoliciesOut:
    """Return the table of policies in force."""
    return PoliciesOut.of(await configuration(session), clock())


@router.put(
    "/policies", responses=may_raise(PolicyRefused, UnknownCalendar, PoliciesChangedMeanwhile)
)
async def put_policies(
    body: PoliciesIn, caller: MayManage, session: SessionDep, clock: ClockDep
) -> PoliciesOut:
    """Put another table in force; running clocks follow within seconds."""
    now = clock()
    changed = await service.put_policies(session, body.rules, body.version, caller.name, now)
    return PoliciesOut.of(changed, now)


@router.get("/calendars")
async def calendars(
    _caller: MayHandleTickets, session: SessionDep, clock: ClockDep
) -> CalendarsOut:
    """Return every calendar, and which queue works by which."""
    return CalendarsOut.of(await configuration(session), clock())


@router.put(
    "/calendars/{name}",
    responses=may_raise(CalendarRefused, TooManyCalendars, CalendarChangedMeanwhile),
)
async def put_calendar(
    name: Name, body: CalendarIn, caller: MayManage, session: SessionDep, clock: ClockDep
) -> CalendarsOut:
    """Add or change a calendar; running clocks follow within seconds."""
    now = clock()
    text = CalendarText.model_validate(body.model_dump(exclude={"version"}))
    seen, by = body.version, caller.name
    changed = await service.put_calendar(session, name, text, seen, by=by, now=now)
    return CalendarsOut.of(changed, now)


@router.put("/queues/{name}", responses=may_raise(UnknownCalendar))
async def put_queue(
    name: Name, body: QueueIn, caller: MayManage, session: SessionDep, clock: ClockDep
) -> CalendarsOut:
    """Let a queue work by a calendar; running clocks follow within seconds."""
    now = clock()
    changed = await service.put_queue(session, name, body.calendar, caller.name, now)
    return CalendarsOut.of(changed, now)


@router.post("/preview", responses=may_raise(UnknownTicketKind, TimeOutOfSight))
async def preview(
    body: PreviewIn, _caller: MayHandleTickets, session: SessionDep, clock: ClockDep
) -> PreviewOut:
    """Return the time limits a ticket would get."""
    ticket_kind(body.kind)
    return PreviewOut.of(await configuration(session), body, clock())


@router.get("/tickets/{ticket_no}", responses=may_raise(UnknownTicket))
async def clocks(
    ticket_no: TicketNo, _caller: MayHandleTickets, session: SessionDep, clock: ClockDep
) -> TicketClocksOut:
    """Return the clocks of a ticket and how each end came about."""
    return TicketClocksOut.of(await service.timed(session, ticket_no), clock())


@router.post(
    "/tickets/{ticket_no}/pause",
    responses=may_raise(UnknownTicket, TicketAlreadyClosed, AlreadyPaused),
)
async def pause(
    ticket_no: TicketNo, caller: MayLead, session: SessionDep, clock: ClockDep
) -> TicketClocksOut:
    """Pause our own clocks of a ticket; what the customer was promised runs on."""
    now = clock()
    return TicketClocksOut.of(await service.pause(session, ticket_no, caller.name, now), now)


@router.post(
    "/tickets/{ticket_no}/resume",
    responses=may_raise(UnknownTicket, TicketAlreadyClosed, NotPaused),
)
async def resume(
    ticket_no: TicketNo, caller: MayLead, session: SessionDep, clock: ClockDep
) -> TicketClocksOut:
    """Let the clocks of a ticket go on."""
    now = clock()
    return TicketClocksOut.of(await service.resume(session, ticket_no, caller.name, now), now)
