"""Facts that accounts announce."""

from __future__ import annotations

from dataclasses import dataclass

from ticketing.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Fact):
    """Somebody may no longer sign in; what they had in hand is free."""

    username: str
