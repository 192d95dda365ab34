"""What a customer hears who writes while people have the conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from channels.messages import OutMessage
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation
from ticketing.conversations.service import Received, Utterance
from ticketing.handoffs import asking, texts
from ticketing.handoffs import service as handoffs
from ticketing.handoffs.words import beside_taking_it_back, takes_it_back
from ticketing.inbox.texts import say
from ticketing.notifications import service as notifications

ACK_EVERY = timedelta(minutes=2)


@dataclass(frozen=True)
class Acknowledged:
    """What was said to a message, and which of its words the bot is to answer."""

    said: OutMessage | None = None
    for_the_bot: str = ""


async def acknowledge(
    session: AsyncSession, received: Received, words: str, now: datetime
) -> Acknowledged:
    """Tell a customer who writes to a person that it was received, now and then.

    Who waits, and does not want a person any more, goes on with the bot.
    """
    conversation = await conversations.locked(session, received.conversation_id)
    if conversation.owner == "queue" and takes_it_back(words):
        await handoffs.withdraw(session, conversation, now)
        said = await _tell(session, conversation, received, texts.say("withdrawn"), now)
        return Acknowledged(said, beside_taking_it_back(words))
    if conversation.owner == "queue":
        stands = await asking.news_of_place(session, conversation, words, now)
        text = texts.place("still_queued", stands.position, stands.wait) if stands else ""
    else:
        has_answer = await handoffs.has_spoken(session, conversation)
        text = "" if has_answer else say("agent_ack")
    said = await _tell(session, conversation, received, text, now) if text else None
    return Acknowledged(said)


async def _tell(
    session: AsyncSession,
    conversation: Conversation,
    received: Received,
    text: str,
    now: datetime,
) -> OutMessage | None:
    about = received.seq
    if conversation.owner == "agent":
        about = int(now.timestamp() // ACK_EVERY.total_seconds())
    key = f"ack:{conversation.id}:{conversation.owner_epoch}:{about}"
    notice = Utterance(text, author="system")
    return await notifications.send(
        session, conversation.id, notice, key, now, answers_seq=received.seq
    )
