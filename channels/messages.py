"""What every channel is asked to render."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Quoted:
    """The message another one replies to."""

    seq: int
    author: str
    text: str


@dataclass(frozen=True)
class OutMessage:
    """A message of a conversation; `seq` counts from 1 within it, `at` is aware UTC."""

    seq: int
    at: datetime
    author: str
    text: str
    buttons: tuple[dict[str, str], ...] = ()
    card: dict[str, Any] | None = field(default=None)
    message_id: str | None = None
    agent_name: str | None = None
    """Which of our people says it."""
    quoted: Quoted | None = None
    is_retracted: bool = False
    """Taken back: `text` says that it was, and nothing of it."""

    @property
    def extras(self) -> dict[str, Any]:
        """Return what only some messages have: `agent_name`, `quoted`, `retracted`."""
        known = {
            "agent_name": self.agent_name,
            "quoted": asdict(self.quoted) if self.quoted else None,
            "retracted": self.is_retracted or None,
        }
        return {name: value for name, value in known.items() if value is not None}
