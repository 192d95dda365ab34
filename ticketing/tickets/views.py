"""Tickets as somebody looks at them: with their process, their open steps and their history."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.forms import service as forms
from ticketing.forms.service import Form, UnknownForm
from ticketing.forms.telling import told
from ticketing.tickets import repository
from ticketing.tickets.models import Ticket, TicketChange, TicketStep
from ticketing.tickets.steps import WITHDRAWN, process_of
from ticketing.workflow import machine
from ticketing.workflow.process import Process, Step

Answers = Sequence[tuple[str, str]]
_SHOWN_ON_CARDS = ("step_completed", WITHDRAWN)


@dataclass(frozen=True)
class TicketView:
    """A ticket, its process, the steps to be done now, and lines of its history."""

    ticket: Ticket
    process: Process
    open_steps: tuple[TicketStep, ...]
    changes: tuple[TicketChange, ...]
    answers: Mapping[int, Answers] = field(default_factory=dict)
    """What was filled in, in words, by the line that tells it."""

    @property
    def progress(self) -> machine.Progress:
        """Where the ticket stands in its process."""
        return machine.progress(self.process, machine.RunState.from_dict(self.ticket.run))

    @property
    def step_times(self) -> dict[str, datetime]:
        """When each step was completed, by its name."""
        return {c.facts["step"]: c.at for c in self.changes if c.what == "step_completed"}

    @property
    def is_withdrawn(self) -> bool:
        """Whether its customer took it back."""
        return any(change.what == WITHDRAWN for change in self.changes)


async def view(
    session: AsyncSession, ticket: Ticket, entered: Sequence[TicketStep] | None = None
) -> TicketView:
    """Return a ticket as a card shows it; `entered` are all the steps of a new one."""
    if entered is not None:
        return TicketView(ticket, await process_of(session, ticket), tuple(entered), ())
    return (await views(session, (ticket,)))[0]


async def whole(session: AsyncSession, ticket: Ticket) -> TicketView:
    """Return a ticket with every line of its history."""
    steps = await repository.open_steps(session, ticket.id)
    lines = await repository.changes(session, ticket.id)
    process = await process_of(session, ticket)
    answers = await _answers(session, process, lines)
    return TicketView(ticket, process, tuple(steps), tuple(lines), answers)


async def views(session: AsyncSession, tickets: Sequence[Ticket]) -> list[TicketView]:
    """Return several tickets as cards show them, in two statements."""
    ids = [ticket.id for ticket in tickets]
    steps = _by_ticket(await repository.open_steps_of(session, ids))
    lines = _by_ticket(await repository.changes_of(session, ids, _SHOWN_ON_CARDS))
    return [
        TicketView(t, await process_of(session, t), tuple(steps[t.id]), tuple(lines[t.id]))
        for t in tickets
    ]


async def _answers(
    session: AsyncSession, process: Process, lines: Iterable[TicketChange]
) -> Mapping[int, Answers]:
    """Return what was filled in with steps, in the words of their forms as they are now."""
    found: dict[int, Answers] = {}
    for line in lines:
        data = line.facts.get("data")
        if isinstance(data, dict):
            step = process.step(str(line.facts.get("step")))
            found[line.id] = told(await _form_of(session, step), data)
    return found


async def _form_of(session: AsyncSession, step: Step | None) -> Form | None:
    if step is None or step.form is None:
        return None
    try:
        return await forms.form(session, step.form)
    except UnknownForm:
        return None


def _by_ticket(rows: Iterable[Any]) -> dict[uuid.UUID, list[Any]]:
    grouped: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[row.ticket_id].append(row)
    return grouped
