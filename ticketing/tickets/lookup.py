"""Tickets by number or id, and what their texts may name."""

from __future__ import annotations

import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.errors import HouseError
from ticketing.shipments import service as shipments
from ticketing.tickets import repository
from ticketing.tickets.models import Ticket


class UnknownTicket(HouseError):
    """No ticket has this number."""

    status, code = 404, "unknown_ticket"

    def __init__(self, ticket_no: str) -> None:
        super().__init__("没有这个工单号", ticket_no=ticket_no)


async def ticket_by_no(session: AsyncSession, ticket_no: str, *, lock: bool = False) -> Ticket:
    """Return a ticket; raise `UnknownTicket`."""
    ticket = await repository.by_no(session, ticket_no.upper(), lock=lock)
    if ticket is None:
        raise UnknownTicket(ticket_no)
    return ticket


async def ticket(session: AsyncSession, ticket_id: uuid.UUID) -> Ticket:
    """Return a ticket by its id; raise `UnknownTicket`."""
    found = await repository.by_id(session, ticket_id)
    if found is None:
        raise UnknownTicket(str(ticket_id))
    return found


def text_facts(ticket: Ticket) -> dict[str, str]:
    """Return what sentences about a ticket may name."""
    known = {
        "ticket_no": ticket.ticket_no,
        "waybill_no": ticket.waybill_no,
        "carrier_name": carrier_name(ticket.carrier_code),
    }
    return {name: value for name, value in known.items() if value}


def carrier_name(code: str | None) -> str:
    """Return the carrier's Chinese name, or an empty text."""
    carrier = shipments.catalog().by_code(code) if code else None
    return carrier.name if carrier else ""
