"""A ticket as a customer sees it: the ticket card."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ticketing.tickets.kinds import STATE_LABELS, WITHDRAWN_LABEL, ticket_kind
from ticketing.tickets.lookup import carrier_name
from ticketing.tickets.views import TicketView


def ticket_card(view: TicketView) -> dict[str, Any]:
    """Return the ticket with its steps; nothing in it names or numbers a person."""
    ticket, times = view.ticket, view.step_times
    steps = [
        {
            "step": state.step,
            "label": state.label,
            "state": str(state.state),
            "at": _iso(times.get(state.step)),
        }
        for state in view.progress.steps
    ]
    return {
        "type": "ticket",
        "ticket_no": ticket.ticket_no,
        "kind": ticket.kind,
        "kind_label": ticket_kind(ticket.kind).label,
        "priority": ticket.priority,
        "state": ticket.state,
        "state_label": _state_label(view),
        "waybill_no": ticket.waybill_no,
        "carrier_name": carrier_name(ticket.carrier_code),
        "opened_at": ticket.opened_at.isoformat(),
        "updated_at": ticket.updated_at.isoformat(),
        "steps": steps,
    }


def bare_card(card: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return the card for somebody who has shown no right to it: number, kind and parcel."""
    shown = {"priority": str(ticket_kind(card["kind"]).priority), "state": "open"}
    hidden = {**shown, "state_label": STATE_LABELS["open"], "steps": []}
    return {**card, **hidden, "opened_at": now.isoformat(), "updated_at": now.isoformat()}


def _state_label(view: TicketView) -> str:
    return WITHDRAWN_LABEL if view.is_withdrawn else STATE_LABELS[view.ticket.state]


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
