"""A ticket as a customer sees it: the ticket card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ticketing.tickets import service
from ticketing.tickets.kinds import STATE_LABELS, WITHDRAWN_LABEL, ticket_kind
from ticketing.tickets.models import Ticket, TicketChange


def ticket_card(ticket: Ticket, changes: Sequence[TicketChange]) -> dict[str, Any]:
    """Return the ticket with its steps; nothing in it names or numbers a person."""
    times = service.step_times(changes)
    steps = [
        {
            "step": state.step,
            "label": state.label,
            "state": str(state.state),
            "at": _iso(times.get(state.step)),
        }
        for state in service.progress_of(ticket).steps
    ]
    return {
        "type": "ticket",
        "ticket_no": ticket.ticket_no,
        "kind": ticket.kind,
        "kind_label": ticket_kind(ticket.kind).label,
        "priority": ticket.priority,
        "state": ticket.state,
        "state_label": _state_label(ticket, changes),
        "waybill_no": ticket.waybill_no,
        "carrier_name": service.carrier_name(ticket.carrier_code),
        "opened_at": ticket.opened_at.isoformat(),
        "updated_at": ticket.updated_at.isoformat(),
        "steps": steps,
    }


def bare_card(card: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return the card for somebody who has shown no right to it: number, kind and parcel."""
    shown = {"priority": str(ticket_kind(card["kind"]).priority), "state": "open"}
    hidden = {**shown, "state_label": STATE_LABELS["open"], "steps": []}
    return {**card, **hidden, "opened_at": now.isoformat(), "updated_at": now.isoformat()}


def _state_label(ticket: Ticket, changes: Sequence[TicketChange]) -> str:
    if any(change.what == service.WITHDRAWN for change in changes):
        return WITHDRAWN_LABEL
    return STATE_LABELS[ticket.state]


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
