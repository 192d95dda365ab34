"""What belongs to a team, and how far somebody sees; who is in which team is known upstairs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from ticketing.accounts.permissions import MayHandleTickets
from ticketing.accounts.tokens import Caller
from ticketing.kernel.web import SessionDep
from ticketing.tickets.wanted import Sight, TeamReach

type ReachOf = Callable[[AsyncSession, str], Awaitable[TeamReach]]
"""Return what belongs to the team of a name; nothing to one that does not exist."""

type SightOf = Callable[[AsyncSession, Caller], Awaitable[Sight | None]]
"""Return how far somebody sees; nothing where they see every ticket."""


async def get_reach_of(connection: HTTPConnection) -> ReachOf:
    """Return how this house tells what belongs to a team."""
    reach_of: ReachOf = connection.app.state.reach_of_team
    return reach_of


ReachOfDep = Annotated[ReachOf, Depends(get_reach_of)]


async def get_sight(
    connection: HTTPConnection, session: SessionDep, caller: MayHandleTickets
) -> Sight | None:
    """Return how far the caller sees; nothing where they see every ticket."""
    sight_of: SightOf = connection.app.state.sight_of
    return await sight_of(session, caller)


SightDep = Annotated[Sight | None, Depends(get_sight)]
