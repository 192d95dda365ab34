"""Second factors: one's own, and those that others have lost."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from ticketing.accounts import second_factor, service, throttle
from ticketing.accounts.guessing import Guessing
from ticketing.accounts.permissions import MayManagePeople, MayUseOwn, Permission, holds
from ticketing.accounts.schemas import USERNAME, CodeIn, SecondFactorOut
from ticketing.accounts.second_factor import CodeNotRight, NoSecondFactor, SecondFactorKept
from ticketing.accounts.service import AdminsOnly, UnknownPerson
from ticketing.accounts.throttle import TooManyTries
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, SessionDep, SettingsDep, may_raise

router = APIRouter(prefix="/api", tags=["accounts"], responses=may_raise(NotSignedIn, NotAllowed))

UsernamePath = Annotated[str, Path(max_length=64, pattern=USERNAME)]


@router.post("/me/second-factor", status_code=201, responses=may_raise(SecondFactorKept))
async def begin_second_factor(
    caller: MayUseOwn, session: SessionDep, settings: SettingsDep, clock: ClockDep
) -> SecondFactorOut:
    """Prepare a second factor; it counts once confirmed."""
    keys = second_factor.box(settings.secret_key)
    prepared = await second_factor.begin(session, caller.name, keys, clock())
    return SecondFactorOut.model_validate(prepared, from_attributes=True)


@router.post(
    "/me/second-factor/confirm",
    status_code=204,
    responses=may_raise(NoSecondFactor, SecondFactorKept, CodeNotRight),
)
async def confirm_second_factor(
    body: CodeIn, caller: MayUseOwn, session: SessionDep, settings: SettingsDep, clock: ClockDep
) -> Response:
    """Confirm a second factor by a first code."""
    keys = second_factor.box(settings.secret_key)
    await second_factor.confirm(session, caller.name, body.code, keys, clock())
    service.look_anew(session)
    return Response(status_code=204)


@router.delete(
    "/me/second-factor",
    status_code=204,
    responses=may_raise(NoSecondFactor, CodeNotRight, TooManyTries),
)
async def remove_second_factor(
    body: CodeIn,
    caller: MayUseOwn,
    session: SessionDep,
    settings: SettingsDep,
    clock: ClockDep,
    tries: Guessing,
) -> Response:
    """Remove the caller's second factor."""
    keys, now = second_factor.box(settings.secret_key), clock()
    await second_factor.remove(session, caller.name, body.code, keys, now)
    await throttle.succeeded(session, tries, now)
    service.look_anew(session)
    return Response(status_code=204)


@router.delete(
    "/people/{username}/second-factor",
    status_code=204,
    responses=may_raise(NotAllowed, UnknownPerson, AdminsOnly),
)
async def remove_lost_second_factor(
    username: UsernamePath, caller: MayManagePeople, session: SessionDep
) -> Response:
    """Remove the second factor of somebody who has lost it."""
    found = await service.person(session, username)
    service.require_admin_for(found, by_admin=holds(caller, Permission.ADMIN))
    await second_factor.forget(session, username)
    service.look_anew(session)
    return Response(status_code=204)
