"""Verbs of routing: send a step to a queue and a person, let a person pull what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.cache import forget, remembered
from ticketing.kernel.errors import HouseError
from ticketing.kernel.paging import BadCursor
from ticketing.kernel.sentences import put_in
from ticketing.routing import repository
from ticketing.routing.choose import Candidate, Choice, Desk, Strategy, Task, choose, weight_of
from ticketing.routing.layout import Layout, QueuePlan, TeamPlan, shipped
from ticketing.routing.models import Queue, RoutingLine, Team
from ticketing.rules import service as rules
from ticketing.tickets import steps as ticket_steps
from ticketing.tickets.facts import facts_of
from ticketing.tickets.models import Ticket, TicketStep
from ticketing.tickets.steps import Assignment

ROUTER = "routing"
"""Who assigns when nobody does it by hand."""

NOT_ROUTED = frozenset({"customer", "system"})
"""Whose steps are not for our people."""

PULLED_AT_ONCE = 5
_LAYOUT, _TAKING = "routing.layout", "routing.taking"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Why a step is routed (again): by whom, what happened, and who shall not get it.

    `keeps`: where nobody else can take it, it stays with whom it is.
    `bars`: who is in `not_to` does not get it by itself for the next hour either.
    """

    by: str = ROUTER
    happened: str = ""
    not_to: Mapping[str, str] = field(default_factory=dict)
    keeps: bool = False
    bars: bool = False


@dataclass(frozen=True)
class _Place:
    queue: QueuePlan
    skill: str | None
    why: str


async def current_layout(session: AsyncSession) -> Layout:
    """Return the queues and teams, two seconds old at most."""
    return await remembered(session, _LAYOUT, _layout)


async def _layout(session: AsyncSession) -> Layout:
    queues, teams = await repository.rows_of_layout(session)
    return shipped().with_rows(map(_queue_plan, queues), map(_team_plan, teams))


def _queue_plan(row: Queue) -> QueuePlan:
    values = {column.name: getattr(row, column.name) for column in Queue.__table__.columns}
    return QueuePlan(**{**values, "strategy": Strategy(row.strategy)})


def _team_plan(row: Team) -> TeamPlan:
    return TeamPlan(name=row.name, label=row.label, lead=row.lead)


def layout_changed(session: AsyncSession) -> None:
    """Read queues and teams anew next time."""
    forget(session, _LAYOUT)


def presence_changed(session: AsyncSession) -> None:
    """Look anew next time which teams somebody is available of."""
    forget(session, _TAKING)


async def lead_of(session: AsyncSession, queue: str | None) -> str | None:
    """Return the username of who leads the team of a queue."""
    return (await current_layout(session)).lead_of(queue)


async def route_step(
    session: AsyncSession,
    step: TicketStep,
    ticket: Ticket,
    now: datetime,
    occasion: Occasion | None = None,
) -> Choice | None:
    """Send an open step to its queue and, where anybody can take it, to a person; say why.

    The ticket is new or locked. Returns nothing for steps that are not for our people.
    """
    if step.role in NOT_ROUTED:
        return None
    occasion = occasion or Occasion()
    layout = await current_layout(session)
    place = await _place_of(session, layout, step, ticket, now)
    step.skill = place.skill
    task = _task_of(layout, step, ticket, occasion.not_to)
    choice = await _choose(session, layout.helpers(place.queue), task, ticket, now)
    if choice.assignee is None and occasion.keeps:
        return choice
    why = "；".join(part for part in (occasion.happened, place.why, choice.why) if part)
    line = replace(choice, why=why)
    await give(session, step, place.queue.name, line, occasion, now=now)
    return line


def _task_of(
    layout: Layout, step: TicketStep, ticket: Ticket, not_to: Mapping[str, str] | None = None
) -> Task:
    return Task(
        weight=weight_of(ticket.priority),
        skill=step.skill,
        skill_label=layout.skills.get(step.skill or "", ""),
        region=ticket.region,
        vip=ticket.vip,
        not_to=not_to or {},
    )


async def _place_of(
    session: AsyncSession, layout: Layout, step: TicketStep, ticket: Ticket, now: datetime
) -> _Place:
    """Return the queue: the one it is in or names, else what the rules say, else its role's."""
    named = layout.queue(step.queue)
    if named is not None:
        return _Place(named, step.skill, "")
    if step.role == "carrier":
        return _Place(layout.for_role("carrier"), step.skill, "")
    facts = {**facts_of(ticket), "assignee_role": step.role, "step": step.step}
    try:
        decision = await rules.decide(session, "routing", facts, subject=ticket.ticket_no, now=now)
    except HouseError as error:
        # A table somebody has spoilt must not turn complaints away.
        _log.warning("routing_table_failed", code=error.code, ticket_no=ticket.ticket_no)
        return _Place(layout.for_role(step.role), step.skill, "分派规则出错，按部门分派")
    wanted = decision.first.get("queue")
    ruled = layout.resolved(str(wanted)) if wanted else None
    if ruled is None:
        return _Place(layout.for_role(step.role), step.skill, "")
    return _Place(ruled, decision.first.get("skill") or step.skill, "；".join(decision.why))


async def _choose(
    session: AsyncSession,
    queues: Sequence[QueuePlan],
    task: Task,
    ticket: Ticket,
    now: datetime,
) -> Choice:
    """Choose, and make the turn of whoever is chosen ours; who is taken meanwhile drops out."""
    teams = await _teams_to_ask(session, queues, now)
    found = await _candidates(session, teams, ticket, now) if teams else {}
    desks = [_desk(queue, found.get(queue.team, ())) for queue in queues]
    while True:
        choice = choose(task, desks)
        if choice.assignee is None:
            return choice
        if await repository.take_turn(session, choice.assignee, choice.turn, now):
            return choice
        task = replace(task, not_to={**task.not_to, choice.assignee: "正在接另一张工单"})


async def reserve(session: AsyncSession, username: str, turn: int, now: datetime) -> bool:
    """Make an available person's turn ours; not where they were given something since."""
    return await repository.take_turn(session, username, turn, now)


async def _teams_to_ask(
    session: AsyncSession, queues: Sequence[QueuePlan], now: datetime
) -> list[str]:
    """Return the teams of queues; none where nobody of them could take anything a moment ago.

    What such a moment hides waits for the look round, which comes as often.
    """
    taking = await remembered(session, _TAKING, lambda fresh: repository.taking_teams(fresh, now))
    wanted = dict.fromkeys(queue.team for queue in queues)
    return list(wanted) if taking & wanted.keys() else []


async def _candidates(
    session: AsyncSession, teams: Sequence[str], ticket: Ticket, now: datetime
) -> Mapping[str, tuple[Candidate, ...]]:
    if any(map(_tells_of_people, (*session.new, *session.dirty))):
        await session.flush()
    return await repository.candidates(session, teams, ticket.id, ticket.waybill_no, now)


def _tells_of_people(row: object) -> bool:
    """Tell whether a row that is not written yet says who has, or has done, a step."""
    return isinstance(row, TicketStep) and bool(row.assignee or row.done_by)


def _desk(queue: QueuePlan, candidates: Sequence[Candidate]) -> Desk:
    return Desk(queue.label, queue.strategy, candidates, queue.vip_reserve)


async def give(
    session: AsyncSession,
    step: TicketStep,
    queue: str,
    choice: Choice,
    occasion: Occasion,
    *,
    now: datetime,
) -> None:
    """Write down who has a step and why, and tell the ticket."""
    line = RoutingLine(
        ticket_id=step.ticket_id,
        step_id=step.id,
        step=step.step,
        at=now,
        by=occasion.by,
        queue=queue,
        assignee=choice.assignee,
        not_to=next(iter(occasion.not_to), None) if occasion.bars else None,
        why=choice.why,
        ranking=[verdict.as_json() for verdict in choice.ranking],
    )
    session.add(line)
    to = Assignment(queue=queue, assignee=choice.assignee, by=occasion.by, why=choice.why)
    await ticket_steps.assign_step(session, step, to, now)


async def pull(
    session: AsyncSession, username: str, now: datetime, limit: int = PULLED_AT_ONCE
) -> Sequence[TicketStep]:
    """Give an available person what waits in their queues, as much as they can take.

    The most urgent first, VIPs before others, then what is due first. Whoever is being given
    something by somebody else at this moment gets nothing: they are asked again.
    """
    if not await repository.hold(session, username, now):
        return ()
    layout = await current_layout(session)
    await session.flush()
    desks = await repository.own_desks(session, username)
    teams = [(queue, team) for queue, team in layout.served() if team in desks]
    if not teams:
        return ()
    person = max(desks.values(), key=lambda desk: desk.capacity)
    pulled: list[TicketStep] = []
    for row in await repository.waiting_for(session, person, teams, now, limit):
        step = await session.get_one(TicketStep, row.id, populate_existing=True)
        ticket = await session.get_one(Ticket, row.ticket_id, populate_existing=True)
        desk = _desk(layout.queues[row.queue], [replace(desks[row.team], used=person.used)])
        choice = choose(_task_of(layout, step, ticket), [desk])
        if step.assignee is None and choice.assignee is not None:
            why = put_in(
                "{next}派给有余量的 {why}",
                {"next": f"排到「{desk.label}」的下一张，", "why": choice.why},
            )
            await give(session, step, row.queue, replace(choice, why=why), Occasion(), now=now)
            person = replace(person, used=person.used + weight_of(ticket.priority))
            pulled.append(step)
    if pulled:
        await repository.pass_turn(session, username)
    return pulled


async def log_of(
    session: AsyncSession, ticket: Ticket, before: tuple[datetime, str] | None, limit: int
) -> Sequence[RoutingLine]:
    """Return why the steps of a ticket went where they went, newest first.

    `before` is what the last page ended with: its time, and its number; raises `BadCursor`.
    """
    if before is not None and not (before[1].isascii() and before[1].isdigit()):
        raise BadCursor
    number = min(int(before[1][:20]), 2**63 - 1) if before else None
    return await repository.log(session, ticket.id, number, limit)
