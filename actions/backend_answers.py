"""What ticketing answers to actions, as types. Unknown further fields are ignored."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict


class TrackOutcome(StrEnum):
    """How a look at a parcel ended."""

    FOUND = "found"
    NEED_PHONE_TAIL = "need_phone_tail"
    WRONG_PHONE_TAIL = "wrong_phone_tail"
    TOO_MANY_TRIES = "too_many_tries"
    UNKNOWN_WAYBILL = "unknown_waybill"
    UNKNOWN_CARRIER = "unknown_carrier"
    NO_EVENTS = "no_events"
    CARRIER_DOWN = "carrier_down"
    SLOW = "slow"


class Disclosure(StrEnum):
    """How much may be told: everything, or state and city to someone who has shown no digits."""

    FULL = "full"
    STATE_AND_CITY = "state_and_city"


class FilingOutcome(StrEnum):
    """Whether a report became a new ticket, joined an open one or opened a closed one again."""

    OPENED = "opened"
    JOINED = "joined"
    REOPENED = "reopened"


class ProgressOutcome(StrEnum):
    """How a question about tickets ended."""

    FOUND = "found"
    NONE = "none"
    UNKNOWN_TICKET = "unknown_ticket"
    NEED_PHONE_TAIL = "need_phone_tail"
    WRONG_PHONE_TAIL = "wrong_phone_tail"
    TOO_MANY_TRIES = "too_many_tries"


class TicketsOutcome(StrEnum):
    """How taking a ticket back, or adding something to it, ended."""

    WITHDRAWN = "withdrawn"
    ADDED = "added"
    NONE = "none"
    SEVERAL = "several"
    UNKNOWN_TICKET = "unknown_ticket"
    ALREADY_CLOSED = "already_closed"


class HandoffReason(StrEnum):
    """Why a conversation goes to people."""

    ASKED = "asked"
    NOT_UNDERSTOOD = "not_understood"
    ANGER = "anger"
    RULE = "rule"


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Scan(_Answer):
    """One event of a parcel."""

    at: datetime
    place: str = ""
    text: str = ""
    status: str | None = None


class ShipmentSeen(_Answer):
    """A parcel as far as it may be disclosed; without proof there are no scans."""

    waybill_no: str
    carrier_code: str | None = None
    carrier_name: str = ""
    status: str
    status_label: str
    city: str | None = None
    eta: datetime | None = None
    last_event: Scan | None = None
    events: tuple[Scan, ...] = ()
    is_problem: bool = False
    is_final: bool = False


class TrackAnswer(_Answer):
    """Answer to `track`; `tries_left` counts further attempts at the digits.

    `unverifiable`: digits were given, but neither ticketing nor the carrier can check them.
    """

    outcome: TrackOutcome
    disclosure: Disclosure = Disclosure.STATE_AND_CITY
    shipment: ShipmentSeen | None = None
    tries_left: int | None = None
    unverifiable: bool = False


class Step(_Answer):
    """A step of a ticket: done, current or waiting."""

    label: str
    state: str


class Ticket(_Answer):
    """A ticket; `card` is the whole of what ticketing sent, for the chat to draw."""

    ticket_no: str
    kind_label: str
    state: str = "open"
    state_label: str
    waybill_no: str | None = None
    steps: tuple[Step, ...] = ()
    card: dict[str, Any]

    @classmethod
    def of(cls, card: dict[str, Any]) -> "Ticket":
        """A ticket from its card. Raises pydantic's ValidationError."""
        return cls.model_validate({**card, "card": card})

    @property
    def is_open(self) -> bool:
        """Whether people are still at it."""
        return self.state in {"open", "paused"}

    @property
    def current_step(self) -> str:
        """Label of the step being worked on; the state where there is none."""
        current = (step.label for step in self.steps if step.state == "current")
        return next(current, self.state_label)


class FilingAnswer(_Answer):
    """Answer to `tickets`."""

    outcome: FilingOutcome
    ticket: Ticket


class ProgressAnswer(_Answer):
    """Answer to `ticket-progress`, newest ticket first."""

    outcome: ProgressOutcome
    tickets: tuple[Ticket, ...] = ()
    tries_left: int | None = None


class TicketsAnswer(_Answer):
    """Answer to `ticket-withdrawals` and `ticket-evidence`: the tickets concerned."""

    outcome: TicketsOutcome
    tickets: tuple[Ticket, ...] = ()


class HandoffAnswer(_Answer):
    """Answer to `handoff`: the place in the queue, from 1."""

    position: int
    told: str
    """What the customer is to be told: their place, or that nobody is at work."""
