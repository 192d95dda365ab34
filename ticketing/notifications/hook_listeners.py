"""What subscribers outside are told when tickets and clocks move."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.notifications import hooks, setup
from ticketing.sla.events import SlaBreached, SlaWarned
from ticketing.tickets import lookup
from ticketing.tickets.events import (
    TicketAssigned,
    TicketClosed,
    TicketFact,
    TicketMovedOn,
    TicketOpened,
    TicketReopened,
    TicketResolved,
    TicketsMerged,
)

PUBLISHED: Mapping[type[Any], str] = {
    TicketOpened: "ticket_opened",
    TicketMovedOn: "ticket_moved_on",
    TicketResolved: "ticket_resolved",
    TicketClosed: "ticket_closed",
    TicketReopened: "ticket_reopened",
    TicketAssigned: "ticket_assigned",
    TicketsMerged: "tickets_merged",
    SlaWarned: "sla_warned",
    SlaBreached: "sla_breached",
}
_TOLD = frozenset(
    {"step_done", "how", "queue", "assignee", "before", "into_no", "clock", "due_at", "level"}
)
_DISTINGUISH = ("change_id", "step_id", "clock_id")


async def tell_the_subscribers(fact: TicketFact, session: AsyncSession) -> None:
    """Tell every subscriber of a fact; nothing in it names or numbers a customer."""
    event = PUBLISHED[type(fact)]
    if not await setup.hooks_for(session, event):
        return
    ticket = await lookup.ticket(session, fact.ticket_id)
    told = {f.name: _json(getattr(fact, f.name)) for f in fields(fact) if f.name in _TOLD}
    data = {
        "ticket_no": ticket.ticket_no,
        "kind": ticket.kind,
        "state": ticket.state,
        "priority": ticket.priority,
        "waybill_no": ticket.waybill_no,
        "at": fact.at.isoformat(),
        **told,
    }
    await hooks.publish(session, event, data, _fact_id(event, fact), fact.at)


def _fact_id(event: str, fact: TicketFact) -> str:
    parts = [str(getattr(fact, name, "")) for name in _DISTINGUISH]
    return ":".join((event, str(fact.ticket_id), *parts, fact.at.isoformat()))


def _json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value
