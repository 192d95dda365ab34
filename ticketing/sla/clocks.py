"""Clocks of a ticket: which there are, how they are set, when they stop. No database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ticketing.sla import deadlines
from ticketing.sla.configuration import ALWAYS, Configuration
from ticketing.sla.deadlines import Limit, Pause, Pausing, Schedule
from ticketing.sla.models import SlaClock, SlaPause
from ticketing.sla.policies import Policy, Target
from ticketing.tickets.models import Ticket, TicketStep
from ticketing.workflow.process import Process

CUSTOMER, INTERNAL, TIMER = "customer", "internal", "timer"
CONFIRMATION_FORM = "confirm_solution"
PROCESS = "process"
"""Stands where a policy would, when the process itself says how long."""

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Sort:
    """A sort of clock: what it is called, whose promise it is, and which pauses it heeds."""

    clock: str
    audience: str
    pausing: Pausing
    target: str
    """The target of a policy that sets it."""


WHOLE_TICKET = (
    Sort("claim", INTERNAL, "all", "claim"),
    Sort("first_response", INTERNAL, "all", "first_response"),
    Sort("solution", INTERNAL, "all", "solution"),
    Sort("solution", CUSTOMER, "none", "promise"),
)


def for_ticket(config: Configuration, ticket: Ticket, now: datetime) -> list[SlaClock]:
    """Return the clocks that run for the whole of a ticket; those already met are left out."""
    policy = config.policy(ticket.kind, ticket.priority)
    wanted = [
        sort
        for sort in WHOLE_TICKET
        if sort.target in policy.targets
        and not (sort.clock == "first_response" and ticket.responded_at)
    ]
    clocks = [_new(ticket, sort, ticket.queue, now) for sort in wanted]
    for clock in clocks:
        set_target(clock, config, ticket, None)
    return clocks


def for_step(
    config: Configuration, ticket: Ticket, step: TicketStep, process: Process
) -> list[SlaClock]:
    """Return the clock of a step that was entered, if it has one, and its process's timers."""
    policy = config.policy(ticket.kind, ticket.priority)
    clocks = [_timer(ticket, step, t.name, t.after) for t in process.timers if t.step == step.step]
    sort = _sort_of(step)
    if _target_of_step(policy, sort, step):
        clock = _new(ticket, sort, step.queue or ticket.queue, step.entered_at)
        clock.step_id = step.id
        set_target(clock, config, ticket, step)
        clocks.append(clock)
    return clocks


def set_target(
    clock: SlaClock, config: Configuration, ticket: Ticket, step: TicketStep | None
) -> None:
    """Write what the policies and the process say now about a clock; timers stay as they are."""
    policy = config.policy(ticket.kind, ticket.priority)
    target = _target_of(policy, clock, step)
    if clock.clock == TIMER or target is None:
        return
    clock.calendar = target.calendar or config.of_queue(clock.queue).name
    clock.policy = PROCESS if target.rule == PROCESS else f"{config.table.version}:{target.rule}"
    clock.target_seconds = target.allowed // _SECOND
    clock.warn_seconds = policy.warning(target.allowed) // _SECOND
    clock.escalations = [[level.to, level.after // _SECOND] for level in policy.escalate]


def reschedule(
    clock: SlaClock, config: Configuration, pauses: Iterable[SlaPause], now: datetime
) -> None:
    """Write when a clock warns, runs out and is looked at next.

    What was announced for an end that is in the future again will be announced again.
    """
    times = schedule_of(clock, config, pauses)
    if clock.level and (times.due_at is None or times.due_at > now):
        clock.level, clock.breached_at = 0, None
    if clock.warned_at and times.warn_at and times.warn_at > now:
        clock.warned_at = None
    clock.warn_at, clock.due_at = times.warn_at, times.due_at
    following = deadlines.next_firing(times, warned=bool(clock.warned_at), level=clock.level)
    clock.next_at = following.at if following else None


def schedule_of(clock: SlaClock, config: Configuration, pauses: Iterable[SlaPause]) -> Schedule:
    """Return the times of a clock, as far as its next two levels."""
    return deadlines.schedule(limit_of(clock, config, pauses), clock.level + 2)


def limit_of(clock: SlaClock, config: Configuration, pauses: Iterable[SlaPause]) -> Limit:
    """Return what a clock promises, with the pauses it heeds."""
    heeded = deadlines.heeded((pause_of(row) for row in pauses), _pausing(clock))
    return Limit(
        clock.started_at,
        timedelta(seconds=clock.target_seconds),
        config.calendars.get(clock.calendar) or config.calendar(config.default),
        heeded,
        timedelta(seconds=clock.warn_seconds),
        tuple(timedelta(seconds=after) for _, after in clock.escalations),
    )


def pause_of(row: SlaPause) -> Pause:
    """Return the pause a row tells of."""
    return Pause(row.reason, row.started_at, row.ended_at)


def stop(clock: SlaClock, outcome: str, now: datetime) -> None:
    """Stop a clock that runs."""
    if clock.stopped_at is None:
        clock.stopped_at, clock.outcome, clock.next_at = now, outcome, None


def start_again(clocks: Sequence[SlaClock]) -> list[SlaClock]:
    """Let the last clocks of the solution go on, when they stopped because it was found."""
    last = {clock.audience: clock for clock in clocks if clock.clock == "solution"}
    again = [clock for clock in last.values() if clock.outcome == "resolved"]
    for clock in again:
        clock.stopped_at = clock.outcome = None
    return again


def is_running(clock: SlaClock) -> bool:
    """Tell whether a clock has not been stopped."""
    return clock.stopped_at is None


def earliest_due(clocks: Iterable[SlaClock]) -> datetime | None:
    """Return when the first of our own running limits ends."""
    ends = (
        clock.due_at
        for clock in clocks
        if is_running(clock) and clock.audience == INTERNAL and clock.clock != TIMER
    )
    return min((end for end in ends if end), default=None)


def waiting_for(steps: Sequence[TicketStep]) -> str | None:
    """Return why a ticket pauses: every open step waits for somebody who is not one of us."""
    waits = {step.waits_for for step in steps}
    if not steps or None in waits:
        return None
    return "waiting_customer" if CUSTOMER in waits else "waiting_carrier"


def _sort_of(step: TicketStep) -> Sort:
    # A wait has its own limit: it must run while the ticket is paused because of it.
    pausing: Pausing = "manual" if step.waits_for else "all"
    name = "confirmation" if step.form == CONFIRMATION_FORM else "step"
    return Sort(name, INTERNAL, pausing, name)


def _target_of(policy: Policy, clock: SlaClock, step: TicketStep | None) -> Target | None:
    if step is not None:
        return _target_of_step(policy, _sort_of(step), step)
    sort = next(
        (s for s in WHOLE_TICKET if (s.clock, s.audience) == (clock.clock, clock.audience)), None
    )
    return policy.targets.get(sort.target) if sort else None


def _target_of_step(policy: Policy, sort: Sort, step: TicketStep) -> Target | None:
    general = policy.targets.get(sort.target)
    if step.allowed_seconds:
        calendar = general.calendar if general else None
        return Target(timedelta(seconds=step.allowed_seconds), calendar, PROCESS)
    return general if sort.clock == "confirmation" else policy.for_step(step.step)


def _new(ticket: Ticket, sort: Sort, queue: str | None, now: datetime) -> SlaClock:
    return SlaClock(
        ticket_id=ticket.id,
        step_id=None,
        clock=sort.clock,
        audience=sort.audience,
        timer_name=None,
        queue=queue,
        pausing=sort.pausing,
        started_at=now,
        warned_at=None,
        breached_at=None,
        level=0,
        failures=0,
        stopped_at=None,
        outcome=None,
    )


def _timer(ticket: Ticket, step: TicketStep, name: str, after: timedelta) -> SlaClock:
    clock = _new(ticket, Sort(TIMER, INTERNAL, "none", TIMER), None, step.entered_at)
    clock.step_id, clock.timer_name = step.id, name
    clock.calendar, clock.policy = ALWAYS, PROCESS
    clock.target_seconds, clock.warn_seconds = after // _SECOND, 0
    clock.escalations = [["system", 0]]
    return clock


def _pausing(clock: SlaClock) -> Pausing:
    if clock.pausing == "all":
        return "all"
    return "manual" if clock.pausing == "manual" else "none"
