"""What stands beside a conversation: parcels, tickets, earlier talks, on every channel."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from carriers.events import ShipmentStatus
from ticketing.desk.rows import Row
from ticketing.handoffs.texts import reason_text
from ticketing.kernel.masking import mask
from ticketing.shipments.models import ScanRow, Shipment
from ticketing.tickets.kinds import ticket_kinds
from ticketing.tickets.lookup import carrier_name
from ticketing.tickets.models import Ticket, TicketConversation, TicketStep

_MOST_PARCELS, _MOST_TICKETS, _MOST_TALKS, _MOST_SCANS = 8, 20, 20, 60
_SIBLINGS = text("""
SELECT id FROM conversations WHERE id = :id
UNION SELECT other.id FROM conversations mine JOIN conversations other USING (customer_id)
WHERE mine.id = :id
""")
_SPOKEN_OF = text("""
SELECT waybill_no, max(at) AS at FROM (
    SELECT waybill_no, shown_at AS at FROM parcel_proofs
    WHERE conversation_id = :id AND shown_at IS NOT NULL
    UNION ALL
    SELECT card ->> 'waybill_no', at FROM (
        SELECT card, at FROM messages WHERE conversation_id = :id ORDER BY seq DESC LIMIT 300
    ) AS said WHERE card ->> 'waybill_no' IS NOT NULL
) AS spoken GROUP BY waybill_no ORDER BY at DESC LIMIT :limit
""")
_PAST = text("""
SELECT c.id AS conversation_id, c.channel, h.ended_at AS at, h.reason,
       person.display_name AS agent_name, h.outcome, h.agreed, said.text AS last_text
FROM handoffs h JOIN conversations c ON c.id = h.conversation_id
LEFT JOIN people person ON person.username = h.taken_by
LEFT JOIN LATERAL (
    SELECT left(text, 200) AS text FROM messages
    WHERE conversation_id = c.id AND at <= h.ended_at ORDER BY seq DESC LIMIT 1
) AS said ON true
WHERE h.conversation_id = ANY(CAST(:ids AS uuid[])) AND h.ended_at IS NOT NULL
UNION ALL
SELECT c.id, c.channel, c.updated_at, NULL, NULL, NULL, NULL, left(said.text, 200)
FROM conversations c JOIN messages said ON said.conversation_id = c.id AND said.seq = c.last_seq
WHERE c.id = ANY(CAST(:ids AS uuid[])) AND c.id <> :id
  AND NOT EXISTS (SELECT 1 FROM handoffs h WHERE h.conversation_id = c.id)
ORDER BY at DESC LIMIT :limit
""")


@dataclass(frozen=True, kw_only=True)
class TicketBrief:
    """A ticket and its next step."""

    ticket_no: str
    kind: str
    kind_label: str
    state: str
    priority: str
    version: int
    step: str | None
    step_label: str | None
    form: str | None
    assignee: str | None
    due_at: datetime | None
    opened_at: datetime


@dataclass(frozen=True, kw_only=True)
class Scan:
    """One event of a parcel, masked."""

    at: datetime
    status: str
    status_label: str
    city: str | None
    text: str


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A parcel with its events, newest first."""

    waybill_no: str
    carrier_code: str
    carrier_name: str
    status: str | None
    status_label: str | None
    vip: bool
    events: Sequence[Scan]


@dataclass(frozen=True, kw_only=True)
class Past:
    """An earlier hand-over, or another conversation of the customer's."""

    conversation_id: uuid.UUID
    channel: str
    at: datetime
    reason_text: str | None
    agent_name: str | None
    outcome: str | None
    agreed: str | None
    last_text: str


@dataclass(frozen=True)
class Context:
    """What stands beside a conversation."""

    row: Row
    parcels: Sequence[Parcel]
    tickets: Sequence[TicketBrief]
    past: Sequence[Past]


async def context(session: AsyncSession, row: Row) -> Context:
    """Return what stands beside a conversation, in seven statements."""
    siblings = (await session.scalars(_SIBLINGS, {"id": row.id})).all()
    tickets = await tickets_of(session, siblings)
    parcels = await _parcels(session, row.id, [ticket for ticket, _ in tickets])
    past = await _past(session, row.id, siblings)
    return Context(row, parcels, [_brief(*each) for each in tickets], past)


async def tickets_of(
    session: AsyncSession, conversations: Sequence[uuid.UUID]
) -> Sequence[tuple[Ticket, TicketStep | None]]:
    """Return the tickets of these conversations with their newest open step, open ones first."""
    ids = select(TicketConversation.ticket_id).where(
        TicketConversation.conversation_id.in_(conversations)
    )
    query = (
        select(Ticket)
        .where(Ticket.id.in_(ids))
        .order_by(Ticket.state == "closed", Ticket.opened_at.desc())
        .limit(_MOST_TICKETS)
    )
    tickets = (await session.scalars(query)).all()
    steps = select(TicketStep).where(
        TicketStep.ticket_id.in_([ticket.id for ticket in tickets]), TicketStep.done_at.is_(None)
    )
    found = await session.scalars(steps.order_by(TicketStep.id))
    newest = {step.ticket_id: step for step in found}
    return [(ticket, newest.get(ticket.id)) for ticket in tickets]


def _brief(ticket: Ticket, step: TicketStep | None) -> TicketBrief:
    kind = ticket_kinds().get(ticket.kind)
    names = ("ticket_no", "kind", "state", "priority", "version", "due_at", "opened_at")
    return TicketBrief(
        **{name: getattr(ticket, name) for name in names},
        kind_label=kind.label if kind else ticket.kind,
        step=step.step if step else None,
        step_label=step.label if step else None,
        form=step.form if step else None,
        assignee=step.assignee if step else ticket.assignee,
    )


async def _parcels(
    session: AsyncSession, conversation_id: uuid.UUID, tickets: Sequence[Ticket]
) -> Sequence[Parcel]:
    values = {"id": conversation_id, "limit": _MOST_PARCELS}
    spoken = [row.waybill_no for row in await session.execute(_SPOKEN_OF, values)]
    named = [ticket.waybill_no for ticket in tickets if ticket.waybill_no]
    wanted = list(dict.fromkeys([*spoken, *named]))[:_MOST_PARCELS]
    if not wanted:
        return ()
    shipments = await session.scalars(select(Shipment).where(Shipment.waybill_no.in_(wanted)))
    known = {shipment.waybill_no: shipment for shipment in shipments}
    scans: dict[str, list[Scan]] = defaultdict(list)
    query = select(ScanRow).where(ScanRow.waybill_no.in_(wanted))
    for scan in await session.scalars(query.order_by(ScanRow.happened_at.desc())):
        if len(scans[scan.waybill_no]) < _MOST_SCANS:
            scans[scan.waybill_no].append(_scan(scan))
    return [_parcel(known[each], scans[each]) for each in wanted if each in known]


def _parcel(shipment: Shipment, events: Sequence[Scan]) -> Parcel:
    return Parcel(
        waybill_no=shipment.waybill_no,
        carrier_code=shipment.carrier_code or "",
        carrier_name=carrier_name(shipment.carrier_code),
        status=shipment.status,
        status_label=_label(shipment.status) if shipment.status else None,
        vip=shipment.vip,
        events=events,
    )


def _scan(row: ScanRow) -> Scan:
    return Scan(
        at=row.happened_at,
        status=row.status,
        status_label=_label(row.status),
        city=row.place or None,
        text=mask(row.text),
    )


def _label(status: str) -> str:
    return ShipmentStatus(status).label if status in set(ShipmentStatus) else status


async def _past(
    session: AsyncSession, conversation_id: uuid.UUID, siblings: Sequence[uuid.UUID]
) -> Sequence[Past]:
    values = {"id": conversation_id, "ids": list(siblings), "limit": _MOST_TALKS}
    return [_talk(row) for row in await session.execute(_PAST, values)]


def _talk(row: Any) -> Past:
    own = ("conversation_id", "channel", "at", "agent_name", "outcome", "agreed")
    return Past(
        **{name: getattr(row, name) for name in own},
        reason_text=reason_text(row.reason),
        last_text=row.last_text or "",
    )
