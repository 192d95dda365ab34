"""Queues, teams, presence, and what people do with steps by hand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from ticketing.accounts.permissions import (
    MayHandleTickets,
    MayLead,
    MayManage,
    MayTalkToCustomers,
)
from ticketing.accounts.schemas import USERNAME
from ticketing.accounts.service import UnknownPerson
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.paging import BadCursor, decode_cursor, encode_cursor
from ticketing.kernel.web import ClockDep, SessionDep, may_raise
from ticketing.routing import arranging, presence, service
from ticketing.routing.arranging import LeadNotUsable, QueueNotUsable, UnknownTeam
from ticketing.routing.layout import TeamPlan
from ticketing.routing.schemas import (
    ArrivalOut,
    MemberIn,
    MemberOut,
    PresenceOut,
    QueueIn,
    QueueOut,
    RoutingLineOut,
    RoutingLogOut,
    StatusIn,
    TeamIn,
    TeamOut,
)
from ticketing.tickets import lookup
from ticketing.tickets.lookup import UnknownTicket

router = APIRouter(prefix="/api", tags=["routing"], responses=may_raise(NotSignedIn, NotAllowed))

NamePath = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
UsernamePath = Annotated[str, Path(max_length=64, pattern=USERNAME)]
TicketNoQuery = Annotated[str, Query(pattern=r"^[Tt][0-9]{14}$")]
Cursor = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("/queues")
async def queues(_caller: MayHandleTickets, session: SessionDep) -> list[QueueOut]:
    """Return every queue with how many of its steps wait and are assigned."""
    found = await arranging.queues_with_counts(session)
    return [QueueOut.of(queue, counts) for queue, counts in found]


@router.put("/queues/{queue}", responses=may_raise(UnknownTeam, QueueNotUsable))
async def put_queue(
    queue: NamePath, body: QueueIn, _caller: MayManage, session: SessionDep
) -> QueueOut:
    """Add a queue, or change how it works."""
    plan = body.plan(queue)
    await arranging.put_queue(session, plan)
    return QueueOut.of(plan, await arranging.counts_of(session, queue))


@router.get("/teams")
async def teams(_caller: MayHandleTickets, session: SessionDep) -> list[TeamOut]:
    """Return every team with its members."""
    return [TeamOut.of(team, members) for team, members in await arranging.teams(session)]


@router.put("/teams/{team}", responses=may_raise(LeadNotUsable))
async def put_team(
    team: NamePath, body: TeamIn, _caller: MayManage, session: SessionDep
) -> TeamOut:
    """Add a team, or change its name or lead."""
    plan = TeamPlan(name=team, label=body.label, lead=body.lead)
    await arranging.put_team(session, plan)
    return TeamOut.of(plan, await arranging.members_of(session, team))


@router.put("/teams/{team}/members/{username}", responses=may_raise(UnknownTeam, UnknownPerson))
async def put_member(
    team: NamePath,
    username: UsernamePath,
    body: MemberIn,
    _caller: MayLead,
    session: SessionDep,
) -> MemberOut:
    """Put somebody into a team, or change what they do there."""
    member = body.member(team, username)
    await arranging.put_member(session, member)
    return MemberOut.of(member)


@router.get("/presence")
async def people_present(
    _caller: MayHandleTickets, session: SessionDep, clock: ClockDep
) -> list[PresenceOut]:
    """Return who is here."""
    found = await presence.people_present(session, clock())
    return [PresenceOut.of(each, display_name) for each, display_name in found]


@router.post("/presence")
async def be_present(
    caller: MayTalkToCustomers, session: SessionDep, clock: ClockDep, body: StatusIn | None = None
) -> ArrivalOut:
    """Say that the caller is here for another minute; who is available gets what waits."""
    status = (body or StatusIn()).status
    return ArrivalOut.of(await presence.be_present(session, caller.name, status, clock()))


@router.delete("/presence", status_code=204)
async def leave(caller: MayTalkToCustomers, session: SessionDep, clock: ClockDep) -> Response:
    """Say that the caller goes; what they have not touched goes to others after a while."""
    await presence.leave(session, caller.name, clock())
    return Response(status_code=204)


@router.get("/routing/log", responses=may_raise(UnknownTicket, BadCursor))
async def log(
    ticket_no: TicketNoQuery,
    _caller: MayHandleTickets,
    session: SessionDep,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> RoutingLogOut:
    """Return why the steps of a ticket went where they went, newest first."""
    ticket = await lookup.ticket_by_no(session, ticket_no)
    before = decode_cursor(cursor) if cursor else None
    found = await service.log_of(session, ticket, before, limit)
    last = found[-1] if len(found) == limit else None
    return RoutingLogOut(
        lines=[RoutingLineOut.of(line) for line in found],
        next_cursor=encode_cursor(last.at, f"{last.id:020}") if last else None,
    )
