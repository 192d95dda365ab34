"""From hand to hand: take, decline, pass on, give back, close."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.permissions import MayLead, MayTalkToCustomers
from ticketing.accounts.tokens import Caller
from ticketing.conversations.service import UnknownConversation
from ticketing.desk import rows
from ticketing.desk.api import TALK
from ticketing.desk.schemas import ConversationRowOut, EndIn, TakeIn, TransferIn
from ticketing.desk.talks import SeenTalk, row_out
from ticketing.handoffs import service as handoffs
from ticketing.handoffs.service import NotInYourHands, NowhereToGo, Passing, TakenByAnother
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, SessionDep, may_raise

router = APIRouter(prefix="/api", tags=["desk"], responses=may_raise(NotSignedIn, NotAllowed))
_HANDS = may_raise(UnknownConversation, TakenByAnother, NotInYourHands)
type _End = Callable[..., Awaitable[object]]


@dataclass(frozen=True)
class Deed:
    """Who does something to which conversation, and when."""

    session: AsyncSession
    id: uuid.UUID
    caller: Caller
    now: datetime

    async def shown(self) -> ConversationRowOut:
        """Return the conversation as it stands now."""
        await self.session.flush()
        [row] = await rows.by_ids(self.session, [self.id], self.now)
        return await row_out(self.session, row, self.caller)

    async def ended(self, end: _End, body: EndIn) -> ConversationRowOut:
        """End the hand-over in one of its ways; return the conversation as it stands then."""
        more = {"epoch": body.epoch, "agreed": body.agreed, "now": self.now}
        await end(self.session, self.id, self.caller.name, **more)
        return await self.shown()


async def _deed(
    row: SeenTalk, caller: MayTalkToCustomers, session: SessionDep, clock: ClockDep
) -> Deed:
    return Deed(session, row.id, caller, clock())


DeedDep = Annotated[Deed, Depends(_deed)]


@router.post(f"{TALK}/take", responses=_HANDS)
async def take(body: TakeIn, deed: DeedDep) -> ConversationRowOut:
    """Take a waiting conversation, or one held by the bot."""
    await handoffs.take(deed.session, deed.id, deed.caller.name, body.epoch, deed.now)
    return await deed.shown()


@router.post(f"{TALK}/decline", responses=_HANDS)
async def decline(_body: TakeIn, deed: DeedDep) -> ConversationRowOut:
    """Let an offered conversation go to somebody else."""
    await handoffs.decline(deed.session, deed.id, deed.caller.name, deed.now)
    return await deed.shown()


@router.post(f"{TALK}/put-back", responses=_HANDS)
async def put_back(body: TakeIn, deed: DeedDep) -> ConversationRowOut:
    """Put a taken conversation back into its queue (undo of taking)."""
    await handoffs.put_back(deed.session, deed.id, deed.caller.name, body.epoch, deed.now)
    return await deed.shown()


@router.post(f"{TALK}/transfer", responses=_HANDS | may_raise(NowhereToGo))
async def transfer(body: TransferIn, deed: DeedDep) -> ConversationRowOut:
    """Give a conversation to a person or a queue, with a note."""
    if (body.to_agent is None) == (body.to_queue is None):
        raise NowhereToGo("请选一个接手的人，或者一个队列")
    to = Passing(body.to_agent, body.to_queue, body.note)
    await handoffs.transfer(
        deed.session, deed.id, deed.caller.name, epoch=body.epoch, to=to, now=deed.now
    )
    return await deed.shown()


@router.post(f"{TALK}/take-over", responses=_HANDS)
async def take_over(_lead: MayLead, body: TakeIn, deed: DeedDep) -> ConversationRowOut:
    """Take a conversation from whoever holds it, bot or person."""
    await handoffs.take_over(deed.session, deed.id, deed.caller.name, body.epoch, deed.now)
    return await deed.shown()


@router.post(f"{TALK}/give-back", responses=_HANDS)
async def give_back(body: EndIn, deed: DeedDep) -> ConversationRowOut:
    """Give a conversation back to the bot, which is told what was agreed."""
    return await deed.ended(handoffs.give_back, body)


@router.post(f"{TALK}/close", responses=_HANDS)
async def close(body: EndIn, deed: DeedDep) -> ConversationRowOut:
    """Close a conversation; the customer's next word opens it again, with the bot."""
    return await deed.ended(handoffs.close, body)
