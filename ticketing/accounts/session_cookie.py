"""The console's cookies: a token that no script can read and no other site can use, and a mark."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from fastapi import Request, Response

from ticketing.accounts import audit, tokens
from ticketing.accounts.permissions import COOKIE
from ticketing.accounts.sessions import CONSOLE_LIFETIME, Origin
from ticketing.accounts.tokens import Caller
from ticketing.kernel.clock import Clock
from ticketing.kernel.settings import Settings

MARK = "yw_signed_in"
"""Says only that there is a token, so that the console need not ask for whom nobody knows."""


def put(
    response: Response, request: Request, caller: Caller, settings: Settings, clock: Clock
) -> None:
    """Give a browser the token of somebody's sign-in."""
    secret = settings.secret_key.get_secret_value()
    token = tokens.issue(caller, secret, clock(), CONSOLE_LIFETIME)
    lifetime, secure = int(CONSOLE_LIFETIME.total_seconds()), is_secure(request, settings)
    response.set_cookie(
        COOKIE, token, max_age=lifetime, secure=secure, httponly=True, samesite="strict"
    )
    response.set_cookie(MARK, "1", max_age=lifetime, secure=secure, samesite="strict")


def take_away(response: Response, request: Request, settings: Settings) -> None:
    """Let a browser forget its token."""
    secure = is_secure(request, settings)
    response.delete_cookie(COOKIE, secure=secure, httponly=True, samesite="strict")
    response.delete_cookie(MARK, secure=secure, samesite="strict")


def is_secure(request: Request, settings: Settings) -> bool:
    """Tell whether cookies are for https alone: always, but for a demo over http."""
    return not (settings.demo and request.url.scheme == "http")


def of_header(header: str) -> str | None:
    """Return the token in a `Cookie` header, for those who see no request (sockets)."""
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return None
    return found.value if found else None


def origin_of(request: Request) -> Origin:
    """Return where a request comes from."""
    return Origin(audit.address_of(request), request.headers.get("user-agent", ""))
