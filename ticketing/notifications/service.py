"""The one way out: `send`."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation, Message
from ticketing.conversations.service import Utterance
from ticketing.kernel.masking import mask
from ticketing.notifications import repository

CHANNEL = repository.CHANNEL
"""The PostgreSQL channel that carries the id of a conversation with something new."""


async def send(
    session: AsyncSession,
    conversation: Conversation,
    utterance: Utterance,
    key: str,
    now: datetime,
    *,
    answers_seq: int | None = None,
) -> Message | None:
    """Say something to a customer, masked, once for each `key`; the conversation is locked.

    Returns the message, or nothing when this cause has spoken already.
    """
    seq = conversation.last_seq + 1
    if not await repository.claim(session, key, conversation.id, seq, now):
        return None
    safe = replace(utterance, text=mask(utterance.text), card=masked_card(utterance.card))
    message = await conversations.append(session, conversation, safe, now, answers_seq)
    await repository.signal(session, conversation.id)
    return message


def masked_card(card: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a card whose event texts name and number nobody."""
    if card is None or "events" not in card:
        return card
    events = [{**event, "text": mask(event["text"])} for event in card["events"]]
    return {**card, "events": events}
