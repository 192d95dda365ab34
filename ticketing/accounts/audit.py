"""Who saw and changed what, in a table that is only ever added to.

A change by a person is written down in the transaction that makes it, and so is each look at
what is personal. A line names the thing and the door, never what it says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from ticketing.accounts.models import AuditLine
from ticketing.accounts.tokens import Caller, Role
from ticketing.kernel.paging import BadCursor

Deed = Literal["saw", "did", "failed"]

PEOPLE = frozenset({Role.AGENT, Role.LEAD, Role.TRAINER, Role.MANAGER, Role.ADMIN})
"""Whose deeds are written down; systems and the assistant act for others."""

PERSONAL = frozenset(
    {
        "/api/tickets/{ticket_no}",
        "/api/tickets/{ticket_no}/evidence",
        "/api/tickets/{ticket_no}/evidence.zip",
        "/api/tickets/{ticket_no}/papers/{name}.pdf",
        "/api/desk/conversations/{conversation_id}",
        "/api/desk/conversations/{conversation_id}/messages",
        "/api/desk/conversations/{conversation_id}/context",
        "/api/files",
        "/api/files/{file_id}/content",
        "/api/people",
        "/api/people/{username}/sessions",
        "/api/contacts",
        "/api/surveys",
        "/api/deliveries/{delivery_id}",
        "/api/audit",
    }
)
"""What shows people when it is asked for (GET)."""

UNREMARKABLE = frozenset({"/api/presence", "/api/forms/{name}/check"})
"""What changes nothing that anybody would ask about later, however it is asked for."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_ABOUT = "audit.about"
_LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """Which lines are wanted; what is None does not matter."""

    by: str | None = None
    what: str | None = None
    deed: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def about(session: AsyncSession, what: str) -> None:
    """Say which thing this request is about, where its address does not."""
    session.info[_ABOUT] = what


def note(session: AsyncSession, who: Caller, deed: Deed, place: Place, now: datetime) -> None:
    """Write down what somebody saw or did, in their own transaction."""
    line = AuditLine(at=now, by=who.name, role=str(who.role), deed=deed, address=place.address)
    line.route, line.what = place.route[:_LONGEST], place.what[:_LONGEST]
    session.add(line)


@dataclass(frozen=True)
class Place:
    """Where something was seen or done: which door, which thing, from which address."""

    route: str
    what: str
    address: str


def note_request(session: AsyncSession, request: Request, who: Caller, now: datetime) -> None:
    """Write down a request that went well, if it is one to be written down."""
    path = getattr(request.scope.get("route"), "path", request.url.path)
    is_look = request.method in _SAFE
    if who.role not in PEOPLE or path in UNREMARKABLE or (is_look and path not in PERSONAL):
        return
    place = Place(f"{request.method} {path}", _thing(session, request), address_of(request))
    note(session, who, "saw" if is_look else "did", place, now)


def address_of(request: Request) -> str:
    """Return where a request comes from."""
    return request.client.host if request.client else ""


def _thing(session: AsyncSession, request: Request) -> str:
    said: str | None = session.info.get(_ABOUT)
    if said is not None:
        return said
    named = [value.upper() if n.endswith("_no") else value for n, value in _named(request)]
    return "/".join(named) or request.query_params.get("subject", "")


def _named(request: Request) -> Sequence[tuple[str, str]]:
    return [(name, str(value)) for name, value in request.path_params.items()]


async def lines(
    session: AsyncSession, asked: Asked, before: int | None, limit: int
) -> Sequence[AuditLine]:
    """Return a page of the log, newest first; `what` is a thing or the beginning of its name."""
    query = select(AuditLine).order_by(AuditLine.id.desc()).limit(limit)
    for name in ("by", "deed"):
        wanted = getattr(asked, name)
        if wanted is not None:
            query = query.where(getattr(AuditLine, name) == wanted)
    if asked.what:
        query = query.where(AuditLine.what.startswith(asked.what, autoescape=True))
    if asked.since is not None:
        query = query.where(AuditLine.at >= asked.since)
    if asked.until is not None:
        query = query.where(AuditLine.at < asked.until)
    if before is not None:
        query = query.where(AuditLine.id < before)
    return (await session.scalars(query)).all()


def number_of(cursor: str) -> int:
    """Return the number a cursor says; raise `BadCursor`."""
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise BadCursor
    return int(cursor)
