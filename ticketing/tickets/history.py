"""The history of a ticket: a line for each change, each sealing those before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.tickets.models import Ticket, TicketChange


def seal(ticket_no: str, change: TicketChange) -> str:
    """Return the hash of a line: SHA-256 over the line before it and everything it says."""
    said = {
        "ticket_no": ticket_no,
        "at": change.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": change.by,
        "what": change.what,
        "facts": _as_stored(change.facts),
        "cause": change.cause,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{change.previous_hash}\n{text}".encode()).hexdigest()


@dataclass(frozen=True)
class Line:
    """Who did what; a `cause` makes the same request a single line."""

    what: str
    by: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    cause: str | None = None


def record(session: AsyncSession, ticket: Ticket, line: Line, now: datetime) -> TicketChange:
    """Add a line to the history of a ticket that is new or locked; it has an id once flushed."""
    change = TicketChange(
        ticket_id=ticket.id,
        at=now,
        by=line.by,
        what=line.what,
        facts=dict(line.facts),
        cause=line.cause,
        previous_hash=ticket.chain_head,
    )
    change.hash = ticket.chain_head = seal(ticket.ticket_no, change)
    ticket.updated_at = now
    ticket.version += 1
    session.add(change)
    return change


def _as_stored(value: Any) -> Any:
    """Return a value as it will be read again: JSONB keeps 1e16 without its fraction."""
    if isinstance(value, float) and value.is_integer():
        return int(Decimal(repr(value)))
    if isinstance(value, Mapping):
        return {key: _as_stored(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_as_stored(each) for each in value]
    return value
