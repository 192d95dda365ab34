"""Every SELECT of tickets."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.tickets.models import Ticket, TicketChange, TicketConversation, TicketCounter

OPEN = ("open", "paused")
UNCLOSED = (*OPEN, "resolved")
EVERY = (*UNCLOSED, "closed")


async def serialise_complaints(session: AsyncSession, about: str, kind: str) -> None:
    """Let one complaint of this kind about this parcel (or of this cause) pass at a time."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"{about}/{kind}"},
    )


async def open_ticket_for(session: AsyncSession, waybill_no: str, kind: str) -> Ticket | None:
    """Return the open ticket of this kind for a waybill."""
    found = await session.scalars(
        select(Ticket)
        .where(Ticket.waybill_no == waybill_no, Ticket.kind == kind, Ticket.state.in_(OPEN))
        .with_for_update()
    )
    return found.one_or_none()


async def by_no(session: AsyncSession, ticket_no: str, *, lock: bool = False) -> Ticket | None:
    """Return a ticket by its number, locked when asked."""
    query = select(Ticket).where(Ticket.ticket_no == ticket_no)
    locked = query.with_for_update().execution_options(populate_existing=True)
    found = await session.scalars(locked if lock else query)
    return found.one_or_none()


async def by_id(session: AsyncSession, ticket_id: uuid.UUID) -> Ticket | None:
    """Return a ticket by its id."""
    return await session.get(Ticket, ticket_id)


async def change_by_cause(session: AsyncSession, cause: str) -> TicketChange | None:
    """Return what this cause has already brought about."""
    found = await session.scalars(select(TicketChange).where(TicketChange.cause == cause))
    return found.one_or_none()


async def changes(session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[TicketChange]:
    """Return the history of a ticket, oldest first."""
    found = await session.scalars(
        select(TicketChange).where(TicketChange.ticket_id == ticket_id).order_by(TicketChange.id)
    )
    return found.all()


async def next_number(session: AsyncSession, day: date) -> int:
    """Return the next number of a day, counted from 1."""
    statement = insert(TicketCounter).values(day=day, last=1)
    found = await session.execute(
        statement.on_conflict_do_update(
            index_elements=["day"], set_={"last": TicketCounter.last + 1}
        ).returning(TicketCounter.last)
    )
    return int(found.scalar_one())


async def link(session: AsyncSession, row: TicketConversation) -> None:
    """Let a conversation be told of a ticket; a proof once shown stays shown."""
    values = {
        "ticket_id": row.ticket_id,
        "conversation_id": row.conversation_id,
        "is_opener": row.is_opener,
        "proven": row.proven,
        "joined_at": row.joined_at,
    }
    statement = insert(TicketConversation).values(**values)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["ticket_id", "conversation_id"],
            set_={"proven": TicketConversation.proven | statement.excluded.proven},
        )
    )


async def links(session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[TicketConversation]:
    """Return the conversations of a ticket, whatever they have shown."""
    found = await session.scalars(
        select(TicketConversation).where(TicketConversation.ticket_id == ticket_id)
    )
    return found.all()


async def audience(session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Return the conversations that may be told of a ticket's steps."""
    found = await session.scalars(
        select(TicketConversation.conversation_id)
        .where(
            TicketConversation.ticket_id == ticket_id,
            TicketConversation.proven | TicketConversation.is_opener,
        )
        .order_by(TicketConversation.conversation_id)
    )
    return found.all()


async def of_conversation(
    session: AsyncSession, conversation_id: uuid.UUID, states: tuple[str, ...], limit: int
) -> Sequence[Ticket]:
    """Return the tickets in these states a conversation may hear of, newest first."""
    found = await session.scalars(
        select(Ticket)
        .join(TicketConversation, TicketConversation.ticket_id == Ticket.id)
        .where(
            TicketConversation.conversation_id == conversation_id,
            TicketConversation.proven | TicketConversation.is_opener,
            Ticket.state.in_(states),
        )
        .order_by(Ticket.opened_at.desc())
        .limit(limit)
    )
    return found.all()


async def of_waybill(session: AsyncSession, waybill_no: str, limit: int) -> Sequence[Ticket]:
    """Return the tickets about a waybill, newest first."""
    found = await session.scalars(
        select(Ticket)
        .where(Ticket.waybill_no == waybill_no)
        .order_by(Ticket.opened_at.desc())
        .limit(limit)
    )
    return found.all()


async def page(
    session: AsyncSession,
    filters: dict[str, str],
    before: tuple[datetime, str] | None,
    limit: int,
) -> Sequence[Ticket]:
    """Return tickets, newest first; `filters` by column, `before` the last one seen."""
    conditions: list[ColumnElement[bool]] = [
        getattr(Ticket, column) == value for column, value in filters.items()
    ]
    if before:
        conditions.append(tuple_(Ticket.opened_at, Ticket.ticket_no) < before)
    found = await session.scalars(
        select(Ticket)
        .where(*conditions)
        .order_by(Ticket.opened_at.desc(), Ticket.ticket_no.desc())
        .limit(limit)
    )
    return found.all()
