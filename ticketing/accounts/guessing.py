"""How often somebody who is in may say their own password or code wrongly.

Whoever found them signed in may not try for ever; what is counted here does not lock their name
at the door.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from ticketing.accounts import session_cookie, throttle
from ticketing.accounts.permissions import MayUseOwn
from ticketing.accounts.throttle import Tries
from ticketing.kernel.web import ClockDep, DatabaseDep


async def count_guess(
    request: Request, caller: MayUseOwn, db: DatabaseDep, clock: ClockDep
) -> Tries:
    """Count a try before it is looked at. Raises `TooManyTries`."""
    tries = Tries.of(f"own:{caller.name}", session_cookie.origin_of(request).address)
    async with db.transaction() as session:
        too_many = await throttle.count(session, tries, clock())
    if too_many is not None:
        raise too_many
    return tries


Guessing = Annotated[Tries, Depends(count_guess)]
