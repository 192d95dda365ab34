"""The console's sessions: sign in and out, and where one is signed in."""

from __future__ import annotations

import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from ticketing.accounts import entrance, second_factor, service, session_cookie, sessions, throttle
from ticketing.accounts.entrance import Attempt
from ticketing.accounts.guessing import Guessing
from ticketing.accounts.oidc import provider_of
from ticketing.accounts.permissions import (
    GRANTS,
    MayManagePeople,
    MayUseOwn,
    Permission,
    SignedIn,
    holds,
)
from ticketing.accounts.schemas import (
    USERNAME,
    MeOut,
    OwnPasswordIn,
    SignInIn,
    SignInOut,
    SignInWaysOut,
)
from ticketing.accounts.second_factor import SecondFactorNeeded, WrongCode
from ticketing.accounts.service import AdminsOnly, InvalidGrant, UnknownPerson, WrongPassword
from ticketing.accounts.sessions import CONSOLE_LIFETIME
from ticketing.accounts.throttle import TooManyTries
from ticketing.accounts.tokens import Caller
from ticketing.kernel.errors import HouseError, NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, DatabaseDep, SessionDep, SettingsDep, may_raise

router = APIRouter(prefix="/api", tags=["accounts"])

UsernamePath = Annotated[str, Path(max_length=64, pattern=USERNAME)]
_ASKED = may_raise(NotSignedIn, NotAllowed)


class UnknownSignIn(HouseError):
    """The caller is not signed in there, or no longer."""

    status, code = 404, "unknown_sign_in"

    def __init__(self) -> None:
        super().__init__("没有这个登录，或已经退出")


@router.get("/session/ways")
async def ways(settings: SettingsDep) -> SignInWaysOut:
    """Return how one may sign in here."""
    label = settings.oidc_label if provider_of(settings) else None
    return SignInWaysOut(password=True, oidc_label=label)


@router.post(
    "/session", responses=may_raise(InvalidGrant, SecondFactorNeeded, WrongCode, TooManyTries)
)
async def sign_in(
    body: SignInIn,
    request: Request,
    response: Response,
    db: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
) -> MeOut:
    """Sign somebody in; the answer sets a cookie that scripts cannot read."""
    attempt = Attempt(
        name=body.username,
        secret=body.password,
        code=body.code,
        origin=session_cookie.origin_of(request),
        how="password",
        route="POST /api/session",
        lifetime=CONSOLE_LIFETIME,
    )
    keys = second_factor.box(settings.secret_key)
    caller = await entrance.enter(db, attempt, keys, clock())
    session_cookie.put(response, request, caller, settings, clock)
    async with db.transaction() as session:
        return await about(session, caller)


@router.delete("/session", status_code=204, responses=_ASKED)
async def sign_out(
    caller: SignedIn,
    request: Request,
    session: SessionDep,
    settings: SettingsDep,
    clock: ClockDep,
) -> Response:
    """Sign out here."""
    if caller.sid is not None:
        await sessions.end(session, caller.name, clock(), only=caller.sid)
    response = Response(status_code=204)
    session_cookie.take_away(response, request, settings)
    return response


@router.get("/me", responses=_ASKED)
async def me(caller: SignedIn, session: SessionDep) -> MeOut:
    """Return who is asking, and what they may do."""
    return await about(session, caller)


async def about(session: SessionDep, caller: Caller) -> MeOut:
    """Return what somebody may know of themselves."""
    return MeOut(
        name=caller.name,
        display_name=await service.display_name(session, caller),
        role=caller.role,
        permissions=sorted(GRANTS[caller.role]),
        has_second_factor=await second_factor.has_one(session, caller.name),
    )


@router.get("/me/sessions", responses=_ASKED)
async def own_sessions(caller: MayUseOwn, session: SessionDep) -> list[SignInOut]:
    """Return where the caller is signed in."""
    found = await sessions.of_person(session, caller.name)
    return [SignInOut.of(each, caller.sid) for each in found]


@router.delete(
    "/me/sessions/{session_id}", status_code=204, responses=_ASKED | may_raise(UnknownSignIn)
)
async def end_own_session(
    session_id: uuid.UUID, caller: MayUseOwn, session: SessionDep, clock: ClockDep
) -> Response:
    """Sign the caller out somewhere else."""
    if not await sessions.end(session, caller.name, clock(), only=session_id):
        raise UnknownSignIn
    return Response(status_code=204)


@router.post(
    "/me/password",
    status_code=204,
    responses=_ASKED | may_raise(UnknownPerson, WrongPassword, TooManyTries),
)
async def change_own_password(
    body: OwnPasswordIn,
    caller: MayUseOwn,
    session: SessionDep,
    clock: ClockDep,
    tries: Guessing,
) -> Response:
    """Change the caller's password; every other session of theirs ends."""
    now = clock()
    await service.change_own_password(session, caller, body.old, body.new, now)
    await throttle.succeeded(session, tries, now)
    return Response(status_code=204)


@router.get("/people/{username}/sessions", responses=_ASKED | may_raise(UnknownPerson))
async def sessions_of(
    username: UsernamePath, caller: MayManagePeople, session: SessionDep
) -> list[SignInOut]:
    """Return where a person is signed in."""
    found = await service.person(session, username)
    signed_in = await sessions.of_person(session, found.username)
    return [SignInOut.of(each, caller.sid) for each in signed_in]


@router.delete(
    "/people/{username}/sessions",
    status_code=204,
    responses=_ASKED | may_raise(UnknownPerson, NotAllowed, AdminsOnly),
)
async def end_sessions_of(
    username: UsernamePath, caller: MayManagePeople, session: SessionDep, clock: ClockDep
) -> Response:
    """Sign a person out everywhere."""
    found = await service.person(session, username)
    service.require_admin_for(found, by_admin=holds(caller, Permission.ADMIN))
    await sessions.end(session, username, clock())
    return Response(status_code=204)
