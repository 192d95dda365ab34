"""What a customer hears, and the story of a conversation in the order it happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Heard:
    """One message from our side."""

    seq: int
    author: str
    text: str
    buttons: tuple[str, ...] = ()
    card: Mapping[str, Any] | None = None

    @classmethod
    def of_rest(cls, shape: Mapping[str, Any]) -> Heard:
        """Read Rasa's REST shape, as the webhook and the messages door give it."""
        buttons = tuple(button["title"] for button in shape.get("buttons") or ())
        card = (shape.get("custom") or {}).get("card")
        facts = shape["metadata"]
        return cls(facts["seq"], facts["author"], shape["text"], buttons, card)

    @classmethod
    def of_socket(cls, shape: Mapping[str, Any]) -> Heard:
        """Read the payload of `bot_uttered`."""
        return cls.of_rest({**shape, "buttons": shape.get("quick_replies")})


@dataclass(frozen=True)
class Reply:
    """One or more messages read as one answer."""

    messages: tuple[Heard, ...]

    @property
    def text(self) -> str:
        """All that was said."""
        return "\n".join(message.text for message in self.messages)

    @property
    def buttons(self) -> tuple[str, ...]:
        """The titles of all buttons."""
        return tuple(title for message in self.messages for title in message.buttons)

    @property
    def cards(self) -> tuple[Mapping[str, Any], ...]:
        """Every card, in order."""
        return tuple(message.card for message in self.messages if message.card)

    @property
    def card(self) -> Mapping[str, Any]:
        """The one card of the answer."""
        assert len(self.cards) == 1, f"{len(self.cards)} cards beside: {self.text}"
        return self.cards[0]


Story = Sequence[str | Heard]
"""A conversation: what the customer wrote (str) and what they heard, in order."""
