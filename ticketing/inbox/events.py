"""Facts of the conversation's traffic."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from ticketing.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class HandOverEnded(Fact):
    """A person who spoke with a customer gave the conversation back."""

    conversation_id: uuid.UUID
    agent: str
