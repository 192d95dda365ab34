"""What crosses the wire about a conversation's traffic."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, Field

from ticketing.inbox.tracking import Answer
from ticketing.kernel.texts import clean
from ticketing.tickets.schemas import Details

Cleaned = Annotated[str, AfterValidator(clean)]
Short = Annotated[Cleaned, Field(max_length=200)]
PhoneTail = Annotated[str, Field(pattern=r"^[0-9]{4}$")]
WaybillNo = Annotated[str, Field(min_length=1, max_length=64)]
Sentence = Annotated[Cleaned, Field(max_length=4000)]


class RestMessageIn(BaseModel):
    """A customer's message as Rasa's REST channel takes it; `message_id` makes it idempotent."""

    sender: Annotated[Cleaned, Field(min_length=1, max_length=200)]
    message: Annotated[str, Field(max_length=20_000)] = ""
    message_id: Annotated[Cleaned, Field(min_length=1, max_length=200)] | None = None


class BotMessageOut(BaseModel):
    """What was said to the customer, in the shape of Rasa's REST channel."""

    recipient_id: str
    text: str
    buttons: list[dict[str, str]] | None = None
    custom: dict[str, Any] | None = None
    metadata: dict[str, Any]


class TrackIn(BaseModel):
    """The bot asks for a parcel on behalf of a customer."""

    message_id: Short
    waybill_no: WaybillNo
    phone_tail: PhoneTail | None = None
    carrier_code: Short | None = None


class TrackOut(BaseModel):
    """As much of the parcel as the customer has shown a right to."""

    outcome: str
    disclosure: str
    shipment: dict[str, Any] | None
    tries_left: int | None
    unverifiable: bool

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Return the answer as it crosses the wire."""
        return cls(
            outcome=answer.outcome,
            disclosure=answer.disclosure,
            shipment=answer.shipment,
            tries_left=answer.tries_left,
            unverifiable=answer.unverifiable,
        )


class ComplaintIn(BaseModel):
    """The bot files a complaint or a wish for a customer; some kinds need no parcel."""

    message_id: Short
    kind: Short
    waybill_no: WaybillNo | None = None
    phone_tail: PhoneTail | None = None
    role: Literal["sender", "receiver", "other"] | None = None
    description: Sentence
    words: Annotated[list[Sentence], Field(max_length=50)] = []
    contact_phone: Short | None = None
    urgent: bool = False
    intent: Annotated[str, Field(max_length=60, pattern=r"^[a-z_]+$")] | None = None
    mood: Literal["anger", "threat"] | None = None
    details: Details = {}


class FiledOut(BaseModel):
    """Where the complaint ended up: a ticket `opened`, `joined` or `reopened`."""

    outcome: str
    ticket: dict[str, Any]


class ProgressIn(BaseModel):
    """The bot asks how tickets stand."""

    message_id: Short
    ticket_no: Short | None = None
    waybill_no: WaybillNo | None = None
    phone_tail: PhoneTail | None = None


class ProgressOut(BaseModel):
    """Ticket cards, newest first."""

    outcome: str
    tickets: list[dict[str, Any]] = []
    tries_left: int | None = None


class OwnTicketIn(BaseModel):
    """A customer means a ticket of theirs; without a number the only one that is going on."""

    message_id: Short
    ticket_no: Short | None = None


class EvidenceIn(OwnTicketIn):
    """A customer adds something to a ticket."""

    words: Annotated[
        list[Annotated[Cleaned, Field(min_length=1, max_length=4000)]],
        Field(min_length=1, max_length=50),
    ]


class OwnTicketsOut(BaseModel):
    """What became of it, and the cards of the tickets concerned, newest first."""

    outcome: Literal["withdrawn", "added", "none", "several", "unknown_ticket", "already_closed"]
    tickets: list[dict[str, Any]] = []


class HandoffIn(BaseModel):
    """The bot asks for a person."""

    message_id: Short
    reason: Literal["asked", "not_understood", "anger", "rule"]


class HandoffOut(BaseModel):
    """The place in the queue, counted from 1, and what the customer is to be told of it.

    `after_hours`: nobody is at work, the customer is asked to leave a message.
    """

    outcome: Literal["queued", "after_hours"] = "queued"
    position: int
    told: str


class PromiseIn(BaseModel):
    """The bot promises to come back with an answer about a parcel."""

    message_id: Short
    waybill_no: WaybillNo
    phone_tail: PhoneTail | None = None


class PromiseOut(BaseModel):
    """The promise is on record."""

    outcome: str = "promised"
