"""Every SELECT of tickets."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.tickets.models import Ticket, TicketChange, TicketConversation, TicketStep

OPEN = ("open", "paused")
UNCLOSED = (*OPEN, "resolved")
EVERY = (*UNCLOSED, "closed")

# The withdrawal is looked up by a subquery that gives a value: an EXISTS may be planned as one
# hash of the withdrawals of all tickets.
_KNOWN = text("""
SELECT filed.ticket_id AS filed_in, filed.what AS filed_as,
    of_waybill.tickets, of_waybill.open_id, of_waybill.merged_into, of_waybill.closed_id
FROM (
    SELECT count(*) AS tickets,
        (array_agg(id) FILTER (WHERE kind = :kind AND state <> 'closed'))[1] AS open_id,
        (array_agg(merged_into ORDER BY closed_at DESC) FILTER (
            WHERE kind = :kind AND merged_into IS NOT NULL
        ))[1] AS merged_into,
        (array_agg(id ORDER BY (
            SELECT id FROM ticket_changes
            WHERE ticket_id = tickets.id AND what = 'withdrawn' LIMIT 1
        ) IS NOT NULL, closed_at DESC) FILTER (
            WHERE kind = :kind AND state = 'closed' AND merged_into IS NULL
        ))[1] AS closed_id
    FROM tickets WHERE waybill_no = CAST(:waybill_no AS text)
) AS of_waybill
LEFT JOIN ticket_changes AS filed ON filed.cause = CAST(:cause AS text)
""")
# A day begins where the sequence is when its first number is asked for. Where an earlier release
# has counted on that day already, a thousand numbers are left to it.
_NUMBER = text("""
WITH taken AS MATERIALIZED (SELECT nextval('ticket_numbers') AS place),
known AS (SELECT first FROM ticket_counters WHERE day = :day AND first IS NOT NULL),
begun AS (
    INSERT INTO ticket_counters AS counter (day, last, first)
    SELECT CAST(:day AS date), 0, place FROM taken WHERE NOT EXISTS (SELECT FROM known)
    ON CONFLICT (day) DO UPDATE SET first = EXCLUDED.first - counter.last - 1000
    WHERE counter.first IS NULL
    RETURNING first
)
SELECT place - first + 1 AS number, nextval('ticket_changes_id_seq') AS change_id,
    ARRAY(SELECT nextval('ticket_steps_id_seq') FROM generate_series(1, :steps)) AS step_ids
FROM taken, (SELECT first FROM known UNION ALL SELECT first FROM begun) AS of_day
""")


@dataclass(frozen=True)
class Known:
    """What there is when a complaint comes in: the ticket its cause is in, and the parcel's."""

    filed_in: uuid.UUID | None
    filed_as: str | None
    of_waybill: int
    open_id: uuid.UUID | None
    merged_into: uuid.UUID | None
    """What the one of this kind that was merged last was merged into."""
    closed_id: uuid.UUID | None
    """The one of this kind closed last; one that was taken back only where there is no other."""


@dataclass(frozen=True)
class Numbered:
    """The number of a new ticket within its day, and the keys of its first rows."""

    number: int
    change_id: int
    step_ids: tuple[int, ...]


async def serialise_complaints(session: AsyncSession, about: str, kind: str) -> None:
    """Let one complaint of this kind about this parcel (or of this cause) pass at a time."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"),
        {"key": f"{about}/{kind}"},
    )


async def known(
    session: AsyncSession, waybill_no: str | None, kind: str, cause: str | None
) -> Known:
    """Return what is known of a complaint; to be asked once it is serialised."""
    values = {"waybill_no": waybill_no, "kind": kind, "cause": cause}
    row = (await session.execute(_KNOWN, values)).one()
    return Known(*row)


async def open_ticket_for(session: AsyncSession, waybill_no: str, kind: str) -> Ticket | None:
    """Return the open ticket of this kind for a waybill."""
    found = await session.scalars(
        select(Ticket)
        .where(Ticket.waybill_no == waybill_no, Ticket.kind == kind, Ticket.state != "closed")
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
    """Return a ticket by its id, one that is only just being opened too."""
    opening = (row for row in session.new if isinstance(row, Ticket) and row.id == ticket_id)
    return next(opening, None) or await session.get(Ticket, ticket_id)


async def locked(session: AsyncSession, ticket_id: uuid.UUID) -> Ticket:
    """Return a ticket that there is, locked."""
    query = select(Ticket).where(Ticket.id == ticket_id).with_for_update()
    return (await session.scalars(query.execution_options(populate_existing=True))).one()


async def step(session: AsyncSession, step_id: int) -> TicketStep | None:
    """Return a step by its number, one that is only just being entered too."""
    entering = (row for row in session.new if isinstance(row, TicketStep) and row.id == step_id)
    return next(entering, None) or await session.get(TicketStep, step_id)


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


async def changes_of(
    session: AsyncSession, ticket_ids: Sequence[uuid.UUID], whats: Sequence[str]
) -> Sequence[TicketChange]:
    """Return the lines of these sorts in the histories of several tickets, oldest first."""
    found = await session.scalars(
        select(TicketChange)
        .where(TicketChange.ticket_id.in_(ticket_ids), TicketChange.what.in_(whats))
        .order_by(TicketChange.id)
    )
    return found.all()


async def open_steps(session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[TicketStep]:
    """Return the steps of a ticket that are to be done now, oldest first."""
    return await open_steps_of(session, (ticket_id,))


async def open_steps_of(
    session: AsyncSession, ticket_ids: Sequence[uuid.UUID]
) -> Sequence[TicketStep]:
    """Return the steps of several tickets that are to be done now, oldest first."""
    # What is not written yet is looked at here: nothing has to be written for it to be seen.
    with session.no_autoflush:
        found = await session.scalars(
            select(TicketStep)
            .where(TicketStep.ticket_id.in_(ticket_ids), TicketStep.done_at.is_(None))
            .order_by(TicketStep.id)
        )
    entering = (row for row in session.new if isinstance(row, TicketStep))
    entered = (row for row in entering if row.ticket_id in ticket_ids)
    return [row for row in (*found, *entered) if row.done_at is None]


async def steps(session: AsyncSession, ticket_id: uuid.UUID) -> Sequence[TicketStep]:
    """Return every step a ticket has entered, oldest first."""
    found = await session.scalars(
        select(TicketStep).where(TicketStep.ticket_id == ticket_id).order_by(TicketStep.id)
    )
    return found.all()


async def number(session: AsyncSession, day: date, steps: int) -> Numbered:
    """Return a number of a day, counted from 1, and the keys of so many steps.

    Nobody waits for anybody, so a number is lost where what it was for comes to nothing.
    """
    values, row = {"day": day, "steps": steps}, None
    with session.no_autoflush:
        # Of two who begin a day at once one finds nothing at first.
        while row is None:
            row = (await session.execute(_NUMBER, values)).one_or_none()
    return Numbered(row.number, row.change_id, tuple(row.step_ids))


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
    query = (
        select(TicketConversation.conversation_id)
        .where(
            TicketConversation.ticket_id == ticket_id,
            TicketConversation.proven | TicketConversation.is_opener,
        )
        .order_by(TicketConversation.conversation_id)
    )
    # `link` writes at once: nothing that waits to be written has to do with it.
    with session.no_autoflush:
        return (await session.scalars(query)).all()


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
