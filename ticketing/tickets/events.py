"""Facts that tickets announce."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from ticketing.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class TicketOpened(Fact):
    """A ticket was opened."""

    ticket_id: uuid.UUID
    ticket_no: str


@dataclass(frozen=True, kw_only=True)
class TicketMovedOn(Fact):
    """A step of a ticket was completed; `change_id` numbers the line in its history.

    `announcement` is what the process wants the customer to be told; it may be empty.
    """

    ticket_id: uuid.UUID
    change_id: int
    step_done: str
    announcement: str


@dataclass(frozen=True, kw_only=True)
class TicketWithdrawn(Fact):
    """The customer of a conversation took a ticket back; its process is over."""

    ticket_id: uuid.UUID
    conversation_id: uuid.UUID
