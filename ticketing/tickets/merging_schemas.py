"""What crosses the wire when tickets are merged, split, tied together or opened again."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from ticketing.tickets.links import Relation
from ticketing.tickets.schemas import Cleaned, TicketOut

Number = Annotated[str, Field(pattern=r"^[Tt][0-9]{14}$")]
Seen = Annotated[int, Field(ge=1, le=2_000_000_000)] | None
"""The version of the ticket the caller looked at; another one is a conflict."""


class MergeIn(BaseModel):
    """The ticket that goes on."""

    into: Number
    version: Seen = None


class SplitIn(BaseModel):
    """What becomes a ticket of its own: these words, as this kind, about this parcel."""

    kind: Annotated[str, Field(max_length=40)]
    waybill_no: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    words: Annotated[
        list[Annotated[Cleaned, Field(min_length=1, max_length=4000)]],
        Field(min_length=1, max_length=20),
    ]
    version: Seen = None


class ReopenIn(BaseModel):
    """Why a closed ticket is wanted again."""

    reason: Annotated[Cleaned, Field(min_length=1, max_length=2000)]
    version: Seen = None


class LinkIn(BaseModel):
    """How a ticket belongs to another one: the other is its parent, its cause, the same."""

    other: Number
    relation: Relation


class MergedOut(BaseModel):
    """The ticket that ended, and the one that goes on."""

    ticket_no: str
    into: TicketOut


class SplitOut(BaseModel):
    """Where the part ended up: a ticket `opened` or `joined`."""

    outcome: str
    ticket: TicketOut


class ReopenedOut(BaseModel):
    """The ticket that is worked on from now on; `is_new`: it was opened for this."""

    is_new: bool
    ticket: TicketOut
