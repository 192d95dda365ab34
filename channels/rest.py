"""The shape of Rasa's own REST channel, so that any Rasa REST client works."""

from __future__ import annotations

from typing import Any

from channels.messages import OutMessage


def bot_message(recipient_id: str, message: OutMessage) -> dict[str, Any]:
    """Return `{"recipient_id", "text", "buttons"?, "custom"?, "metadata"}`.

    Source: `rasa.core.channels.channel.CollectingOutputChannel` of Rasa 3.6; `metadata` is ours
    and carries the number and the time of the message.
    """
    shape: dict[str, Any] = {"recipient_id": recipient_id, "text": message.text}
    if message.buttons:
        shape["buttons"] = list(message.buttons)
    if message.card:
        shape["custom"] = {"card": message.card}
    at = message.at.isoformat()
    told = {"seq": message.seq, "at": at, "author": message.author}
    return {**shape, "metadata": told | message.extras}
