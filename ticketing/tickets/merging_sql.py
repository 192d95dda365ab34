"""The statements of merging, splitting, linking and opening again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.tickets.hearing import Hearer
from ticketing.tickets.models import Ticket, TicketChange, TicketConversation, TicketLink


async def serialise(session: AsyncSession) -> None:
    """Let one change that ties tickets together pass at a time: several are locked by it."""
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('tickets', 7))"))


async def proven_for(
    session: AsyncSession, waybill_no: str | None, conversations: Sequence[uuid.UUID]
) -> set[uuid.UUID]:
    """Return which conversations have shown the digits of a parcel, as far as tickets tell."""
    if waybill_no is None or not conversations:
        return set()
    found = await session.scalars(
        select(TicketConversation.conversation_id)
        .join(Ticket, Ticket.id == TicketConversation.ticket_id)
        .where(
            Ticket.waybill_no == waybill_no,
            TicketConversation.proven,
            TicketConversation.conversation_id.in_(conversations),
        )
    )
    return set(found)


async def let_hear(
    session: AsyncSession, ticket_id: uuid.UUID, hearers: Sequence[Hearer], now: datetime
) -> None:
    """Let conversations hear of a ticket; a right once given stays given."""
    if not hearers:
        return
    statement = insert(TicketConversation).values(
        [
            {
                "ticket_id": ticket_id,
                "conversation_id": hearer.conversation_id,
                "is_opener": hearer.is_opener,
                "proven": hearer.proven,
                "joined_at": now,
            }
            for hearer in hearers
        ]
    )
    new = statement.excluded
    rights = {
        "proven": TicketConversation.proven | new.proven,
        "is_opener": TicketConversation.is_opener | new.is_opener,
    }
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["ticket_id", "conversation_id"], set_=rights
        )
    )


async def add_link(session: AsyncSession, link: TicketLink) -> bool:
    """Tie two tickets together; tell whether they were not yet."""
    values = {
        "ticket_id": link.ticket_id,
        "other_id": link.other_id,
        "relation": link.relation,
        "at": link.at,
        "by": link.by,
    }
    done = await session.execute(
        insert(TicketLink).values(values).on_conflict_do_nothing().returning(TicketLink.ticket_id)
    )
    return done.first() is not None


async def remove_link(
    session: AsyncSession, ticket_id: uuid.UUID, other_id: uuid.UUID, relation: str
) -> bool:
    """Untie two tickets; tell whether they were tied so."""
    done = await session.execute(
        delete(TicketLink)
        .where(
            TicketLink.ticket_id == ticket_id,
            TicketLink.other_id == other_id,
            TicketLink.relation == relation,
        )
        .returning(TicketLink.ticket_id)
    )
    return done.first() is not None


async def leads_to(
    session: AsyncSession, ticket_id: uuid.UUID, other_id: uuid.UUID, relation: str
) -> bool:
    """Tell whether one comes from a ticket to another by links of one relation."""
    first = (
        select(TicketLink.other_id)
        .where(TicketLink.ticket_id == ticket_id, TicketLink.relation == relation)
        .cte("reached", recursive=True)
    )
    further = select(TicketLink.other_id).join(first, TicketLink.ticket_id == first.c.other_id)
    reached = first.union(further.where(TicketLink.relation == relation))
    query = select(func.count()).select_from(reached).where(reached.c.other_id == other_id)
    return bool(await session.scalar(query))


async def open_other(session: AsyncSession, ticket: Ticket) -> Ticket | None:
    """Return the ticket of the same kind about the same parcel that is not closed, locked."""
    if ticket.waybill_no is None:
        return None
    found = await session.scalars(
        select(Ticket)
        .where(
            Ticket.waybill_no == ticket.waybill_no,
            Ticket.kind == ticket.kind,
            Ticket.id != ticket.id,
            Ticket.state != "closed",
        )
        .with_for_update()
    )
    return found.first()


async def has_line(session: AsyncSession, ticket_id: uuid.UUID, what: str) -> bool:
    """Tell whether a ticket's history has a line of this sort."""
    query = select(TicketChange.id).where(
        TicketChange.ticket_id == ticket_id, TicketChange.what == what
    )
    return (await session.scalars(query.limit(1))).first() is not None
