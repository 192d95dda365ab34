"""What crosses the wire about time limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, Field

from ticketing.sla import clocks, deadlines
from ticketing.sla.configuration import Configuration
from ticketing.sla.deadlines import Limit, Schedule
from ticketing.sla.explain import CLOCK_LABELS, explain
from ticketing.sla.hours import CalendarText
from ticketing.sla.models import SlaClock, SlaPause
from ticketing.sla.policies import CalendarName, PolicyRule
from ticketing.sla.service import Timed
from ticketing.tickets.kinds import Priority

Version = Annotated[int, Field(ge=0, le=2_000_000_000)]
QueueName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
_CENTURY = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
Start = Annotated[AwareDatetime, Field(ge=_CENTURY[0], lt=_CENTURY[1])]


class PoliciesIn(BaseModel):
    """A whole table of policies; `version` is the one the caller looked at."""

    version: Version
    rules: Annotated[tuple[PolicyRule, ...], Field(min_length=1, max_length=300)]


class PoliciesOut(BaseModel):
    """The table in force; version 0 is the shipped one."""

    version: int
    rules: tuple[PolicyRule, ...]
    warnings: list[str]

    @classmethod
    def of(cls, config: Configuration, now: datetime) -> Self:
        """Return the policies as they cross the wire."""
        notices = config.notices(tuple(config.calendars), now)
        return cls(version=config.table.version, rules=config.table.rules, warnings=notices)


class CalendarIn(CalendarText):
    """A calendar; `version` is the one the caller looked at, 0 for a new or a shipped one."""

    version: Version


class CalendarOut(CalendarText):
    """A calendar in force."""

    name: str
    version: int
    warnings: list[str]


class CalendarsOut(BaseModel):
    """Every calendar, and which queue works by which; the others by `default`."""

    calendars: list[CalendarOut]
    queues: dict[str, str]
    default: str
    warnings: list[str]

    @classmethod
    def of(cls, config: Configuration, now: datetime) -> Self:
        """Return the calendars as they cross the wire."""
        shown = [
            CalendarOut(
                **text.model_dump(),
                name=name,
                version=config.versions[name],
                warnings=config.notices((name,), now),
            )
            for name, text in sorted(config.texts.items())
        ]
        notices = config.notices(tuple(config.calendars), now)
        queues = dict(config.queues)
        return cls(calendars=shown, queues=queues, default=config.default, warnings=notices)


class QueueIn(BaseModel):
    """Which calendar a queue shall work by."""

    calendar: CalendarName


class PreviewIn(BaseModel):
    """A ticket that might be opened at `start` (now, when left out) in a queue."""

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
    priority: Priority = Priority.NORMAL
    queue: QueueName | None = None
    start: Start | None = None


class DayOut(BaseModel):
    """A day with other hours than its weekday."""

    day: date
    why: str
    works: bool


class PauseOut(BaseModel):
    """A pause, and the business seconds it took out of a limit so far."""

    reason: str
    started_at: datetime
    ended_at: datetime | None
    business_seconds: int


class LimitOut(BaseModel):
    """A time limit and how its end came about."""

    clock: str
    label: str
    audience: str
    policy: str
    calendar: str
    calendar_label: str
    started_at: datetime
    target_seconds: int
    warn_at: datetime | None
    due_at: datetime | None
    escalate_at: list[datetime | None]
    used_seconds: int
    remaining_seconds: int
    pauses: list[PauseOut]
    days: list[DayOut]
    warnings: list[str]
    explanation: str


class ClockOut(LimitOut):
    """A clock of a ticket."""

    id: int
    step_id: int | None
    timer_name: str | None
    level: int
    warned_at: datetime | None
    breached_at: datetime | None
    stopped_at: datetime | None
    outcome: str | None
    next_at: datetime | None


class TicketPauseOut(BaseModel):
    """A pause of a ticket."""

    reason: Literal["waiting_customer", "waiting_carrier", "manual"]
    started_at: datetime
    ended_at: datetime | None


class TicketClocksOut(BaseModel):
    """Every clock a ticket ever had, oldest first."""

    ticket_no: str
    due_at: datetime | None
    clocks: list[ClockOut]
    pauses: list[TicketPauseOut]

    @classmethod
    def of(cls, timed: Timed, now: datetime) -> Self:
        """Return the clocks as they cross the wire."""
        shown = [_clock_out(clock, timed.config, timed.pauses, now) for clock in timed.clocks]
        pauses = [TicketPauseOut.model_validate(p, from_attributes=True) for p in timed.pauses]
        ticket = timed.ticket
        return cls(ticket_no=ticket.ticket_no, due_at=ticket.due_at, clocks=shown, pauses=pauses)


class PreviewOut(BaseModel):
    """The limits a ticket would have, but for those its process gives its steps."""

    start: datetime
    limits: list[LimitOut]

    @classmethod
    def of(cls, config: Configuration, wanted: PreviewIn, now: datetime) -> Self:
        """Return the limits of a ticket that nobody opens."""
        start = (wanted.start or now).astimezone(UTC)
        policy = config.policy(wanted.kind, wanted.priority)
        limits = []
        for name, target in policy.targets.items():
            calendar = config.calendar(target.calendar or config.of_queue(wanted.queue).name)
            delays = tuple(level.after for level in policy.escalate)
            warning = policy.warning(target.allowed)
            limit = Limit(start, target.allowed, calendar, (), warning, delays)
            audience = clocks.CUSTOMER if name == "promise" else clocks.INTERNAL
            reference = f"{config.table.version}:{target.rule}"
            limits.append(LimitOut.model_validate(_shown(name, audience, reference, limit, start)))
        return cls(start=start, limits=limits)


def _clock_out(
    clock: SlaClock, config: Configuration, pauses: Sequence[SlaPause], now: datetime
) -> ClockOut:
    limit = clocks.limit_of(clock, config, pauses)
    shown = _shown(clock.clock, clock.audience, clock.policy, limit, clock.stopped_at or now)
    own = {name: getattr(clock, name) for name in ClockOut.model_fields if hasattr(clock, name)}
    return ClockOut.model_validate({**shown, **own})


def _shown(
    clock: str, audience: str, policy: str, limit: Limit, until: datetime
) -> dict[str, object]:
    times: Schedule = deadlines.schedule(limit)
    told = explain(limit, times.due_at, until)
    return {
        "clock": clock,
        "label": CLOCK_LABELS["promise" if audience == clocks.CUSTOMER else clock],
        "audience": audience,
        "policy": policy,
        "calendar": limit.calendar.name,
        "calendar_label": limit.calendar.label,
        "started_at": limit.started_at,
        "target_seconds": limit.target // timedelta(seconds=1),
        "warn_at": times.warn_at,
        "due_at": times.due_at,
        "escalate_at": list(times.levels),
        "used_seconds": told.used_seconds,
        "remaining_seconds": told.remaining_seconds,
        "pauses": [
            {
                "reason": pause.reason,
                "started_at": pause.started_at,
                "ended_at": pause.ended_at,
                "business_seconds": seconds,
            }
            for pause, seconds in told.pauses
        ],
        "days": [{"day": d.day, "why": d.why, "works": d.works} for d in told.days],
        "warnings": list(told.warnings),
        "explanation": told.text,
    }
