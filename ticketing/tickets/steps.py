"""Verbs of a ticket's steps: complete, send back, let a timer fire, assign, withdraw."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.files import service as files
from ticketing.forms import service as forms
from ticketing.kernel.clock import SHANGHAI
from ticketing.kernel.errors import HouseError
from ticketing.kernel.facts import announce
from ticketing.tickets import amounts, indexing, repository
from ticketing.tickets.events import (
    TicketAssigned,
    TicketClosed,
    TicketMovedOn,
    TicketResolved,
    TicketResponded,
    TicketWithdrawn,
)
from ticketing.tickets.facts import facts_of
from ticketing.tickets.history import Line, record
from ticketing.tickets.lookup import text_facts, ticket_by_no
from ticketing.tickets.lookup import ticket as lookup_ticket
from ticketing.tickets.models import Ticket, TicketStep
from ticketing.workflow import machine
from ticketing.workflow import service as workflow
from ticketing.workflow.machine import RunState
from ticketing.workflow.process import Process, Step

WITHDRAWN = "withdrawn"
NOBODY = frozenset({"customer", "assistant", "timer"})
"""Who acts without being one of our people."""

_DONE_ANEW = "好的，我们按您说的重新办。"


class TicketAlreadyClosed(HouseError):
    """Nothing can be done to a closed ticket."""

    status, code = 409, "ticket_already_closed"

    def __init__(self, ticket_no: str) -> None:
        super().__init__(f"工单 {ticket_no} 已经关闭", ticket_no=ticket_no)


class TicketChangedMeanwhile(HouseError):
    """Somebody else changed the ticket after the caller looked at it."""

    status, code = 409, "ticket_changed_meanwhile"

    def __init__(self, ticket: Ticket, seen: int) -> None:
        super().__init__(
            f"工单 {ticket.ticket_no} 刚被别人更新过，请刷新后再试",
            ticket_no=ticket.ticket_no,
            seen_version=seen,
            current_version=ticket.version,
        )


class StepUnknown(HouseError):
    """No step has this number."""

    status, code = 404, "unknown_ticket_step"

    def __init__(self, step_id: int) -> None:
        super().__init__("没有这个工单步骤", step_id=step_id)


@dataclass(frozen=True, kw_only=True)
class Doing:
    """What somebody does to a step; `seen` is the version of the ticket they looked at."""

    by: str
    note: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    subject: str | None = None
    """Whose uploads may be named; nothing for our own people, who may name any."""
    seen: int | None = None
    is_lead: bool = True
    is_finance: bool = True
    cause: str | None = None

    @property
    def approves(self) -> frozenset[str]:
        """The roles whose limit they may decide about."""
        may = {"lead": self.is_lead, "finance": self.is_finance}
        return frozenset(role for role in may if may[role])


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """Where a step goes: to a queue and perhaps a person; `why` is for people to read."""

    queue: str | None
    assignee: str | None
    by: str
    why: str


@dataclass(frozen=True)
class _Move:
    """A change of a run, told to whoever listens; `left_as` is what becomes of its step.

    `rows` are all the steps that were open before.
    """

    what: str
    after: RunState
    step: TicketStep
    rows: Sequence[TicketStep]
    left_as: str
    facts: Mapping[str, Any]
    timer: str | None = None
    others_as: str = "timed_out"
    """What becomes of the other steps that are left."""
    preface: str = ""
    """What the customer is told before what the process has to say."""


async def complete_step(
    session: AsyncSession, ticket_no: str, step: str, doing: Doing, now: datetime
) -> Ticket:
    """Complete a current step of a ticket and announce that it moved on.

    Raises `TicketAlreadyClosed`, `TicketChangedMeanwhile`, `StepNeedsLead`, `StepNeedsFinance`,
    `PaymentAboveAgreed`, the errors of the machine (`StepNotCurrent` …) and of the step's form
    (`FormDataInvalid`).
    """
    ticket = await to_work_on(session, ticket_no, doing.seen)
    if doing.cause and await repository.change_by_cause(session, doing.cause):
        return ticket
    process = await process_of(session, ticket)
    before = RunState.from_dict(ticket.run)
    drawn = _allowed(process, step, doing)
    machine.require_current(process, before, step)
    data = await _filled(session, ticket, drawn, doing, now)
    amounts.require_agreed(process, before, drawn, data)
    weighed = await amounts.weighed(session, ticket, data, now)
    amounts.require_payer(process, before, drawn, weighed.get("approval_role"), doing.approves)
    facts = {**facts_of(ticket), **weighed}
    kept = {**data, "note": doing.note} if doing.note else data
    after = machine.complete(process, before, step, kept or None, facts)
    row, *rows = await _rows_of(session, ticket, process, step, now)
    row.data = dict(data)
    spoken = await _spoken(session, drawn, data)
    await indexing.index(session, ticket, doing.note, *spoken)
    told = {"step": step, "note": doing.note} | ({"data": data} if data else {})
    move = _Move("step_completed", after, row, rows, "done", told)
    await _move(session, ticket, move, doing, now)
    return ticket


async def send_back(
    session: AsyncSession, ticket_no: str, step: str, doing: Doing, *, to: str, now: datetime
) -> Ticket:
    """Give a current step back to an earlier one; `doing.note` says why.

    Raises `StepNeedsLead`, `StepNeedsFinance` and what `to_work_on` and the machine raise.
    """
    ticket = await to_work_on(session, ticket_no, doing.seen)
    process = await process_of(session, ticket)
    _allowed(process, step, doing)
    before = RunState.from_dict(ticket.run)
    after = machine.send_back(process, before, step, to, facts_of(ticket))
    row, *rows = await _rows_of(session, ticket, process, step, now)
    await indexing.index(session, ticket, doing.note)
    told = {"step": step, "to": to, "note": doing.note}
    move = _Move("step_sent_back", after, row, rows, "sent_back", told)
    await _move(session, ticket, move, doing, now)
    return ticket


async def fire_timer(
    session: AsyncSession, ticket_no: str, timer: str, now: datetime
) -> Ticket | None:
    """Let a timer of the process fire; nothing where the ticket has gone on meanwhile."""
    ticket = await ticket_by_no(session, ticket_no, lock=True)
    process = await process_of(session, ticket)
    before = RunState.from_dict(ticket.run)
    fired = next((t for t in machine.active_timers(process, before) if t.name == timer), None)
    if ticket.state == "closed" or fired is None:
        return None
    after = machine.fire(process, before, timer, facts_of(ticket))
    row, *rows = await _rows_of(session, ticket, process, fired.step, now)
    told = {"step": fired.step, "timer": timer, "label": fired.label}
    move = _Move("timer_fired", after, row, rows, "timed_out", told, timer)
    await _move(session, ticket, move, Doing(by="timer"), now)
    return ticket


async def answer_late(
    session: AsyncSession, ticket_no: str, step: str, doing: Doing, now: datetime
) -> Ticket | None:
    """Take an answer to a step that was left because none came; the ticket goes on from there.

    Nothing where it makes no difference. Raises `TicketAlreadyClosed`, `FormDataInvalid`.
    """
    ticket = await to_work_on(session, ticket_no, doing.seen)
    process = await process_of(session, ticket)
    drawn = process.step(step)
    data = await _filled(session, ticket, drawn, doing, now)
    before = RunState.from_dict(ticket.run)
    after = machine.answer_late(process, before, step, data, facts_of(ticket))
    if after is None:
        return None
    row, *rows = await _rows_of(session, ticket, process, step, now)
    row.data = dict(data)
    await indexing.index(session, ticket, doing.note, *await _spoken(session, drawn, data))
    told = {"step": step, "note": doing.note, "data": data, "late": True}
    move = _Move(
        "step_completed",
        after,
        row,
        rows,
        "done",
        told,
        others_as="sent_back",
        preface=_DONE_ANEW,
    )
    await _move(session, ticket, move, doing, now)
    return ticket


async def is_to_come(session: AsyncSession, ticket: Ticket, step: str) -> bool:
    """Tell whether a step is asked now, or will be once more."""
    process = await process_of(session, ticket)
    return machine.is_to_come(process, RunState.from_dict(ticket.run), step)


async def would_differ(
    session: AsyncSession, ticket: Ticket, step: str, data: Mapping[str, Any]
) -> bool:
    """Tell whether this answer would have led elsewhere than the silence there was."""
    process = await process_of(session, ticket)
    run = RunState.from_dict(ticket.run)
    return machine.answer_late(process, run, step, data, facts_of(ticket)) is not None


async def withdraw(
    session: AsyncSession, ticket_no: str, conversation_id: uuid.UUID, cause: str, now: datetime
) -> Ticket:
    """Let the customer of a conversation take a ticket back: its process ends where it stands.

    Done once for a `cause`; raises `TicketAlreadyClosed` when it was closed otherwise.
    """
    ticket = await ticket_by_no(session, ticket_no, lock=True)
    if await repository.change_by_cause(session, cause):
        return ticket
    if ticket.state == "closed":
        raise TicketAlreadyClosed(ticket.ticket_no)
    record(session, ticket, Line(WITHDRAWN, "customer", cause=cause), now)
    await end(session, ticket, outcome="withdrawn", by="customer", now=now)
    fact = TicketWithdrawn(at=now, ticket_id=ticket.id, conversation_id=conversation_id)
    await announce(session, fact)
    closed = TicketClosed(at=now, ticket_id=ticket.id, ticket_no=ticket.ticket_no, how="withdrawn")
    await announce(session, closed)
    return ticket


async def end(
    session: AsyncSession, ticket: Ticket, *, outcome: str, by: str, now: datetime
) -> None:
    """End a locked ticket's run where it stands; its open steps are over."""
    run = machine.withdraw(await process_of(session, ticket), RunState.from_dict(ticket.run))
    ticket.run, ticket.state = run.to_dict(), str(run.state_category)
    ticket.closed_at, ticket.due_at = now, None
    for row in await repository.open_steps(session, ticket.id):
        _leave(row, outcome, by, now)
    await session.flush()


async def assign_step(
    session: AsyncSession, step: TicketStep, to: Assignment, now: datetime
) -> None:
    """Give an open step to a queue and perhaps a person; the ticket shows the newest."""
    ticket = await lookup_ticket(session, step.ticket_id)
    before = step.assignee
    step.queue, step.assignee = to.queue, to.assignee
    ticket.queue, ticket.assignee = to.queue, to.assignee
    told = {"step": step.step, "queue": to.queue, "assignee": to.assignee, "why": to.why}
    record(session, ticket, Line("assigned", to.by, told), now)
    fact = TicketAssigned(
        at=now,
        ticket_id=ticket.id,
        step_id=step.id,
        queue=to.queue,
        assignee=to.assignee,
        before=before,
        by=to.by,
        why=to.why,
    )
    await announce(session, fact)
    if to.assignee is not None and to.by == to.assignee:
        await responded(session, ticket, now)


async def responded(session: AsyncSession, ticket: Ticket, now: datetime) -> None:
    """Note that a person has done something about a ticket; the first time counts."""
    if ticket.responded_at is None:
        ticket.responded_at = now
        await announce(session, TicketResponded(at=now, ticket_id=ticket.id))


async def step(session: AsyncSession, step_id: int) -> TicketStep:
    """Return a step by its number; raise `StepUnknown`."""
    found = await repository.step(session, step_id)
    if found is None:
        raise StepUnknown(step_id)
    return found


async def open_steps(session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[TicketStep]:
    """Return the steps of a ticket somebody is to do now, oldest first."""
    return await repository.open_steps(session, ticket_id)


async def process_of(session: AsyncSession, ticket: Ticket) -> Process:
    """Return the very version of the process a ticket was started with."""
    return await workflow.version(session, ticket.process_id, ticket.process_version)


def enter(ticket: Ticket, drawn: Step, now: datetime) -> TicketStep:
    """Return the row of a step that begins; the session does not know it yet."""
    return TicketStep(
        ticket_id=ticket.id,
        step=drawn.name,
        label=drawn.label,
        role=drawn.role,
        queue=drawn.queue,
        skill=drawn.skill,
        form=drawn.form,
        waits_for=drawn.waits_for,
        allowed_seconds=int(drawn.allowed.total_seconds()) if drawn.allowed else None,
        entered_at=now,
        data={},
    )


async def to_work_on(session: AsyncSession, ticket_no: str, seen: int | None) -> Ticket:
    """Return a ticket locked; raise if it is closed, or not as the caller has seen it."""
    ticket = await ticket_by_no(session, ticket_no, lock=True)
    if ticket.state == "closed":
        raise TicketAlreadyClosed(ticket.ticket_no)
    if seen is not None and seen != ticket.version:
        raise TicketChangedMeanwhile(ticket, seen)
    return ticket


def _allowed(process: Process, step: str, doing: Doing) -> Step | None:
    """Return a step as it is drawn; raise `StepNeedsLead` or `StepNeedsFinance`."""
    drawn = process.step(step)
    amounts.require_approver(drawn, doing.approves)
    return drawn


async def _filled(
    session: AsyncSession, ticket: Ticket, drawn: Step | None, doing: Doing, now: datetime
) -> dict[str, Any]:
    """Return what was filled into the step's form; its files belong to the ticket from now on."""
    if drawn is None or drawn.form is None:
        return dict(doing.data)
    form = await forms.form(session, drawn.form)
    known = await files.media_types(
        session, forms.file_ids(form, doing.data), subject=doing.subject
    )
    kept = forms.validate(form, doing.data, known, today=now.astimezone(SHANGHAI).date())
    named = forms.files_in(form, kept)
    await files.link_named(session, named, ticket.ticket_no, by=doing.by, now=now)
    return kept


async def _spoken(session: AsyncSession, drawn: Step | None, data: Mapping[str, Any]) -> list[str]:
    """Return the answers to a step's form that are somebody's own words."""
    if drawn is None or drawn.form is None:
        return [value for value in data.values() if isinstance(value, str)]
    return forms.words_in(await forms.form(session, drawn.form), data)


async def _rows_of(
    session: AsyncSession, ticket: Ticket, process: Process, name: str, now: datetime
) -> list[TicketStep]:
    """Return the open row of a step, then every open one; tickets from before get theirs now."""
    rows = [*await repository.open_steps(session, ticket.id)]
    named = {row.step: row for row in rows}
    drawn = process.step(name)
    if name not in named and drawn is not None:
        named[name] = enter(ticket, drawn, now)
        rows.append(named[name])
        session.add(named[name])
        await session.flush()
    return [named[name], *rows]


async def _move(
    session: AsyncSession,
    ticket: Ticket,
    move: _Move,
    doing: Doing,
    now: datetime,
) -> None:
    process, rows = await process_of(session, ticket), move.rows
    current = machine.progress(process, move.after).current
    ends = move.left_as != "timed_out" or move.step.step not in current
    left = [row for row in rows if (row is move.step and ends) or row.step not in current]
    for row in left:
        _leave(row, move.left_as if row is move.step else move.others_as, doing.by, now)
    going_on = {row.step for row in rows if row not in left}
    begins = [name for name in current if name not in going_on]
    entered = [enter(ticket, drawn, now) for drawn in map(process.step, begins) if drawn]
    session.add_all(entered)
    was, before = ticket.state, RunState.from_dict(ticket.run)
    _take_state(ticket, move.after, now)
    change = record(session, ticket, Line(move.what, doing.by, move.facts, doing.cause), now)
    await session.flush()
    fact = TicketMovedOn(
        at=now,
        ticket_id=ticket.id,
        change_id=change.id,
        step_done=move.step.step,
        announcement=move.preface
        + machine.announcement(
            process,
            before,
            move.after,
            text_facts(ticket),
            move.timer,
            done=move.step.step if move.left_as == "done" else None,
        ),
        left=tuple(row.id for row in left),
        entered=tuple(row.id for row in entered),
    )
    await announce(session, fact)
    await _announce_state(session, ticket, was, now)
    if doing.by not in NOBODY:
        await responded(session, ticket, now)


def _leave(row: TicketStep, outcome: str, by: str, now: datetime) -> None:
    row.done_at, row.done_by, row.outcome, row.due_at = now, by, outcome, None


def _take_state(ticket: Ticket, after: RunState, now: datetime) -> None:
    ticket.run, ticket.state = after.to_dict(), str(after.state_category)
    is_solved = ticket.state in ("resolved", "closed")
    ticket.resolved_at = (ticket.resolved_at or now) if is_solved else None
    ticket.closed_at = now if ticket.state == "closed" else None


async def _announce_state(session: AsyncSession, ticket: Ticket, was: str, now: datetime) -> None:
    if ticket.state == was:
        return
    if ticket.state == "resolved":
        await announce(session, TicketResolved(at=now, ticket_id=ticket.id))
    if ticket.state == "closed":
        fact = TicketClosed(at=now, ticket_id=ticket.id, ticket_no=ticket.ticket_no, how="finished")
        await announce(session, fact)
