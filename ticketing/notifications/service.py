"""The one way out: `send`."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from channels.messages import OutMessage
from ticketing.conversations import signals
from ticketing.conversations.service import Utterance
from ticketing.kernel.masking import mask
from ticketing.notifications import repository


async def signal(session: AsyncSession, conversation_id: uuid.UUID) -> None:
    """Tell every process, when this is committed, that a conversation has changed."""
    await signals.signal(session, conversation_id)


async def send(
    session: AsyncSession,
    conversation_id: uuid.UUID,
    utterance: Utterance,
    key: str,
    now: datetime,
    *,
    answers_seq: int | None = None,
) -> OutMessage | None:
    """Say something to a customer, masked, once for each `key`.

    Returns the message, or nothing when this cause has spoken already.
    """
    text, card = mask(utterance.text), masked_card(utterance.card)
    message = {
        "author": utterance.author,
        "text": text,
        "buttons": list(utterance.buttons),
        "card": card,
        "answers_seq": answers_seq,
        "said_by": utterance.said_by,
        "quoted_seq": utterance.quoted_seq,
    }
    seq = await repository.say(session, key, conversation_id, message, now)
    if seq is None:
        return None
    return OutMessage(seq, now, utterance.author, text, utterance.buttons, card)


def masked_card(card: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a card whose event texts name and number nobody."""
    if card is None or "events" not in card:
        return card
    events = [{**event, "text": mask(event["text"])} for event in card["events"]]
    return {**card, "events": events}
