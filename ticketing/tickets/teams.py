"""What belongs to a team, as lists of tickets ask for it; who is in which is known upstairs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from ticketing.tickets.wanted import TeamReach

type ReachOf = Callable[[AsyncSession, str], Awaitable[TeamReach]]
"""Return what belongs to the team of a name; nothing to one that does not exist."""


async def get_reach_of(connection: HTTPConnection) -> ReachOf:
    """Return how this house tells what belongs to a team."""
    reach_of: ReachOf = connection.app.state.reach_of_team
    return reach_of


ReachOfDep = Annotated[ReachOf, Depends(get_reach_of)]
