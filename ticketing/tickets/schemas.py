"""What crosses the wire about tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, Field

from ticketing.kernel.texts import clean
from ticketing.tickets.cards import ticket_card
from ticketing.tickets.models import Ticket, TicketChange

Cleaned = Annotated[str, AfterValidator(clean)]


class TicketIn(BaseModel):
    """A complaint that a person or a system files."""

    kind: Annotated[str, Field(max_length=40)]
    waybill_no: Annotated[str, Field(min_length=1, max_length=64)]
    description: Annotated[Cleaned, Field(min_length=1, max_length=4000)]
    role: Literal["sender", "receiver", "other"] | None = None
    contact_phone: Annotated[Cleaned, Field(max_length=40)] | None = None


class StepIn(BaseModel):
    """What was done in a step, for the history."""

    note: Annotated[Cleaned, Field(max_length=2000)] = ""


class ChangeOut(BaseModel):
    """One line of a ticket's history."""

    at: datetime
    by: str
    what: str
    facts: dict[str, Any]


class TicketOut(BaseModel):
    """A ticket with its steps."""

    ticket_no: str
    kind: str
    kind_label: str
    priority: str
    state: str
    state_label: str
    waybill_no: str
    carrier_code: str | None
    carrier_name: str
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    steps: list[dict[str, Any]]

    @classmethod
    def of(cls, ticket: Ticket, changes: Sequence[TicketChange]) -> Self:
        """Return the ticket as it crosses the wire."""
        card = ticket_card(ticket, changes)
        own = {"priority": ticket.priority, "carrier_code": ticket.carrier_code}
        return cls.model_validate({**card, **own, "closed_at": ticket.closed_at})


class TicketDetailOut(TicketOut):
    """A ticket whole: the customer's words, the frozen shipment, the history."""

    role: str | None
    description: str
    words: list[str]
    contact_phone: str | None
    snapshot: dict[str, Any]
    changes: list[ChangeOut]

    @classmethod
    def whole(cls, ticket: Ticket, changes: Sequence[TicketChange]) -> Self:
        """Return everything kept of a ticket."""
        head = TicketOut.of(ticket, changes).model_dump()
        told = ("role", "description", "words", "contact_phone", "snapshot")
        lines = [{"at": c.at, "by": c.by, "what": c.what, "facts": c.facts} for c in changes]
        rest = {name: getattr(ticket, name) for name in told}
        return cls.model_validate({**head, **rest, "changes": lines})


class FiledTicketOut(BaseModel):
    """Where the complaint ended up: a ticket `opened` or `joined`."""

    outcome: str
    ticket: TicketOut


class TicketPageOut(BaseModel):
    """A page of tickets, newest first; `next_cursor` is null on the last page."""

    tickets: list[TicketOut]
    next_cursor: str | None
