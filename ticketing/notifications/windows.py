"""Whether a customer can be reached in the chat itself, channel by channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ticketing.conversations.models import Conversation


def always(_conversation: Conversation, _now: datetime) -> bool:
    """What we say can be read whenever the customer looks."""
    return True


@dataclass(frozen=True)
class Reach:
    """`is_open`: whether the platform lets us speak now. `tells_seen`: whether it says what
    the customer has been shown; where it does not, nobody is reminded.
    """

    is_open: Callable[[Conversation, datetime], bool] = always
    tells_seen: bool = False


REACHES: Mapping[str, Reach] = {"web": Reach(tells_seen=True), "rest": Reach()}


def reach_of(channel: str) -> Reach:
    """Return what is known of a channel; of an unknown one nothing."""
    return REACHES.get(channel, Reach())
