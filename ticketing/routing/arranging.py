"""How a manager arranges the house: queues, teams and who is in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import service as accounts
from ticketing.accounts.permissions import Permission, holders
from ticketing.accounts.service import UnknownPerson
from ticketing.kernel.cache import forget, remembered
from ticketing.kernel.errors import HouseError
from ticketing.routing import repository
from ticketing.routing.layout import QueuePlan, TeamPlan
from ticketing.routing.models import Queue, Team, TeamMember
from ticketing.routing.scope import scope_changed
from ticketing.routing.service import current_layout, layout_changed, presence_changed
from ticketing.sla import configuration
from ticketing.tickets.wanted import TeamReach

LEADS = holders(Permission.LEAD)
"""Who may lead a team."""

_PEOPLE = "routing.people"


class UnknownTeam(HouseError):
    """No team has this name."""

    status, code = 404, "unknown_team"

    def __init__(self, team: str) -> None:
        super().__init__("没有这个班组", team=team)


class QueueNotUsable(HouseError):
    """A queue would send its steps nowhere."""

    status, code = 422, "queue_not_usable"

    def __init__(self, queue: str, reason: str) -> None:
        super().__init__(f"队列 {queue} 不能这样设置：{reason}", queue=queue)


class LeadNotUsable(HouseError):
    """Who shall lead a team is nobody, has left, or is no lead."""

    status, code = 422, "lead_not_usable"

    def __init__(self, lead: str) -> None:
        super().__init__(
            f"{lead} 不能担任组长：须是在职的班组长或经理账号", lead=lead, roles=sorted(LEADS)
        )


async def queues_with_counts(
    session: AsyncSession,
) -> Sequence[tuple[QueuePlan, tuple[int, int]]]:
    """Return every queue with how many of its open steps wait and are assigned."""
    layout, counts = await current_layout(session), await repository.counts(session)
    return [(queue, counts.get(name, (0, 0))) for name, queue in sorted(layout.queues.items())]


async def put_queue(session: AsyncSession, plan: QueuePlan) -> None:
    """Add a queue, or change the one of this name. Raises `UnknownTeam`, `QueueNotUsable`."""
    layout = await current_layout(session)
    if plan.team not in layout.teams:
        raise UnknownTeam(plan.team)
    if plan.overflow is not None and (
        plan.overflow == plan.name or not layout.queue(plan.overflow)
    ):
        raise QueueNotUsable(plan.name, "支援队列必须是另一个启用的队列")
    known = (await configuration.configuration(session)).calendars
    if plan.chat_hours is not None and plan.chat_hours not in known:
        raise QueueNotUsable(plan.name, "没有这个会话日历")
    values = {column.name: getattr(plan, column.name) for column in Queue.__table__.columns}
    await repository.put(session, Queue(**{**values, "strategy": str(plan.strategy)}))
    layout_changed(session)
    presence_changed(session)


async def put_team(session: AsyncSession, plan: TeamPlan) -> None:
    """Add a team, or change the one of this name. Raises `LeadNotUsable`."""
    if plan.lead is not None and not await _may_lead(session, plan.lead):
        raise LeadNotUsable(plan.lead)
    await repository.put(session, Team(name=plan.name, label=plan.label, lead=plan.lead))
    layout_changed(session)


async def _may_lead(session: AsyncSession, username: str) -> bool:
    try:
        person = await accounts.person(session, username)
    except UnknownPerson:
        return False
    return person.is_active and person.role in LEADS


async def put_member(session: AsyncSession, member: TeamMember) -> None:
    """Put somebody into a team, or change what they do there.

    Raises `UnknownTeam`, `UnknownPerson`.
    """
    if member.team not in (await current_layout(session)).teams:
        raise UnknownTeam(member.team)
    await accounts.person(session, member.username)
    await repository.put(session, member)
    forget(session, _PEOPLE)
    scope_changed(session)
    presence_changed(session)


async def teams(
    session: AsyncSession,
) -> Sequence[tuple[TeamPlan, Sequence[TeamMember]]]:
    """Return every team with who is in it."""
    layout = await current_layout(session)
    by_team: Mapping[str, list[TeamMember]] = {name: [] for name in sorted(layout.teams)}
    for member in await repository.members(session):
        if member.team in by_team:
            by_team[member.team].append(member)
    return [(layout.teams[name], found) for name, found in by_team.items()]


async def reach_of_team(session: AsyncSession, team: str) -> TeamReach:
    """Return the queues a team serves by itself, and its people; two seconds old at most."""
    layout, people = await current_layout(session), await remembered(session, _PEOPLE, _people)
    queues = (queue.name for queue in layout.queues.values() if queue.team == team)
    return TeamReach(tuple(sorted(queues)), people.get(team, ()))


async def _people(session: AsyncSession) -> Mapping[str, tuple[str, ...]]:
    by_team: dict[str, list[str]] = defaultdict(list)
    for member in await repository.members(session):
        by_team[member.team].append(member.username)
    return {team: tuple(names) for team, names in by_team.items()}


async def counts_of(session: AsyncSession, queue: str) -> tuple[int, int]:
    """Return how many open steps of a queue wait and are assigned."""
    return (await repository.counts(session)).get(queue, (0, 0))


async def members_of(session: AsyncSession, team: str) -> Sequence[TeamMember]:
    """Return who is in a team."""
    return [member for member in await repository.members(session) if member.team == team]
