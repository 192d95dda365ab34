"""The least a person needs to look after waiting conversations."""

from __future__ import annotations

import uuid

from fastapi import APIRouter

from ticketing.accounts.permissions import MayTalkToCustomers
from ticketing.conversations import service as conversations
from ticketing.conversations.service import UnknownConversation, Utterance
from ticketing.inbox.events import HandOverEnded
from ticketing.inbox.schemas import ConversationOut, ReplyIn
from ticketing.inbox.texts import say
from ticketing.kernel.errors import HouseError, NotAllowed, NotSignedIn
from ticketing.kernel.facts import announce
from ticketing.kernel.ids import new_id
from ticketing.kernel.web import ClockDep, SessionDep, may_raise
from ticketing.notifications import service as notifications

router = APIRouter(
    prefix="/api/conversations", tags=["desk"], responses=may_raise(NotSignedIn, NotAllowed)
)


class HeldByTheBot(HouseError):
    """The bot is speaking; a person takes the conversation first."""

    status, code = 409, "held_by_the_bot"

    def __init__(self) -> None:
        super().__init__("会话由智能助手接待中，不在人工队列里")


@router.get("")
async def waiting(_caller: MayTalkToCustomers, session: SessionDep) -> list[ConversationOut]:
    """Return who waits for a person or has one: the angry first, then the longest waiting."""
    found = await conversations.in_peoples_hands(session)
    return [ConversationOut.of(conversation) for conversation in found]


@router.post("/{conversation_id}/replies", responses=may_raise(UnknownConversation, HeldByTheBot))
async def reply(
    conversation_id: uuid.UUID,
    body: ReplyIn,
    caller: MayTalkToCustomers,
    session: SessionDep,
    clock: ClockDep,
) -> ConversationOut:
    """Speak to a waiting customer; the conversation is the speaker's from then on."""
    now = clock()
    conversation = await conversations.locked(session, conversation_id)
    if conversation.owner == "bot":
        raise HeldByTheBot
    if conversation.owner == "queue":
        await conversations.change_owner(session, conversation, "agent", now, caller.name)
    words = Utterance(body.text, author="agent")
    await notifications.send(session, conversation.id, words, f"reply:{new_id()}", now)
    return ConversationOut.of(conversation)


@router.post("/{conversation_id}/give-back", responses=may_raise(UnknownConversation))
async def give_back(
    conversation_id: uuid.UUID, caller: MayTalkToCustomers, session: SessionDep, clock: ClockDep
) -> ConversationOut:
    """Give a conversation back to the bot and tell the customer."""
    now = clock()
    conversation = await conversations.locked(session, conversation_id)
    was_spoken_to = conversation.owner == "agent"
    if conversation.owner != "bot":
        await conversations.change_owner(session, conversation, "bot", now)
        notice = Utterance(say("given_back"), author="system")
        key = f"given-back:{conversation.id}:{conversation.owner_epoch}"
        await notifications.send(session, conversation.id, notice, key, now)
    if was_spoken_to:
        fact = HandOverEnded(at=now, conversation_id=conversation.id, agent=caller.name)
        await announce(session, fact)
    return ConversationOut.of(conversation)
