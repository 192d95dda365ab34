"""Facts of hand-overs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from ticketing.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class HandoffAsked(Fact):
    """A conversation waits for a person."""

    conversation_id: uuid.UUID
    handoff_id: int
    queue: str
    reason: str
    priority: str


@dataclass(frozen=True, kw_only=True)
class HandoffTaken(Fact):
    """A person holds a conversation from now on; `before` is who held it until then."""

    conversation_id: uuid.UUID
    handoff_id: int
    agent: str
    before: str | None = None


@dataclass(frozen=True, kw_only=True)
class HandoffPassedOn(Fact):
    """A conversation waits for somebody else: a person (`to_agent`), or anybody of a queue."""

    conversation_id: uuid.UUID
    handoff_id: int
    by: str
    to_agent: str | None
    to_queue: str
    note: str


@dataclass(frozen=True, kw_only=True)
class HandOverEnded(Fact):
    """A conversation is out of people's hands; `has_spoken` tells whether anybody of us wrote."""

    conversation_id: uuid.UUID
    handoff_id: int
    agent: str | None
    outcome: str
    has_spoken: bool
