"""Who works here: a manager adds and changes people; who is an admin, only admins say."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from ticketing.accounts import audit, service
from ticketing.accounts.permissions import MayManagePeople, Permission, holds
from ticketing.accounts.schemas import (
    USERNAME,
    PersonChangeIn,
    PersonIn,
    PersonOut,
    PersonPageOut,
)
from ticketing.accounts.service import AdminsOnly, OwnAccount, PersonExists, UnknownPerson
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.paging import BadCursor, decode_cursor, encode_cursor
from ticketing.kernel.web import ClockDep, SessionDep, may_raise

router = APIRouter(prefix="/api", tags=["accounts"], responses=may_raise(NotSignedIn, NotAllowed))

UsernamePath = Annotated[str, Path(max_length=64, pattern=USERNAME)]
Cursor = Annotated[str | None, Query(max_length=200)]
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("/people", responses=may_raise(BadCursor))
async def people(
    _caller: MayManagePeople, session: SessionDep, cursor: Cursor = None, limit: Limit = 50
) -> PersonPageOut:
    """Return a page of the people who work here, the longest known first."""
    found = await service.people(session, decode_cursor(cursor) if cursor else None, limit)
    last = found[-1] if len(found) == limit else None
    return PersonPageOut(
        people=[PersonOut.of(person) for person in found],
        next_cursor=encode_cursor(last.created_at, last.username) if last else None,
    )


@router.post("/people", status_code=201, responses=may_raise(PersonExists, NotAllowed, AdminsOnly))
async def add(
    body: PersonIn, caller: MayManagePeople, session: SessionDep, clock: ClockDep
) -> PersonOut:
    """Add somebody who may sign in."""
    newcomer = service.Newcomer(body.username, body.display_name, body.role, body.password)
    by_admin = holds(caller, Permission.ADMIN)
    added = await service.add_person(session, newcomer, clock(), by_admin=by_admin)
    audit.about(session, added.username)
    return PersonOut.of(added)


@router.patch(
    "/people/{username}", responses=may_raise(UnknownPerson, OwnAccount, NotAllowed, AdminsOnly)
)
async def change(
    username: UsernamePath,
    body: PersonChangeIn,
    caller: MayManagePeople,
    session: SessionDep,
    clock: ClockDep,
) -> PersonOut:
    """Change a person; whoever is made inactive is signed out within seconds."""
    wanted = service.PersonChange(**body.model_dump())
    by_admin = holds(caller, Permission.ADMIN)
    changed = await service.change_person(
        session, username, wanted, by=caller.name, now=clock(), by_admin=by_admin
    )
    return PersonOut.of(changed)
