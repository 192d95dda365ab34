"""Steps of tickets in people's hands: claim, release, assign, hand over."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from ticketing.accounts.permissions import MayLead, MayTalkToCustomers
from ticketing.accounts.service import UnknownPerson
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, SessionDep, may_raise
from ticketing.routing import by_hand
from ticketing.routing.by_hand import (
    AssigneeChanged,
    PersonInactive,
    StepNotForPeople,
    StepNotOpen,
    StepOfAnother,
    StepTaken,
    UnknownQueue,
)
from ticketing.routing.schemas import AssignIn, HandOverIn, StepDeedIn, StepPlaceOut
from ticketing.tickets import lookup
from ticketing.tickets.lookup import UnknownTicket
from ticketing.tickets.steps import TicketAlreadyClosed, TicketChangedMeanwhile

router = APIRouter(
    prefix="/api/tickets/{ticket_no}/steps/{step}",
    tags=["routing"],
    responses=may_raise(NotSignedIn, NotAllowed),
)

TicketNo = Annotated[str, Path(pattern=r"^[Tt][0-9]{14}$")]
StepName = Annotated[str, Path(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,79}$")]
_ALWAYS = (UnknownTicket, StepNotOpen, TicketAlreadyClosed, TicketChangedMeanwhile)
_HELD = (AssigneeChanged, StepNotForPeople)


@router.post("/claim", responses=may_raise(*_ALWAYS, *_HELD, StepTaken))
async def claim(
    ticket_no: TicketNo,
    step: StepName,
    caller: MayTalkToCustomers,
    session: SessionDep,
    clock: ClockDep,
    body: StepDeedIn | None = None,
) -> StepPlaceOut:
    """Take a step for oneself."""
    deed = (body or StepDeedIn()).deed(ticket_no, step, caller)
    claimed = await by_hand.claim(session, deed, clock())
    return StepPlaceOut.of(claimed, await lookup.ticket(session, claimed.ticket_id))


@router.post("/release", responses=may_raise(*_ALWAYS, *_HELD, NotAllowed, StepOfAnother))
async def release(
    ticket_no: TicketNo,
    step: StepName,
    caller: MayTalkToCustomers,
    session: SessionDep,
    clock: ClockDep,
    body: StepDeedIn | None = None,
) -> StepPlaceOut:
    """Put a step back; somebody else gets it, or it waits in its queue."""
    deed = (body or StepDeedIn()).deed(ticket_no, step, caller)
    released = await by_hand.release(session, deed, clock())
    return StepPlaceOut.of(released, await lookup.ticket(session, released.ticket_id))


@router.post("/assign", responses=may_raise(*_ALWAYS, UnknownPerson, *_HELD, PersonInactive))
async def assign(
    ticket_no: TicketNo,
    step: StepName,
    body: AssignIn,
    caller: MayLead,
    session: SessionDep,
    clock: ClockDep,
) -> StepPlaceOut:
    """Give a step to a person, whatever they have in hand."""
    deed = body.deed(ticket_no, step, caller)
    assigned = await by_hand.assign(session, deed, body.assignee, clock())
    return StepPlaceOut.of(assigned, await lookup.ticket(session, assigned.ticket_id))


@router.post(
    "/hand-over", responses=may_raise(*_ALWAYS, UnknownQueue, *_HELD, NotAllowed, StepOfAnother)
)
async def hand_over(
    ticket_no: TicketNo,
    step: StepName,
    body: HandOverIn,
    caller: MayTalkToCustomers,
    session: SessionDep,
    clock: ClockDep,
) -> StepPlaceOut:
    """Hand a step over to another department, with a note that says why."""
    deed = body.deed(ticket_no, step, caller)
    handed = await by_hand.hand_over(session, deed, body.queue, clock())
    return StepPlaceOut.of(handed, await lookup.ticket(session, handed.ticket_id))
