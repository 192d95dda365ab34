"""What the bot says in one turn."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

Message = dict[str, Any]


class TurnOutput(OutputChannel):
    """Collects the messages of one turn; texts keep their blank lines."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    @classmethod
    def name(cls) -> str:
        """The channel's name in responses with variants by channel."""
        return "yiwen"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:  # noqa: ARG002
        """Take one bot utterance as a whole."""
        custom = message.get("custom") or {}
        self.messages.append(
            {
                "text": message.get("text") or "",
                "buttons": [
                    {"title": button["title"], "payload": button.get("payload") or button["title"]}
                    for button in message.get("buttons") or []
                ],
                "card": custom.get("card"),
            }
        )


def joined(messages: list[Message]) -> list[Message]:
    """As few messages as possible: a message holds one card at most, the last buttons count."""
    result: list[Message] = []
    for message in messages:
        if not result or (result[-1]["card"] and message["card"]):
            result.append(dict(message))
            continue
        last = result[-1]
        last["text"] = "\n\n".join(text for text in (last["text"], message["text"]) if text)
        last["buttons"] = message["buttons"] or last["buttons"]
        last["card"] = last["card"] or message["card"]
    return result
