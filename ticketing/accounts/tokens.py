"""Access tokens: who, in which role, of which sign-in, until when (JWT, HS256)."""

from __future__ import annotations

import hmac
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import jwt

from ticketing.kernel.errors import NotSignedIn

LIFETIME = timedelta(hours=8)
_ALGORITHM = "HS256"
_AUDIENCE = "yiwen"


class Role(StrEnum):
    """What somebody is to us."""

    CUSTOMER = "customer"
    """Whoever has the secret of a chat."""
    AGENT = "agent"
    LEAD = "lead"
    """Leads a team: all that an agent may, and approves what goes beyond an agent's limit."""
    TRAINER = "trainer"
    """Turns what the bot got wrong into better examples; sees no customers."""
    MANAGER = "manager"
    ADMIN = "admin"
    """All that a manager may, and says who is an admin."""
    SYSTEM = "system"
    ASSISTANT = "assistant"
    """The action server, acting for a customer."""


@dataclass(frozen=True)
class Caller:
    """Who is asking; `sid` is the sign-in they ask by."""

    name: str
    role: Role
    sid: uuid.UUID | None = field(default=None, compare=False)
    has_second_factor: bool = field(default=False, compare=False)


def issue(caller: Caller, secret: str, now: datetime, lifetime: timedelta = LIFETIME) -> str:
    """Return a signed token for a caller."""
    claims = {"sub": caller.name, "role": str(caller.role), "aud": _AUDIENCE}
    of_sign_in = {"sid": str(caller.sid)} if caller.sid else {}
    every = {**claims, **of_sign_in, "exp": now + lifetime}
    return jwt.encode(every, secret, algorithm=_ALGORITHM)


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
        return Caller(claims["sub"], Role(claims["role"]), _sid(claims.get("sid")))
    except (jwt.InvalidTokenError, KeyError, ValueError) as error:
        raise NotSignedIn from error


def _sid(claimed: Any) -> uuid.UUID | None:
    return uuid.UUID(claimed) if isinstance(claimed, str) else None


def is_assistant(token: str, shared: str) -> bool:
    """Tell whether this is the action server's shared token."""
    return hmac.compare_digest(token.encode(), shared.encode())
