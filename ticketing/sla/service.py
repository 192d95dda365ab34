"""Verbs of time limits: start, move on, pause, stop, and what managers may change."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel import jobs
from ticketing.kernel.errors import HouseError
from ticketing.sla import clocks, repository
from ticketing.sla.calendars import Calendar
from ticketing.sla.configuration import Configuration, configuration, forget_configuration, load
from ticketing.sla.deadlines import MANUAL
from ticketing.sla.hours import CalendarText
from ticketing.sla.models import SlaClock, SlaPause
from ticketing.sla.policies import PolicyRefused, PolicyRule, checked
from ticketing.tickets import lookup, steps
from ticketing.tickets.history import Line, record
from ticketing.tickets.kinds import ticket_kinds
from ticketing.tickets.models import Ticket, TicketStep

RECOMPUTE = "recompute_sla"
_SOON = timedelta(seconds=4)
_SOLVED = frozenset({"resolved", "closed"})


class PoliciesChangedMeanwhile(HouseError):
    """Somebody else changed the policies after the caller read them."""

    status, code = 409, "policies_changed_meanwhile"

    def __init__(self, seen: int, current: int) -> None:
        super().__init__(
            "时限策略刚被别人更新过，请刷新后再试", seen_version=seen, current_version=current
        )


class CalendarChangedMeanwhile(HouseError):
    """Somebody else changed the calendar after the caller read it."""

    status, code = 409, "calendar_changed_meanwhile"

    def __init__(self, name: str, seen: int, current: int) -> None:
        super().__init__(
            "日历刚被别人更新过，请刷新后再试",
            calendar=name,
            seen_version=seen,
            current_version=current,
        )


class TooManyCalendars(HouseError):
    """Nobody needs so many calendars."""

    status, code = 422, "too_many_calendars"

    def __init__(self, limit: int) -> None:
        super().__init__(f"日历最多 {limit} 个", limit=limit)


class AlreadyPaused(HouseError):
    """The clocks of the ticket have been paused by hand."""

    status, code = 409, "already_paused"

    def __init__(self, ticket_no: str) -> None:
        super().__init__(f"工单 {ticket_no} 的计时已经暂停", ticket_no=ticket_no)


class NotPaused(HouseError):
    """Nobody has paused the clocks of the ticket by hand."""

    status, code = 409, "not_paused"

    def __init__(self, ticket_no: str) -> None:
        super().__init__(f"工单 {ticket_no} 的计时没有被人工暂停", ticket_no=ticket_no)


@dataclass(frozen=True)
class Timed:
    """A ticket's clocks and pauses, and what they are measured by."""

    ticket: Ticket
    config: Configuration
    clocks: Sequence[SlaClock]
    pauses: Sequence[SlaPause]


CALENDARS_LIMIT = 100


async def calendar_of_queue(session: AsyncSession, queue: str | None) -> Calendar:
    """Return the calendar a queue works by."""
    return (await configuration(session)).of_queue(queue)


async def timed(session: AsyncSession, ticket_no: str) -> Timed:
    """Return the clocks of a ticket, stopped ones included; raise `UnknownTicket`."""
    ticket = await lookup.ticket_by_no(session, ticket_no)
    return Timed(
        ticket,
        await configuration(session),
        await repository.clocks_of(session, (ticket.id,)),
        await repository.pauses_of(session, (ticket.id,)),
    )


async def start(
    session: AsyncSession, ticket: Ticket, entered: Sequence[int], now: datetime
) -> None:
    """Start the clocks of a ticket that was opened, or opened again, and of its first steps.

    Reads nothing but what the session knows already.
    """
    config = await configuration(session)
    rows = [await steps.step(session, step_id) for step_id in entered]
    begun = clocks.for_ticket(config, ticket, now)
    begun += await _clocks_of_steps(session, config, ticket, rows)
    if rows and all(row.assignee or row.waits_for for row in rows):
        _stop_all_of(begun, "claim", "claimed", now)
    reason = clocks.waiting_for(rows)
    pauses = [_pause(ticket, reason, now)] if reason else []
    for clock in begun:
        clocks.reschedule(clock, config, pauses, now)
    repository.add_clocks(session, ticket.id, begun)
    session.add_all(pauses)
    _show(ticket, rows, begun)


async def move_on(
    session: AsyncSession,
    ticket: Ticket,
    left: Sequence[int],
    entered: Sequence[int],
    now: datetime,
) -> None:
    """Stop the clocks of the steps that were left, start those of the steps entered."""
    config = await configuration(session)
    known = await repository.clocks_to_change(session, ticket.id)
    for clock in known:
        if clock.step_id in left:
            clocks.stop(clock, "left", now)
    rows = await steps.open_steps(session, ticket.id)
    new = await _clocks_of_steps(session, config, ticket, [r for r in rows if r.id in entered])
    pauses, changed = await _pause_or_go_on(session, ticket, rows, now)
    again = [] if ticket.state in _SOLVED else clocks.start_again(known)
    running = [clock for clock in (*known, *new) if clocks.is_running(clock)]
    for clock in running if changed else (*new, *again):
        clocks.reschedule(clock, config, pauses, now)
    repository.add_clocks(session, ticket.id, new)
    _show(ticket, rows, running)


async def assigned(
    session: AsyncSession, ticket: Ticket, step_id: int, assignee: str | None, now: datetime
) -> None:
    """Stop the clock of claiming when a person has it; a step runs by its queue's calendar."""
    if ticket.due_at is None and ticket.opened_at == now:
        # It is just being opened: its clocks will start with this assignee known.
        return
    config = await configuration(session)
    known = await repository.clocks_to_change(session, ticket.id)
    step = await steps.step(session, step_id)
    if assignee:
        _stop_all_of(known, "claim", "claimed", now)
    moved = [
        c
        for c in known
        if c.step_id == step_id and c.clock != clocks.TIMER and clocks.is_running(c)
    ]
    moved = [clock for clock in moved if clock.queue != (step.queue or ticket.queue)]
    pauses = await repository.pauses_of(session, (ticket.id,)) if moved else ()
    for clock in moved:
        clock.queue = step.queue or ticket.queue
        clocks.set_target(clock, config, ticket, step)
        clocks.reschedule(clock, config, pauses, now)
    _show(ticket, [step], known)


async def responded(session: AsyncSession, ticket: Ticket, now: datetime) -> None:
    """Stop the clock of the first response; whoever answers has taken the ticket up."""
    known = await repository.clocks_to_change(session, ticket.id)
    _stop_all_of(known, "first_response", "responded", now)
    _stop_all_of(known, "claim", "claimed", now)
    _show(ticket, (), known)


async def resolved(session: AsyncSession, ticket: Ticket, now: datetime) -> None:
    """Stop the clocks of the solution; they go on if the customer rejects it."""
    known = await repository.clocks_to_change(session, ticket.id)
    _stop_all_of(known, "solution", "resolved", now)
    _show(ticket, (), known)


async def closed(session: AsyncSession, ticket_id: uuid.UUID, now: datetime) -> None:
    """Stop everything that runs of a ticket."""
    await repository.stop_all(session, ticket_id, now)
    ticket = await lookup.ticket(session, ticket_id)
    ticket.due_at = None


async def retime(session: AsyncSession, ticket: Ticket, now: datetime) -> None:
    """Set the running clocks of a ticket anew, by what holds for it now."""
    config = await configuration(session)
    known = await repository.clocks_to_change(session, ticket.id)
    pauses = await repository.pauses_of(session, (ticket.id,))
    rows = {row.id: row for row in await steps.open_steps(session, ticket.id)}
    retime_all(config, ticket, [c for c in known if clocks.is_running(c)], pauses, rows, now=now)


def retime_all(
    config: Configuration,
    ticket: Ticket,
    running: Sequence[SlaClock],
    pauses: Sequence[SlaPause],
    rows: dict[int, TicketStep],
    *,
    now: datetime,
) -> None:
    """Set running clocks anew; `rows` are the open steps of the ticket by id."""
    for clock in running:
        step = rows.get(clock.step_id) if clock.step_id else None
        if clock.step_id is None or step is not None:
            clocks.set_target(clock, config, ticket, step)
            clocks.reschedule(clock, config, pauses, now)
    _show(ticket, rows.values(), running)


async def pause(session: AsyncSession, ticket_no: str, by: str, now: datetime) -> Timed:
    """Pause the clocks of a ticket by hand; raise `AlreadyPaused`, `TicketAlreadyClosed`."""
    ticket = await steps.to_work_on(session, ticket_no, None)
    if await _open_pause(session, ticket, MANUAL):
        raise AlreadyPaused(ticket.ticket_no)
    session.add(_pause(ticket, MANUAL, now))
    record(session, ticket, Line("sla_paused", by), now)
    await retime(session, ticket, now)
    return await timed(session, ticket_no)


async def resume(session: AsyncSession, ticket_no: str, by: str, now: datetime) -> Timed:
    """End the pause somebody made by hand; raise `NotPaused`, `TicketAlreadyClosed`."""
    ticket = await steps.to_work_on(session, ticket_no, None)
    row = await _open_pause(session, ticket, MANUAL)
    if row is None:
        raise NotPaused(ticket.ticket_no)
    row.ended_at = now
    record(session, ticket, Line("sla_resumed", by), now)
    await retime(session, ticket, now)
    return await timed(session, ticket_no)


async def put_policies(
    session: AsyncSession, rules: Sequence[PolicyRule], seen: int, by: str, now: datetime
) -> Configuration:
    """Put a table of policies in force; clocks that run follow it within seconds.

    Raises `PolicyRefused`, `PoliciesChangedMeanwhile`.
    """
    config = await load(session)
    _refuse_unknown(config, checked(rules))
    row = {
        "version": seen + 1,
        "rules": [rule.model_dump(mode="json", exclude_defaults=True) for rule in rules],
        "at": now,
        "by": by,
    }
    if not await repository.add_policies(session, row):
        raise PoliciesChangedMeanwhile(seen, config.table.version)
    return await _changed(session, now)


async def put_calendar(
    session: AsyncSession, name: str, text: CalendarText, seen: int, *, by: str, now: datetime
) -> Configuration:
    """Add or change a calendar; clocks that run follow it within seconds.

    Raises `CalendarRefused`, `CalendarChangedMeanwhile`, `TooManyCalendars`.
    """
    config = await load(session)
    text.calendar(name)
    if name not in config.texts and len(config.texts) >= CALENDARS_LIMIT:
        raise TooManyCalendars(CALENDARS_LIMIT)
    definition: dict[str, Any] = text.model_dump(mode="json")
    row = {"name": name, "version": seen + 1, "definition": definition, "at": now, "by": by}
    current = config.versions.get(name, 0)
    if current != seen or not await repository.put_calendar(session, row):
        raise CalendarChangedMeanwhile(name, seen, current)
    return await _changed(session, now)


async def put_queue(
    session: AsyncSession, queue: str, calendar: str, by: str, now: datetime
) -> Configuration:
    """Let a queue work by a calendar; raise `UnknownCalendar`."""
    (await load(session)).calendar(calendar)
    row = {"queue": queue, "calendar": calendar, "at": now, "by": by}
    await repository.put_queue(session, row)
    return await _changed(session, now)


async def _changed(session: AsyncSession, now: datetime) -> Configuration:
    """Have running clocks set anew once no process remembers the configuration of before."""
    await jobs.defer(session, RECOMPUTE, {}, lock=RECOMPUTE, at=now + _SOON)
    forget_configuration(session)
    return await load(session)


def _refuse_unknown(config: Configuration, rules: Iterable[PolicyRule]) -> None:
    for rule in rules:
        if rule.kind != "*" and rule.kind not in ticket_kinds():
            raise PolicyRefused(f"没有工单类型 {rule.kind}")
        for calendar in rule.calendars.values():
            config.calendar(calendar)


async def _clocks_of_steps(
    session: AsyncSession, config: Configuration, ticket: Ticket, rows: Sequence[TicketStep]
) -> list[SlaClock]:
    if not rows:
        return []
    process = await steps.process_of(session, ticket)
    return [clock for row in rows for clock in clocks.for_step(config, ticket, row, process)]


async def _pause_or_go_on(
    session: AsyncSession, ticket: Ticket, rows: Sequence[TicketStep], now: datetime
) -> tuple[list[SlaPause], bool]:
    """Return the pauses of a ticket as they are after a move, and whether that changed any."""
    pauses = list(await repository.pauses_of(session, (ticket.id,)))
    wanted = clocks.waiting_for(rows)
    over = [p for p in pauses if not p.ended_at and p.reason not in (MANUAL, wanted)]
    for row in over:
        row.ended_at = now
    if wanted is None or any(not p.ended_at and p.reason == wanted for p in pauses):
        return pauses, bool(over)
    pauses.append(_pause(ticket, wanted, now))
    session.add(pauses[-1])
    return pauses, True


async def _open_pause(session: AsyncSession, ticket: Ticket, reason: str) -> SlaPause | None:
    pauses = await repository.pauses_of(session, (ticket.id,))
    return next((p for p in pauses if p.reason == reason and p.ended_at is None), None)


def _pause(ticket: Ticket, reason: str, now: datetime) -> SlaPause:
    return SlaPause(ticket_id=ticket.id, reason=reason, started_at=now, ended_at=None)


def _stop_all_of(known: Iterable[SlaClock], clock: str, outcome: str, now: datetime) -> None:
    for each in known:
        if each.clock == clock:
            clocks.stop(each, outcome, now)


def _show(ticket: Ticket, rows: Iterable[TicketStep], known: Sequence[SlaClock]) -> None:
    """Write on a ticket and its steps when they are due."""
    own = {clock.step_id: clock.due_at for clock in known if clock.clock != clocks.TIMER}
    for row in rows:
        if row.id in own:
            row.due_at = own[row.id]
    ticket.due_at = clocks.earliest_due(known)
