"""What crosses the wire about tickets."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, Field

from ticketing.kernel.texts import clean
from ticketing.rules.service import Decision
from ticketing.tickets.advice import Advice
from ticketing.tickets.cards import ticket_card
from ticketing.tickets.kinds import Priority
from ticketing.tickets.models import TicketChange, TicketStep
from ticketing.tickets.views import TicketView

Cleaned = Annotated[str, AfterValidator(clean)]
Filter = Annotated[str | None, Field(max_length=40, pattern=r"^[A-Za-z0-9_]*$")]
DetailName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
Details = Annotated[
    dict[DetailName, Annotated[Cleaned, Field(max_length=500)]], Field(max_length=20)
]
"""Single facts of a ticket by name: address, time, amount, phone, item …"""


class TicketIn(BaseModel):
    """A complaint that a person or a system files; without a kind the table of kinds decides."""

    kind: Annotated[str, Field(max_length=40)] | None = None
    intent: Annotated[str, Field(max_length=60, pattern=r"^[a-z_]+$")] | None = None
    waybill_no: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    description: Annotated[Cleaned, Field(min_length=1, max_length=4000)]
    role: Literal["sender", "receiver", "other"] | None = None
    contact_phone: Annotated[Cleaned, Field(max_length=40)] | None = None
    urgent: bool = False
    vip: bool = False
    details: Details = {}


class StepIn(BaseModel):
    """What was done in a step: a note for the history, and its form filled in.

    `version` is the version of the ticket the caller looked at; another one is a conflict.
    """

    note: Annotated[Cleaned, Field(max_length=2000)] = ""
    data: Annotated[dict[Annotated[str, Field(max_length=60)], Any], Field(max_length=60)] = {}
    version: Annotated[int, Field(ge=1, le=2_000_000_000)] | None = None


class SendBackIn(BaseModel):
    """To which earlier step a step goes back, and why."""

    to: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
    reason: Annotated[Cleaned, Field(min_length=1, max_length=2000)]
    version: Annotated[int, Field(ge=1, le=2_000_000_000)] | None = None


class PriorityIn(BaseModel):
    """How urgent a ticket is from now on."""

    priority: Priority
    version: Annotated[int, Field(ge=1, le=2_000_000_000)] | None = None


class NoteIn(BaseModel):
    """Something worth knowing, for our people only."""

    text: Annotated[Cleaned, Field(min_length=1, max_length=4000)]


class ToldAnswerOut(BaseModel):
    """A question of a form and its answer, in words."""

    label: str
    value: str


class ChangeOut(BaseModel):
    """One line of a ticket's history; `answers`: what was filled in with it, in words."""

    at: datetime
    by: str
    what: str
    facts: dict[str, Any]
    answers: list[ToldAnswerOut] = []


class OpenStepOut(BaseModel):
    """A step that somebody is to do now."""

    id: int
    step: str
    label: str
    role: str
    queue: str | None
    skill: str | None
    assignee: str | None
    form: str | None
    waits_for: str | None
    entered_at: datetime
    due_at: datetime | None

    @classmethod
    def of(cls, row: TicketStep) -> Self:
        """Return the step as it crosses the wire."""
        return cls.model_validate(row, from_attributes=True)


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
    severity: str
    red_flag: bool
    vip: bool
    region: str | None
    queue: str | None
    assignee: str | None
    due_at: datetime | None
    opened_at: datetime
    responded_at: datetime | None
    resolved_at: datetime | None
    updated_at: datetime
    closed_at: datetime | None
    reopened_count: int
    version: int
    steps: list[dict[str, Any]]
    open_steps: list[OpenStepOut]

    @classmethod
    def of(cls, view: TicketView) -> Self:
        """Return the ticket as it crosses the wire."""
        own = {name: getattr(view.ticket, name) for name in _OWN}
        todo = [OpenStepOut.of(step) for step in view.open_steps]
        return cls.model_validate({**ticket_card(view), **own, "open_steps": todo})


_OWN = (
    "carrier_code",
    "severity",
    "red_flag",
    "vip",
    "region",
    "queue",
    "assignee",
    "due_at",
    "responded_at",
    "resolved_at",
    "closed_at",
    "reopened_count",
    "version",
)


_TOLD = (
    "role",
    "description",
    "words",
    "contact_phone",
    "details",
    "snapshot",
    "process_id",
    "process_version",
)


class TicketDetailOut(TicketOut):
    """A ticket whole: the customer's words, the frozen shipment, its process, the history."""

    role: str | None
    description: str
    words: list[str]
    contact_phone: str | None
    details: dict[str, str]
    snapshot: dict[str, Any]
    process_id: str
    process_version: str
    changes: list[ChangeOut]

    @classmethod
    def whole(cls, view: TicketView) -> Self:
        """Return everything kept of a ticket."""
        head = TicketOut.of(view).model_dump()
        lines = [_line(view, change) for change in view.changes]
        rest = {name: getattr(view.ticket, name) for name in _TOLD}
        return cls.model_validate({**head, **rest, "changes": lines})


def _line(view: TicketView, change: TicketChange) -> dict[str, Any]:
    answers = [{"label": label, "value": value} for label, value in view.answers.get(change.id, ())]
    told = {name: getattr(change, name) for name in ("at", "by", "what", "facts")}
    return {**told, "answers": answers}


class WhyOut(BaseModel):
    """Which version of a table advised something, the rules that fired, and those in words."""

    table: str
    version: str
    fired: list[str]
    why: list[str]

    @classmethod
    def of(cls, decision: Decision) -> WhyOut:
        """Show a decision."""
        return cls(
            table=decision.table,
            version=decision.version,
            fired=list(decision.fired),
            why=decision.why,
        )


class AdviceOut(BaseModel):
    """What the tables advise: the usual compensation in yuan with its basis, and what to say.

    Each evaluation is kept: `GET /api/rules/evaluations?subject=` the ticket's number.
    """

    compensation: dict[str, Any]
    talking_points: list[str]
    why: list[WhyOut]

    @classmethod
    def of(cls, advice: Advice) -> AdviceOut:
        """Show an advice."""
        decided = (advice.compensation, advice.talking_points)
        return cls(
            compensation=advice.compensation.first,
            talking_points=advice.words,
            why=[WhyOut.of(each) for each in decided],
        )


class FiledTicketOut(BaseModel):
    """Where the complaint ended up: a ticket `opened`, `joined` or, closed before, `reopened`."""

    outcome: str
    ticket: TicketOut
