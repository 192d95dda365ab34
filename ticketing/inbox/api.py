"""The REST channel: the shape of Rasa's own, for trusted systems."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query

from channels.rest import bot_message
from ticketing.accounts.permissions import TrustedSystem
from ticketing.conversations import service as conversations
from ticketing.conversations.service import Arriving
from ticketing.inbox.schemas import BotMessageOut, RestMessageIn
from ticketing.inbox.state import InboxDep
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.ids import new_id
from ticketing.kernel.texts import EmptyMessage, MessageTooLong, clean, customer_text
from ticketing.kernel.web import DatabaseDep, SessionDep, SettingsDep, may_raise

router = APIRouter(prefix="/webhooks/rest", tags=["rest channel"])

CHANNEL = "rest"
_WAIT_BEYOND_BOT = timedelta(seconds=2)


@router.get("/", responses=may_raise())
async def status() -> dict[str, str]:
    """Answer as Rasa's REST channel does."""
    return {"status": "ok"}


@router.post(
    "/webhook",
    response_model=list[BotMessageOut],
    response_model_exclude_none=True,
    responses=may_raise(EmptyMessage, MessageTooLong, NotSignedIn, NotAllowed),
)
async def webhook(
    body: RestMessageIn,
    caller: TrustedSystem,
    inbox: InboxDep,
    db: DatabaseDep,
    settings: SettingsDep,
) -> list[dict[str, Any]]:
    """Take a customer's message; answer what was said to it."""
    text = customer_text(body.message)
    external_id = body.message_id or str(new_id())
    arriving = Arriving(CHANNEL, customer_key(caller.name, body.sender), external_id, text)
    arrival = await inbox.receive(arriving)
    said = (*arrival.said, *await inbox.answer(arrival.turn))
    if arrival.received.is_new and arrival.is_answered_here:
        return [bot_message(body.sender, message) for message in said]
    await inbox.wait_for_answer(arrival.received, settings.bot_timeout + _WAIT_BEYOND_BOT)
    async with db.transaction() as session:
        answers = await conversations.answers_to(
            session, arrival.received.conversation_id, arrival.received.seq
        )
    return [bot_message(body.sender, message) for message in answers]


@router.get(
    "/messages",
    response_model=list[BotMessageOut],
    response_model_exclude_none=True,
    responses=may_raise(NotSignedIn, NotAllowed),
)
async def messages(
    sender: Annotated[str, Query(min_length=1, max_length=200)],
    caller: TrustedSystem,
    session: SessionDep,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> list[dict[str, Any]]:
    """Return what was said to a customer after a number (`metadata.seq`), oldest first."""
    conversation = await conversations.find(
        session, CHANNEL, customer_key(caller.name, clean(sender))
    )
    if conversation is None:
        return []
    found = await conversations.messages_after(session, conversation.id, after)
    return [bot_message(sender, m) for m in found if m.author != "customer"]


def customer_key(system: str, sender: str) -> str:
    """Return by what a system's customer is known here."""
    return f"{system}/{sender}"
