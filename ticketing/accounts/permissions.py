"""Who may do what: one table, and the types of a route's `caller` argument that ask it.

`docs/permissions.md` is made of this table and the routes; a test walks through all of it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Request

from ticketing.accounts import audit, sessions
from ticketing.accounts.service import caller_of_token
from ticketing.accounts.tokens import Caller, Role, is_assistant
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.settings import Settings
from ticketing.kernel.web import ClockDep, SessionDep, SettingsDep

COOKIE = "yw_session"
"""Holds the console's token; no script can read it."""

CONSOLE_HEADER = "X-Yiwen"
"""No other site can make a browser send it: with a cookie nothing is changed without it."""

_DEMO = Caller(name="demo", role=Role.SYSTEM)
_ASSISTANT = Caller(name="assistant", role=Role.ASSISTANT)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Permission(StrEnum):
    """What somebody may do."""

    CHAT = "chat"
    """Write to us, by the secret of one's own chat."""
    CHANNEL = "channel"
    """Bring what customers write elsewhere."""
    ASSIST = "assist"
    """Ask on behalf of the customer who is talking to the bot."""
    OWN = "own"
    """One's own account, sign-ins and second factor."""
    TALK = "talk"
    """Talk to customers at the desk."""
    TICKETS = "tickets"
    """See and work on tickets, files and evidence."""
    REGISTER = "register"
    """Say which parcels we look after."""
    LEAD = "lead"
    """Assign, watch the wall, decide what is above an agent's limit."""
    APPROVE = "approve"
    """Approve what is above an agent's limit."""
    UNLIMITED = "unlimited"
    """Decide about any amount, as finance does."""
    MANAGE = "manage"
    """Change processes, rules, forms, queues, time limits, papers, messages."""
    TRAIN = "train"
    """Judge and better what the bot understands."""
    PEOPLE = "people"
    """Add and change people, and sign them out."""
    AUDIT = "audit"
    """Look up who saw and changed what."""
    ADMIN = "admin"
    """Say who is an admin."""


_AGENT = frozenset({Permission.OWN, Permission.TALK, Permission.TICKETS})
_LEAD = _AGENT | {Permission.LEAD, Permission.APPROVE}
_MANAGER = _LEAD | {
    *(Permission.MANAGE, Permission.TRAIN, Permission.PEOPLE, Permission.AUDIT),
    *(Permission.REGISTER, Permission.UNLIMITED),
}

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.CUSTOMER: frozenset({Permission.CHAT}),
    Role.AGENT: _AGENT,
    Role.LEAD: _LEAD,
    Role.TRAINER: frozenset({Permission.OWN, Permission.TRAIN}),
    Role.MANAGER: _MANAGER,
    Role.ADMIN: _MANAGER | {Permission.ADMIN},
    Role.SYSTEM: frozenset(
        {
            *(Permission.CHANNEL, Permission.TICKETS, Permission.REGISTER),
            *(Permission.APPROVE, Permission.UNLIMITED),
        }
    ),
    Role.ASSISTANT: frozenset({Permission.ASSIST}),
}
"""Who may what; nobody may what is not here."""

EVENTS: Mapping[str, Mapping[str, Permission]] = {
    "/": dict.fromkeys(("session_request", "user_uttered", "seen", "user_typing"), Permission.CHAT),
    "/desk": {
        **dict.fromkeys(("present", "watch", "unwatch", "typing", "seen"), Permission.TALK),
        "wall": Permission.LEAD,
    },
}
"""What the socket's events ask for, by namespace."""


class SecondFactorMissing(NotAllowed):
    """Somebody's role asks for a second factor, and they have set none up yet."""

    code = "second_factor_missing"

    def __init__(self) -> None:
        super().__init__("您的角色要求启用动态验证码，请先在「我的账号」里设置")


def holds(caller: Caller, permission: Permission) -> bool:
    """Tell whether somebody may do something."""
    return permission in GRANTS[caller.role]


def holders(permission: Permission) -> frozenset[Role]:
    """Return the roles that may do something."""
    return frozenset(role for role, granted in GRANTS.items() if permission in granted)


def require(caller: Caller, permission: Permission, settings: Settings) -> None:
    """Raise `NotAllowed` unless somebody may do something, `SecondFactorMissing` unless so far."""
    if not holds(caller, permission):
        raise NotAllowed
    wants_more = caller.role in settings.roles_with_second_factor
    if wants_more and not caller.has_second_factor and permission is not Permission.OWN:
        raise SecondFactorMissing


def bearer_token(request: Request) -> str | None:
    """Return the bearer token of a request, if it brings one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def token_of(request: Request) -> str | None:
    """Return a request's token: the bearer's, else the cookie's where the console sent it."""
    token = bearer_token(request)
    if token is not None:
        return token
    is_ours = request.headers.get(CONSOLE_HEADER) == "console"
    return request.cookies.get(COOKIE) if is_ours or request.method in _SAFE else None


async def signed_in(request: Request, settings: SettingsDep, session: SessionDep) -> Caller:
    """Return who is asking; raise `NotSignedIn`."""
    token = token_of(request)
    if token is None:
        raise NotSignedIn
    if is_assistant(token, settings.actions_token.get_secret_value()):
        return _ASSISTANT
    return await caller_of_token(session, token, settings.secret_key.get_secret_value())


async def trusted_system(request: Request, settings: SettingsDep, session: SessionDep) -> Caller:
    """Return the calling system; in demo mode no token is needed (loopback only)."""
    if bearer_token(request) is None and settings.demo:
        return _DEMO
    caller = await signed_in(request, settings, session)
    require(caller, Permission.CHANNEL, settings)
    return _DEMO if settings.demo else caller


def may(permission: Permission) -> Any:
    """Return what lets those in who may do something, and writes down what they did."""

    async def check(
        request: Request,
        settings: SettingsDep,
        session: SessionDep,
        clock: ClockDep,
        caller: Annotated[Caller, Depends(signed_in)],
    ) -> AsyncIterator[Caller]:
        require(caller, permission, settings)
        yield caller
        # A route that gave its transaction back has written its own line.
        if session.in_transaction():
            now = clock()
            audit.note_request(session, request, caller, now)
            await sessions.seen(session, caller, now)

    return asks_for(permission, check)


def asks_for[Check: Callable[..., Any]](permission: Permission, check: Check) -> Check:
    """Mark what lets somebody in with the permission it asks for; the docs read it."""
    check.__dict__["permission"] = permission
    return check


asks_for(Permission.CHANNEL, trusted_system)

TrustedSystem = Annotated[Caller, Depends(trusted_system)]
Assistant = Annotated[Caller, Depends(may(Permission.ASSIST), scope="function")]
SignedIn = Annotated[Caller, Depends(signed_in)]
MayUseOwn = Annotated[Caller, Depends(may(Permission.OWN), scope="function")]
MayHandleTickets = Annotated[Caller, Depends(may(Permission.TICKETS), scope="function")]
MayTalkToCustomers = Annotated[Caller, Depends(may(Permission.TALK), scope="function")]
MayLead = Annotated[Caller, Depends(may(Permission.LEAD), scope="function")]
MayManage = Annotated[Caller, Depends(may(Permission.MANAGE), scope="function")]
MayTrain = Annotated[Caller, Depends(may(Permission.TRAIN), scope="function")]
MayManagePeople = Annotated[Caller, Depends(may(Permission.PEOPLE), scope="function")]
MayAudit = Annotated[Caller, Depends(may(Permission.AUDIT), scope="function")]
MayRegisterShipments = Annotated[Caller, Depends(may(Permission.REGISTER), scope="function")]
