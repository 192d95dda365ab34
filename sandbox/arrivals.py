"""What reached somebody: messages to robots, phones, mailboxes and webhooks."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.faults import Provider

MOST = 1000


@dataclass(frozen=True)
class Arrival:
    """One message; `to` is a robot, number, address or subscriber, `detail` the provider's own."""

    provider: Provider
    at: datetime
    to: str
    text: str
    title: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


class ArrivalBook:
    """The newest messages, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[Arrival] = deque(maxlen=MOST)

    def note(self, arrival: Arrival) -> None:
        """Keep a message."""
        self._kept.append(arrival)

    def listing(self, provider: Provider | None = None) -> tuple[Arrival, ...]:
        """What arrived, of one provider if asked for."""
        return tuple(a for a in self._kept if provider in (None, a.provider))

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
