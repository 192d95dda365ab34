"""What every channel is asked to render."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


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
