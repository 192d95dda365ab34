"""What crosses the wire about tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, Field

from ticketing.kernel.texts import clean
from ticketing.tickets.cards import ticket_card
from ticketing.tickets.kinds import Priority
from ticketing.tickets.models import Ticket, TicketChange

Cleaned = Annotated[str, AfterValidator(clean)]
Filter = Annotated[str | None, Field(max_length=40, pattern=r"^[A-Za-z0-9_]*$")]
DetailName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
Details = Annotated[
    dict[DetailName, Annotated[Cleaned, Field(max_length=500)]], Field(max_length=20)
]
"""Single facts of a ticket by name: address, time, amount, phone, item …"""


class TicketIn(BaseModel):
    """A complaint that a person or a system files."""

    kind: Annotated[str, Field(max_length=40)]
    waybill_no: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    description: Annotated[Cleaned, Field(min_length=1, max_length=4000)]
    role: Literal["sender", "receiver", "other"] | None = None
    contact_phone: Annotated[Cleaned, Field(max_length=40)] | None = None
    urgent: bool = False
    details: Details = {}


class PageIn(BaseModel):
    """Which tickets are wanted, how many, and after which."""

    state: Literal["open", "paused", "resolved", "closed"] | None = None
    kind: Filter = None
    waybill_no: Filter = None
    priority: Priority | None = None
    cursor: Annotated[str | None, Field(max_length=200)] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50

    def filters(self) -> dict[str, str]:
        """Return what is asked for, by column."""
        columns = {"state", "kind", "waybill_no", "priority"}
        return {name: value for name, value in self.model_dump(include=columns).items() if value}


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
    waybill_no: str | None
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
        own = {"carrier_code": ticket.carrier_code, "closed_at": ticket.closed_at}
        return cls.model_validate({**card, **own})


class TicketDetailOut(TicketOut):
    """A ticket whole: the customer's words, the frozen shipment, the history."""

    role: str | None
    description: str
    words: list[str]
    contact_phone: str | None
    details: dict[str, str]
    snapshot: dict[str, Any]
    changes: list[ChangeOut]

    @classmethod
    def whole(cls, ticket: Ticket, changes: Sequence[TicketChange]) -> Self:
        """Return everything kept of a ticket."""
        head = TicketOut.of(ticket, changes).model_dump()
        told = ("role", "description", "words", "contact_phone", "details", "snapshot")
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
