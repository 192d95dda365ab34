"""What crosses the wire about routing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, Field

from ticketing.accounts.permissions import Permission, holds
from ticketing.accounts.schemas import Username
from ticketing.accounts.tokens import Caller
from ticketing.kernel.texts import clean
from ticketing.routing.by_hand import Deed
from ticketing.routing.choose import Status, Strategy
from ticketing.routing.layout import QueuePlan, TeamPlan
from ticketing.routing.models import Presence, RoutingLine, TeamMember
from ticketing.routing.presence import Arrival
from ticketing.tickets.models import Ticket, TicketStep

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=40)]
Note = Annotated[str, AfterValidator(clean), Field(max_length=2000)]
Word = Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=40)]
Words = Annotated[list[Word], Field(max_length=50)]


class QueueIn(BaseModel):
    """How a queue shall work."""

    label: Label
    role: Name
    team: Name
    strategy: Strategy = Strategy.LAST_AGENT_FIRST
    overflow: Name | None = None
    vip_reserve: Annotated[int, Field(ge=0, le=50)] = 0
    silent_minutes: Annotated[int, Field(ge=1, le=1440)] = 10
    chat_hours: Name | None = None
    accept_seconds: Annotated[int, Field(ge=5, le=600)] = 30
    answer_minutes: Annotated[int, Field(ge=1, le=120)] = 3
    warn_after_minutes: Annotated[int, Field(ge=1, le=1440)] = 10
    close_after_minutes: Annotated[int, Field(ge=1, le=1440)] = 5
    active: bool = True

    def plan(self, name: str) -> QueuePlan:
        """Return the queue of this name."""
        return QueuePlan(name=name, **self.model_dump())


class QueueOut(QueueIn):
    """A queue, and how many of its open steps wait and are assigned."""

    name: str
    waiting: int
    assigned: int

    @classmethod
    def of(cls, queue: QueuePlan, counts: tuple[int, int] = (0, 0)) -> Self:
        """Return the queue as it crosses the wire."""
        own = {name: getattr(queue, name) for name in ("name", *QueueIn.model_fields)}
        return cls(**own, waiting=counts[0], assigned=counts[1])


class MemberIn(BaseModel):
    """What somebody does in a team; no regions means every province."""

    skills: Words = []
    regions: Words = []
    capacity: Annotated[int, Field(ge=1, le=100)] = 10
    chats: Annotated[int, Field(ge=0, le=50)] = 5
    active: bool = True

    def member(self, team: str, username: str) -> TeamMember:
        """Return this person's place in this team."""
        return TeamMember(team=team, username=username, **self.model_dump())


class MemberOut(MemberIn):
    """Somebody in a team."""

    username: str

    @classmethod
    def of(cls, member: TeamMember) -> Self:
        """Return the member as they cross the wire."""
        return cls(**{name: getattr(member, name) for name in cls.model_fields})


class TeamIn(BaseModel):
    """A team and who leads it."""

    label: Label
    lead: Username | None = None


class TeamOut(BaseModel):
    """A team with its members."""

    name: str
    label: str
    lead: str | None
    members: list[MemberOut]

    @classmethod
    def of(cls, team: TeamPlan, members: Sequence[TeamMember] = ()) -> Self:
        """Return the team as it crosses the wire."""
        found = [MemberOut.of(member) for member in members]
        return cls(name=team.name, label=team.label, lead=team.lead, members=found)


class StatusIn(BaseModel):
    """What somebody present says of themselves."""

    status: Status = Status.AVAILABLE


class PresenceOut(BaseModel):
    """Somebody who is here until `lease_until` unless they say so again."""

    username: str
    display_name: str
    status: Status
    lease_until: datetime
    seen_at: datetime

    @classmethod
    def of(cls, presence: Presence, display_name: str) -> Self:
        """Return the presence as it crosses the wire."""
        own = {name: getattr(presence, name) for name in ("username", "lease_until", "seen_at")}
        return cls(**own, display_name=display_name, status=Status(presence.status))


class ArrivalOut(BaseModel):
    """The caller's lease, and how many waiting steps they were given as it began anew."""

    status: Status
    lease_until: datetime
    pulled: int

    @classmethod
    def of(cls, arrival: Arrival) -> Self:
        """Return the arrival as it crosses the wire."""
        presence = arrival.presence
        status = Status(presence.status)
        return cls(status=status, lease_until=presence.lease_until, pulled=len(arrival.pulled))


class StepDeedIn(BaseModel):
    """What the caller has seen, as far as they say so: anything else by now answers 409."""

    expected_assignee: Username | None = None
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    note: Note = ""

    def deed(self, ticket_no: str, step: str, caller: Caller) -> Deed:
        """Return who does what to which step."""
        said = "expected_assignee" in self.model_fields_set
        return Deed(
            ticket_no=ticket_no,
            step=step,
            by=caller.name,
            is_lead=holds(caller, Permission.LEAD),
            expects=(self.expected_assignee,) if said else (),
            seen=self.version,
            note=self.note,
        )


class AssignIn(StepDeedIn):
    """Whom to give a step to."""

    assignee: Username


class HandOverIn(StepDeedIn):
    """Which department to hand a step over to, and why."""

    queue: Name
    note: Annotated[Note, Field(min_length=1)]


class StepPlaceOut(BaseModel):
    """Where an open step is: in which queue, with whom."""

    ticket_no: str
    version: int
    step: str
    label: str
    role: str
    queue: str | None
    skill: str | None
    assignee: str | None
    entered_at: datetime
    due_at: datetime | None

    @classmethod
    def of(cls, step: TicketStep, ticket: Ticket) -> Self:
        """Return the step as it crosses the wire."""
        own = cls.model_fields.keys() - {"ticket_no", "version"}
        rest = {name: getattr(step, name) for name in own}
        return cls(ticket_no=ticket.ticket_no, version=ticket.version, **rest)


class RoutingLineOut(BaseModel):
    """Why a step went where it went: everybody looked at, and what was said of them."""

    at: datetime
    step: str
    by: str
    queue: str
    assignee: str | None
    why: str
    ranking: list[dict[str, Any]]

    @classmethod
    def of(cls, line: RoutingLine) -> Self:
        """Return the line as it crosses the wire."""
        return cls(**{name: getattr(line, name) for name in cls.model_fields})


class RoutingLogOut(BaseModel):
    """A page of a ticket's routing, newest first; `next_cursor` is null on the last page."""

    lines: list[RoutingLineOut]
    next_cursor: str | None
