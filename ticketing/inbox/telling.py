"""Letting the bot know what happened while people held a conversation."""

from __future__ import annotations

import uuid
from typing import Any

from ticketing.handoffs import ending
from ticketing.handoffs.models import Handoff
from ticketing.inbox.bot import BotClient
from ticketing.kernel.clock import spoken
from ticketing.kernel.db import Database


async def tell_what_was_agreed(db: Database, bot: BotClient, **args: Any) -> None:
    """Tell the bot, unless it has been told; the job of it. Raises `BotFailed`: it is run again."""
    await tell(db, bot, uuid.UUID(args["conversation_id"]))


async def tell(db: Database, bot: BotClient, conversation_id: uuid.UUID) -> None:
    """Tell the bot what was agreed, and that a form it was in is over. Raises `BotFailed`."""
    async with db.transaction() as session:
        handoff = await ending.take_untold(session, conversation_id)
        if handoff is None:
            return
        slots = {"agreed": _agreed(handoff)} if handoff.agreed else {}
        await bot.tell(str(conversation_id), slots, handoff.agreed or "", is_over=True)


def _agreed(handoff: Handoff) -> dict[str, str]:
    return {"text": handoff.agreed or "", "at": spoken(handoff.ended_at or handoff.asked_at)}
