"""The conversation a route is about, as far as its caller may see it."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.permissions import MayTalkToCustomers
from ticketing.accounts.tokens import Caller
from ticketing.desk import rows
from ticketing.desk.overview import labels_of, row_for
from ticketing.desk.rows import Row
from ticketing.desk.schemas import ConversationRowOut
from ticketing.kernel.web import ClockDep, SessionDep
from ticketing.routing.service import current_layout


async def seen_talk(
    conversation_id: uuid.UUID, caller: MayTalkToCustomers, session: SessionDep, clock: ClockDep
) -> Row:
    """Return a conversation the caller may see; raise `UnknownConversation`."""
    return await row_for(session, caller, conversation_id, clock())


async def row_out(session: AsyncSession, row: Row, caller: Caller) -> ConversationRowOut:
    """Return a conversation as the lists show it to somebody."""
    marks = await rows.marks(session, [caller.name], [row.id])
    labels = labels_of(await current_layout(session))
    return ConversationRowOut.of(row, marks.get((caller.name, row.id), 0), labels)


SeenTalk = Annotated[Row, Depends(seen_talk)]
