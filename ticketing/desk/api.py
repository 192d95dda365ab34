"""The agents' desk: what they see of conversations, and what they say."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Query

from ticketing.accounts.permissions import MayLead, MayTalkToCustomers, Permission, holds
from ticketing.conversations.service import UnknownConversation
from ticketing.desk import context as beside
from ticketing.desk import messages as said
from ticketing.desk import overview, service
from ticketing.desk import suggestions as offered
from ticketing.desk import wall as numbers
from ticketing.desk.schemas import (
    ContextOut,
    ConversationRowOut,
    DeskMessageOut,
    DeskOut,
    MessagePageOut,
    NoteIn,
    NoteOut,
    ReplyIn,
    SuggestionOut,
    WallOut,
)
from ticketing.desk.service import NotYourWords, TooLateToRetract, UnknownMessage
from ticketing.desk.talks import SeenTalk, row_out
from ticketing.files.service import UnknownFile
from ticketing.handoffs.service import NotInYourHands
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.texts import EmptyMessage
from ticketing.kernel.web import ClockDep, SessionDep, may_raise

router = APIRouter(prefix="/api", tags=["desk"], responses=may_raise(NotSignedIn, NotAllowed))
TALK = "/desk/conversations/{conversation_id}"
_KNOWN = may_raise(UnknownConversation)
_SPEAKS = may_raise(
    *(UnknownConversation, UnknownFile, UnknownMessage, NotInYourHands, EmptyMessage)
)
_NUMBER = 2**31 - 1


@router.get("/desk")
async def desk(caller: MayTalkToCustomers, session: SessionDep, clock: ClockDep) -> DeskOut:
    """Return everything the desk shows first."""
    now = clock()
    return DeskOut.of(await overview.overview(session, caller, now), now)


@router.get(TALK, responses=_KNOWN)
async def talk(
    row: SeenTalk, caller: MayTalkToCustomers, session: SessionDep
) -> ConversationRowOut:
    """Return one conversation as the lists show it."""
    return await row_out(session, row, caller)


@router.get(f"{TALK}/messages", responses=_KNOWN)
async def messages(
    row: SeenTalk,
    _caller: MayTalkToCustomers,
    session: SessionDep,
    before: Annotated[int | None, Query(ge=1, le=_NUMBER)] = None,
    after: Annotated[int | None, Query(ge=0, le=_NUMBER)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> MessagePageOut:
    """Return messages and notes: the newest, those before a number, or those after one."""
    if after is not None:
        return MessagePageOut.of(await said.page_after(session, row.id, after, limit))
    return MessagePageOut.of(await said.page_before(session, row.id, before, limit))


@router.get(f"{TALK}/context", responses=_KNOWN)
async def context(row: SeenTalk, _caller: MayTalkToCustomers, session: SessionDep) -> ContextOut:
    """Return what stands beside a conversation: customer, parcels, tickets, earlier talks."""
    return ContextOut.of(await beside.context(session, row))


@router.get(f"{TALK}/suggestions", responses=_KNOWN)
async def suggestions(
    row: SeenTalk, caller: MayTalkToCustomers, session: SessionDep, clock: ClockDep
) -> list[SuggestionOut]:
    """Return answers on offer."""
    found = await offered.suggestions(session, row, caller, clock())
    return [SuggestionOut.of(each) for each in found]


@router.post(f"{TALK}/replies", responses=_SPEAKS)
async def reply(
    conversation_id: uuid.UUID,
    body: ReplyIn,
    caller: MayTalkToCustomers,
    session: SessionDep,
    clock: ClockDep,
) -> DeskMessageOut:
    """Say something to the customer; only who holds the conversation may."""
    spoken = await service.reply(session, conversation_id, body.reply(), caller.name, clock())
    return DeskMessageOut.of(spoken)


@router.post(
    f"{TALK}/messages/{{seq}}/retract",
    responses=may_raise(UnknownConversation, UnknownMessage, NotYourWords, TooLateToRetract),
)
async def retract(
    conversation_id: uuid.UUID,
    seq: Annotated[int, Path(ge=1, le=_NUMBER)],
    caller: MayTalkToCustomers,
    session: SessionDep,
    clock: ClockDep,
) -> DeskMessageOut:
    """Take back one's own words within two minutes."""
    taken_back = await service.retract(session, conversation_id, seq, caller.name, clock())
    return DeskMessageOut.of(taken_back)


@router.post(f"{TALK}/notes", status_code=201, responses=_KNOWN)
async def note(
    row: SeenTalk, body: NoteIn, caller: MayTalkToCustomers, session: SessionDep, clock: ClockDep
) -> NoteOut:
    """Leave a note that the customer never sees; a whisper is a lead's."""
    if body.kind == "whisper" and not holds(caller, Permission.LEAD):
        raise NotAllowed("悄悄提醒由班组长发送，您可以写备注")
    noted = await service.add_note(session, row.id, body.remark(), caller.name, clock())
    return NoteOut.of(noted)


@router.get("/desk/wall")
async def wall(caller: MayLead, session: SessionDep, clock: ClockDep) -> WallOut:
    """Return the live wall."""
    now = clock()
    return WallOut.of(await numbers.wall(session, caller, now), now)
