"""Facts that tickets announce; steps are named by their rows (`ticket_steps.id`)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Literal

from ticketing.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class TicketFact(Fact):
    """Something that happened to a ticket."""

    ticket_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class TicketOpened(TicketFact):
    """A ticket was opened; `change_id` numbers the line in its history."""

    ticket_no: str
    change_id: int
    entered: tuple[int, ...] = ()
    announcement: str = ""
    conversation_id: uuid.UUID | None = None


@dataclass(frozen=True, kw_only=True)
class TicketMovedOn(TicketFact):
    """Steps of a ticket were left and others entered.

    `announcement` is what the process wants the customer to be told; it may be empty.
    """

    change_id: int
    step_done: str
    announcement: str
    left: tuple[int, ...] = ()
    entered: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TicketResponded(TicketFact):
    """A person did something about a ticket for the first time."""


@dataclass(frozen=True, kw_only=True)
class TicketResolved(TicketFact):
    """A ticket's solution is carried out; it is not closed yet."""


@dataclass(frozen=True, kw_only=True)
class TicketClosed(TicketFact):
    """A ticket is closed, however that came about."""

    ticket_no: str
    how: Literal["finished", "withdrawn", "merged"]


@dataclass(frozen=True, kw_only=True)
class TicketWithdrawn(TicketFact):
    """The customer of a conversation took a ticket back; its process is over."""

    conversation_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class TicketReopened(TicketFact):
    """A closed ticket is worked on again, from the start of its process."""

    ticket_no: str
    change_id: int
    reason: str
    entered: tuple[int, ...] = ()
    conversation_id: uuid.UUID | None = None
    """The chat that asked for it, and is told so as the answer."""


@dataclass(frozen=True, kw_only=True)
class TicketGoesOnElsewhere(TicketFact):
    """A closed ticket was wanted again, and another one takes the matter up; it is at `version`."""

    ticket_no: str
    other_id: uuid.UUID
    other_no: str
    version: int


@dataclass(frozen=True, kw_only=True)
class TicketsMerged(TicketFact):
    """A ticket is part of another one from now on; `ticket_id` is the one that ended."""

    ticket_no: str
    into_id: uuid.UUID
    into_no: str


@dataclass(frozen=True, kw_only=True)
class TicketSplit(TicketFact):
    """A part of a ticket became one of its own; `ticket_id` is the new one, or the one it joined.

    `change_id` numbers the line in the history of that one.
    """

    ticket_no: str
    change_id: int
    from_id: uuid.UUID
    from_no: str


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(TicketFact):
    """A step was given to a queue and perhaps a person."""

    step_id: int
    queue: str | None
    assignee: str | None
    before: str | None
    by: str
    why: str


@dataclass(frozen=True, kw_only=True)
class TicketPriorityChanged(TicketFact):
    """A ticket became more or less urgent."""

    before: str
    after: str
