"""What the bot's actions may ask for on behalf of a customer."""

from __future__ import annotations

import uuid

from fastapi import APIRouter

from ticketing.accounts.permissions import Assistant
from ticketing.conversations import service as conversations
from ticketing.conversations.service import UnknownConversation
from ticketing.handoffs import asking
from ticketing.inbox import filing, own_tickets, promises
from ticketing.inbox.promises import Promise
from ticketing.inbox.schemas import (
    ComplaintIn,
    EvidenceIn,
    FiledOut,
    HandoffIn,
    HandoffOut,
    OwnTicketIn,
    OwnTicketsOut,
    ProgressIn,
    ProgressOut,
    PromiseIn,
    PromiseOut,
    TrackIn,
    TrackOut,
)
from ticketing.inbox.state import TrackerDep
from ticketing.inbox.tracking import Question
from ticketing.kernel.errors import HouseError, NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, DatabaseDep, SessionDep, may_raise
from ticketing.shipments.service import WaybillNotPlausible, plausible_waybill_no
from ticketing.tickets.kinds import UnknownTicketKind
from ticketing.tickets.service import WaybillMissing

SHADOW = "shadow:"
"""What the id of a message begins with that the bot was asked about in shadow."""


class OnlyInShadow(HouseError):
    """Only a suggestion was wanted: nothing may come of it."""

    status, code = 409, "only_in_shadow"

    def __init__(self) -> None:
        super().__init__("这是给坐席的建议，不能办理业务")


def refuse_in_shadow(message_id: str) -> None:
    """Let nothing come of a message that a person answers. Raises `OnlyInShadow`."""
    if message_id.startswith(SHADOW):
        raise OnlyInShadow


def shown_digits(message_id: str, phone_tail: str | None) -> str | None:
    """Return the digits of a customer; none in shadow, where no try may count."""
    return None if message_id.startswith(SHADOW) else phone_tail


router = APIRouter(
    prefix="/api/conversations/{conversation_id}",
    tags=["assistant"],
    responses=may_raise(NotSignedIn, NotAllowed, UnknownConversation, OnlyInShadow),
)


@router.post("/track")
async def track(
    conversation_id: uuid.UUID, body: TrackIn, _caller: Assistant, tracker: TrackerDep
) -> TrackOut:
    """Tell where a parcel is, as much as the customer may hear."""
    digits = shown_digits(body.message_id, body.phone_tail)
    question = Question(conversation_id, body.waybill_no, digits, body.carrier_code)
    return TrackOut.of(await tracker.track(question))


@router.post(
    "/tickets", responses=may_raise(WaybillNotPlausible, WaybillMissing, UnknownTicketKind)
)
async def file_complaint(
    conversation_id: uuid.UUID,
    body: ComplaintIn,
    _caller: Assistant,
    session: SessionDep,
    clock: ClockDep,
) -> FiledOut:
    """Open a ticket, or join the open one."""
    refuse_in_shadow(body.message_id)
    await conversations.known(session, conversation_id)
    return await filing.file_complaint(session, conversation_id, body, clock())


@router.post("/ticket-progress", responses=may_raise(WaybillNotPlausible))
async def progress(
    conversation_id: uuid.UUID,
    body: ProgressIn,
    _caller: Assistant,
    db: DatabaseDep,
    tracker: TrackerDep,
    clock: ClockDep,
) -> ProgressOut:
    """Tell how the customer's tickets stand."""
    digits = shown_digits(body.message_id, body.phone_tail)
    body = body.model_copy(update={"phone_tail": digits})
    async with db.transaction() as session:
        await conversations.known(session, conversation_id)
    return await filing.tell_progress(db, tracker, conversation_id, body, clock())


@router.post("/ticket-withdrawals")
async def withdraw(
    conversation_id: uuid.UUID,
    body: OwnTicketIn,
    _caller: Assistant,
    session: SessionDep,
    clock: ClockDep,
) -> OwnTicketsOut:
    """Take a ticket back."""
    refuse_in_shadow(body.message_id)
    await conversations.known(session, conversation_id)
    return await own_tickets.withdraw(session, conversation_id, body, clock())


@router.post("/ticket-evidence")
async def add_evidence(
    conversation_id: uuid.UUID,
    body: EvidenceIn,
    _caller: Assistant,
    session: SessionDep,
    clock: ClockDep,
) -> OwnTicketsOut:
    """Note further words of the customer on a ticket."""
    refuse_in_shadow(body.message_id)
    await conversations.known(session, conversation_id)
    return await own_tickets.add_evidence(session, conversation_id, body, clock())


@router.post("/handoff")
async def hand_off(
    conversation_id: uuid.UUID,
    body: HandoffIn,
    _caller: Assistant,
    session: SessionDep,
    clock: ClockDep,
) -> HandoffOut:
    """Give the conversation to people; takes effect together with the bot's answer."""
    refuse_in_shadow(body.message_id)
    now = clock()
    foreseen = await asking.foresee(session, conversation_id, body.reason, now)
    await conversations.want_handoff(
        session, conversation_id, body.message_id, body.reason, is_open=foreseen.is_open
    )
    outcome = "queued" if foreseen.is_open else "after_hours"
    told = asking.notice(foreseen, now)
    return HandoffOut(outcome=outcome, position=foreseen.position, told=told)


@router.post("/promises", responses=may_raise(WaybillNotPlausible))
async def promise(
    conversation_id: uuid.UUID,
    body: PromiseIn,
    _caller: Assistant,
    session: SessionDep,
    clock: ClockDep,
) -> PromiseOut:
    """Promise to tell about a parcel as soon as its carrier answers."""
    refuse_in_shadow(body.message_id)
    await conversations.known(session, conversation_id)
    given = Promise(conversation_id, body.message_id, plausible_waybill_no(body.waybill_no))
    await promises.give(session, given, body.phone_tail, clock())
    return PromiseOut()
