"""Access tokens: who, in which role, until when (JWT, HS256)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import jwt

from ticketing.kernel.errors import NotSignedIn

LIFETIME = timedelta(hours=8)
_ALGORITHM = "HS256"
_AUDIENCE = "yiwen"


class Role(StrEnum):
    """What somebody is to us."""

    AGENT = "agent"
    LEAD = "lead"
    """Leads a team: all that an agent may, and approves what goes beyond an agent's limit."""
    MANAGER = "manager"
    SYSTEM = "system"
    ASSISTANT = "assistant"
    """The action server, acting for a customer."""


@dataclass(frozen=True)
class Caller:
    """Who is asking."""

    name: str
    role: Role


def issue(caller: Caller, secret: str, now: datetime) -> str:
    """Return a signed token for a caller."""
    claims = {"sub": caller.name, "role": str(caller.role), "aud": _AUDIENCE}
    return jwt.encode({**claims, "exp": now + LIFETIME}, secret, algorithm=_ALGORITHM)


def read(token: str, secret: str) -> Caller:
    """Return whom a token speaks for; raise `NotSignedIn`."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            options={"require": ["exp", "sub", "aud"]},
        )
        return Caller(name=claims["sub"], role=Role(claims["role"]))
    except (jwt.InvalidTokenError, KeyError, ValueError) as error:
        raise NotSignedIn from error


def is_assistant(token: str, shared: str) -> bool:
    """Tell whether this is the action server's shared token."""
    return hmac.compare_digest(token.encode(), shared.encode())
