"""Reaching a customer: in the chat first, by SMS when they do not look."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from channels.messages import OutMessage
from ticketing.conversations import service as conversations
from ticketing.conversations.service import Utterance
from ticketing.kernel import jobs
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.notifications import posting, service, setup
from ticketing.notifications.addresses import mobile_of_ticket
from ticketing.notifications.manners import Channel
from ticketing.notifications.posting import Item
from ticketing.notifications.setup import CUSTOMER_UNSEEN
from ticketing.notifications.windows import reach_of

JOB = "remind_customer"


async def reach_customer(
    session: AsyncSession,
    conversation_id: uuid.UUID,
    utterance: Utterance,
    key: str,
    now: datetime,
    *,
    urgent: bool = False,
) -> OutMessage | None:
    """Say something in the chat, once for each `key`, and see to it that it is noticed.

    Where a manager has routed `customer_unseen` to SMS, the ticket's number goes to the phone
    the customer left with it, if they have not been shown the message after the route's delay,
    or at once where the platform does not let us speak now. Returns as `service.send` does.
    """
    said = await service.send(session, conversation_id, utterance, key, now)
    ticket_no = (utterance.card or {}).get("ticket_no")
    if said is None or not ticket_no:
        return said
    routes = await setup.routes_for(session, CUSTOMER_UNSEEN, level=0)
    if not routes:
        return said
    conversation = await conversations.known(session, conversation_id)
    reach = reach_of(conversation.channel)
    is_open = reach.is_open(conversation, now)
    if is_open and not reach.tells_seen:
        return said
    args = {
        "conversation_id": str(conversation_id),
        "seq": said.seq,
        "ticket_no": str(ticket_no),
        "urgent": urgent,
    }
    delay = min(timedelta(seconds=route.delay_seconds) for route in routes)
    await jobs.defer(session, JOB, args, at=now + delay if is_open else now)
    return said


async def remind(db: Database, clock: Clock, **args: Any) -> None:
    """Send an SMS about a message the customer has still not been shown.

    One for each spell of not looking, however much is said meanwhile.
    """
    now, ticket_no = clock(), args["ticket_no"]
    async with db.transaction() as session:
        conversation = await conversations.known(session, uuid.UUID(args["conversation_id"]))
        if conversation.delivered_seq >= args["seq"]:
            return
        if await mobile_of_ticket(session, ticket_no) is None:
            return
        item = Item(
            channel=Channel.SMS,
            recipient=f"ticket:{ticket_no}",
            fact=f"unseen:{ticket_no}:{conversation.id}:{conversation.delivered_seq}",
            event=CUSTOMER_UNSEEN,
            template=CUSTOMER_UNSEEN,
            variables={"ticket_no": ticket_no},
            ticket_no=ticket_no,
            level=1,
            urgent=args["urgent"],
        )
        await posting.post(session, [item], now)
