"""Facts that routing announces."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from ticketing.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class StepHandedOver(Fact):
    """Somebody gave a step to another department; `version` is the ticket's after that."""

    ticket_id: uuid.UUID
    version: int
    department: str
    """The role that is to do it now, one of `workflow.process.ROLES`."""
