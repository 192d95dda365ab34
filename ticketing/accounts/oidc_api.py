"""Single sign-on: to the identity provider and back."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field
from starlette.requests import HTTPConnection

from ticketing.accounts import audit, entrance, newcomers, oidc, session_cookie, throttle
from ticketing.accounts.audit import Place
from ticketing.accounts.entrance import Attempt
from ticketing.accounts.oidc import Errand, OidcNotSetUp, OidcRefused, OidcUnavailable, Provider
from ticketing.accounts.permissions import token_of
from ticketing.accounts.service import caller_of_token
from ticketing.accounts.sessions import CONSOLE_LIFETIME
from ticketing.accounts.tokens import Caller, Role
from ticketing.kernel.db import Database
from ticketing.kernel.errors import HouseError, NotSignedIn
from ticketing.kernel.settings import Settings
from ticketing.kernel.web import ClockDep, DatabaseDep, SettingsDep, may_raise

router = APIRouter(prefix="/api/session/oidc", tags=["accounts"])

COOKIE = "yw_oidc"
_PATH = "/api/session/oidc"
_ROUTE = f"GET {_PATH}/callback"
_PLAIN = re.compile(r"[a-z_]{1,40}")
"""An error of OAuth2 (RFC 6749, 4.1.2.1); anything else is not written down."""
_INSIDE, _OUTSIDE = "/console/", "/console/sign-in?refused={code}"


class ReturnIn(BaseModel):
    """What somebody brings back from the provider."""

    state: Annotated[str, Field(max_length=200)] = ""
    code: Annotated[str, Field(max_length=8000)] = ""
    error: Annotated[str, Field(max_length=200)] = ""

    def require(self, errand: Errand) -> None:
        """Raise `OidcRefused` unless this is what the errand was for."""
        if not secrets.compare_digest(self.state.encode(), errand.state.encode()):
            raise OidcRefused("state")
        if not self.code:
            raise OidcRefused(self.error if _PLAIN.fullmatch(self.error) else "no_code")


async def get_provider(connection: HTTPConnection) -> Provider:
    """Return the identity provider; raise `OidcNotSetUp`."""
    provider: Provider | None = connection.app.state.identity
    if provider is None:
        raise OidcNotSetUp
    return provider


ProviderDep = Annotated[Provider, Depends(get_provider)]


@router.get(
    "",
    status_code=303,
    response_class=RedirectResponse,
    responses=may_raise(OidcNotSetUp, OidcUnavailable),
)
async def leave(
    request: Request, provider: ProviderDep, settings: SettingsDep, db: DatabaseDep
) -> RedirectResponse:
    """Send a browser to the identity provider."""
    errand = Errand.begin(await _signed_in_as(request, settings, db))
    answer = RedirectResponse(await provider.address(errand, _back(request, settings)), 303)
    answer.set_cookie(
        COOKIE,
        errand.sealed(oidc.box(settings)),
        max_age=int(oidc.MAY_TAKE.total_seconds()),
        path=_PATH,
        secure=session_cookie.is_secure(request, settings),
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get(
    "/callback",
    status_code=303,
    response_class=RedirectResponse,
    responses=may_raise(OidcNotSetUp),
)
async def come_back(
    request: Request,
    provider: ProviderDep,
    settings: SettingsDep,
    db: DatabaseDep,
    clock: ClockDep,
    brought: Annotated[ReturnIn, Query()],
) -> RedirectResponse:
    """Let in whom the provider vouches for; whoever is refused is told on the sign-in page."""
    now = clock()
    try:
        errand = Errand.unsealed(request.cookies.get(COOKIE, ""), oidc.box(settings))
        brought.require(errand)
        stranger = await provider.stranger(brought.code, errand, _back(request, settings))
        async with db.transaction() as session:
            has_roles = bool(oidc.mapping_of(settings))
            caller = await newcomers.recognise(
                session, stranger, now, has_roles=has_roles, signed_in_as=errand.by
            )
            within = await entrance.begin(session, caller, _attempt(request, caller), now)
    except (OidcRefused, OidcUnavailable) as refused:
        await _note_refusal(request, refused, db, now)
        return _gone(_OUTSIDE.format(code=refused.code))
    answer = _gone(_INSIDE)
    session_cookie.put(answer, request, within, settings, clock)
    return answer


async def _signed_in_as(request: Request, settings: Settings, db: Database) -> str:
    """Return who is signed in at a browser; nothing where nobody is."""
    token, secret = token_of(request), settings.secret_key.get_secret_value()
    try:
        async with db.transaction() as session:
            return (await caller_of_token(session, token or "", secret)).name
    except NotSignedIn:
        return ""


async def _note_refusal(request: Request, refused: HouseError, db: Database, now: datetime) -> None:
    """Write down that somebody was refused; not for ever, for everybody may come to this door."""
    address = audit.address_of(request)
    async with db.transaction() as session:
        too_many = await throttle.count_return(session, address, now)
        if too_many is None:
            place = Place(_ROUTE, _why(refused), address)
            audit.note(session, Caller("", Role.AGENT), "failed", place, now)


def _gone(to: str) -> RedirectResponse:
    answer = RedirectResponse(to, 303)
    answer.delete_cookie(COOKIE, path=_PATH)
    return answer


def _why(refused: HouseError) -> str:
    return f"{refused.code}/{getattr(refused, 'why', '')}".rstrip("/")


def _attempt(request: Request, caller: Caller) -> Attempt:
    return Attempt(
        name=caller.name,
        secret="",
        origin=session_cookie.origin_of(request),
        how="oidc",
        route=_ROUTE,
        lifetime=CONSOLE_LIFETIME,
    )


def _back(request: Request, settings: Settings) -> str:
    return settings.oidc_redirect_url or str(request.base_url).rstrip("/") + f"{_PATH}/callback"
