"""The web chat's language: Rasa's Socket.IO event names and shapes, with numbers added.

Source: `rasa.core.channels.socketio.SocketIOOutput` of Rasa 3.6.
"""

from __future__ import annotations

from typing import Any

from channels.messages import OutMessage


def bot_uttered(message: OutMessage) -> dict[str, Any]:
    """Return the payload of `bot_uttered`: `{"text", "quick_replies"?, "custom"?, "metadata"}`.

    `metadata`: `seq`, `at`, `author`, and where there is one `agent_name` and `quoted`.
    """
    shape: dict[str, Any] = {"text": message.text}
    if message.buttons:
        shape["quick_replies"] = [{"content_type": "text", **b} for b in message.buttons]
    if message.card:
        shape["custom"] = {"card": message.card}
    at = message.at.isoformat()
    told = {"seq": message.seq, "at": at, "author": message.author}
    return {**shape, "metadata": told | message.extras}


def history_item(message: OutMessage) -> dict[str, Any]:
    """Return one message of `history`, the customer's own ones included."""
    return {
        "seq": message.seq,
        "at": message.at.isoformat(),
        "author": message.author,
        "text": message.text,
        "buttons": list(message.buttons),
        "card": message.card,
        "message_id": message.message_id,
        **message.extras,
    }
