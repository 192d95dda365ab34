"""Every SELECT of evidence."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.conversations.models import Message
from ticketing.evidence.models import EvidencePack
from ticketing.tickets.models import Ticket, TicketChange, TicketConversation


async def packs(session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[EvidencePack]:
    """Return the frozen packs of a ticket, oldest first."""
    found = await session.scalars(
        select(EvidencePack)
        .where(EvidencePack.ticket_id == ticket_id)
        .order_by(EvidencePack.revision)
    )
    return found.all()


async def pack(session: AsyncSession, ticket_id: uuid.UUID, revision: int) -> EvidencePack | None:
    """Return a frozen pack of a ticket."""
    found = await session.scalars(
        select(EvidencePack).where(
            EvidencePack.ticket_id == ticket_id, EvidencePack.revision == revision
        )
    )
    return found.one_or_none()


async def conversations(
    session: AsyncSession, ticket_id: uuid.UUID
) -> Sequence[tuple[uuid.UUID, datetime]]:
    """Return the conversations that belong to a ticket, and when each of them joined it."""
    found = await session.execute(
        select(TicketConversation.conversation_id, TicketConversation.joined_at)
        .where(
            TicketConversation.ticket_id == ticket_id,
            TicketConversation.proven | TicketConversation.is_opener,
        )
        .order_by(TicketConversation.joined_at, TicketConversation.conversation_id)
    )
    return [(row.conversation_id, row.joined_at) for row in found]


async def newest_messages(
    session: AsyncSession,
    conversation_id: uuid.UUID,
    since: datetime,
    until: datetime,
    limit: int,
) -> Sequence[Message]:
    """Return the newest `limit` messages of a conversation between two times, oldest first."""
    found = await session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.at.between(since, until))
        .order_by(Message.seq.desc())
        .limit(limit)
    )
    return tuple(reversed(found.all()))


async def tickets_with_packs(
    session: AsyncSession, what: str, ticket_nos: Sequence[str]
) -> Sequence[tuple[uuid.UUID, str]]:
    """Return id and number of tickets with frozen packs, or with lines that say there are."""
    kept = select(EvidencePack.ticket_id)
    said = select(TicketChange.ticket_id).where(TicketChange.what == what)
    wanted = select(Ticket.id, Ticket.ticket_no).where(Ticket.id.in_(kept.union(said)))
    if ticket_nos:
        wanted = wanted.where(Ticket.ticket_no.in_(ticket_nos))
    found = await session.execute(wanted.order_by(Ticket.ticket_no))
    return [(row.id, row.ticket_no) for row in found]


async def lines_about(
    session: AsyncSession, ticket_id: uuid.UUID, what: str
) -> Sequence[dict[str, Any]]:
    """Return what the lines of one sort say in a ticket's history, in order."""
    wanted = select(TicketChange.facts).filter_by(ticket_id=ticket_id, what=what)
    return (await session.scalars(wanted.order_by(TicketChange.id))).all()
