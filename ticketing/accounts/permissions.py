"""Who may use a route, written as the type of its `caller` argument."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request

from ticketing.accounts.service import in_good_standing
from ticketing.accounts.tokens import Caller, Role, is_assistant, read
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.web import SessionDep, SettingsDep

_DEMO = Caller(name="demo", role=Role.SYSTEM)
_ASSISTANT = Caller(name="assistant", role=Role.ASSISTANT)


def bearer_token(request: Request) -> str | None:
    """Return the bearer token of a request, if it brings one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


async def signed_in(request: Request, settings: SettingsDep, session: SessionDep) -> Caller:
    """Return who is asking; raise `NotSignedIn`."""
    token = bearer_token(request)
    if token is None:
        raise NotSignedIn
    if is_assistant(token, settings.actions_token.get_secret_value()):
        return _ASSISTANT
    caller = read(token, settings.secret_key.get_secret_value())
    return await in_good_standing(session, caller)


async def trusted_system(request: Request, settings: SettingsDep, session: SessionDep) -> Caller:
    """Return the calling system; in demo mode no token is needed (loopback only)."""
    if bearer_token(request) is None and settings.demo:
        return _DEMO
    caller = await signed_in(request, settings, session)
    if caller.role is not Role.SYSTEM:
        raise NotAllowed
    return _DEMO if settings.demo else caller


def _one_of(*roles: Role) -> Callable[[Caller], Awaitable[Caller]]:
    async def check(caller: Annotated[Caller, Depends(signed_in)]) -> Caller:
        if caller.role not in roles:
            raise NotAllowed
        return caller

    return check


TrustedSystem = Annotated[Caller, Depends(trusted_system)]
Assistant = Annotated[Caller, Depends(_one_of(Role.ASSISTANT))]
SignedIn = Annotated[Caller, Depends(signed_in)]
MayHandleTickets = Annotated[
    Caller, Depends(_one_of(Role.AGENT, Role.LEAD, Role.MANAGER, Role.SYSTEM))
]
MayTalkToCustomers = Annotated[Caller, Depends(_one_of(Role.AGENT, Role.LEAD, Role.MANAGER))]
MayLead = Annotated[Caller, Depends(_one_of(Role.LEAD, Role.MANAGER))]
MayManage = Annotated[Caller, Depends(_one_of(Role.MANAGER))]
MayRegisterShipments = Annotated[Caller, Depends(_one_of(Role.SYSTEM, Role.MANAGER))]
