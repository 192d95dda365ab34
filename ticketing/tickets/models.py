"""Tables of tickets and their history."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base
from ticketing.kernel.ids import new_id


class Ticket(Base):
    """One complaint or wish; at most one of a kind is open for a waybill."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index(
            "uq_tickets_open",
            "waybill_no",
            "kind",
            unique=True,
            postgresql_where=text("state IN ('open', 'paused')"),
        ),
        Index("ix_tickets_opened", "opened_at", "ticket_no"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    ticket_no: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    priority: Mapped[str] = mapped_column(default="normal")
    state: Mapped[str] = mapped_column(default="open")
    waybill_no: Mapped[str | None] = mapped_column(index=True)
    """Absent for kinds that need no parcel."""
    carrier_code: Mapped[str | None]
    role: Mapped[str | None]
    description: Mapped[str]
    words: Mapped[list[Any]]
    """What the customer wrote, sentence by sentence."""
    contact_phone: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Single facts for whoever handles it: a new address, a time, an amount."""
    snapshot: Mapped[dict[str, Any]]
    """The shipment and its tracking events when the ticket was opened; never changed."""
    process_id: Mapped[str]
    process_version: Mapped[str]
    run: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class TicketConversation(Base):
    """A conversation that is told of a ticket; `proven` when it has shown the phone digits."""

    __tablename__ = "ticket_conversations"

    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True, index=True
    )
    is_opener: Mapped[bool]
    proven: Mapped[bool]
    joined_at: Mapped[datetime]


class TicketChange(Base):
    """One line of a ticket's history: who did what when."""

    __tablename__ = "ticket_changes"
    __table_args__ = (UniqueConstraint("cause"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    what: Mapped[str]
    facts: Mapped[dict[str, Any]]
    cause: Mapped[str | None]
    """What asked for it (a message id): asked twice, done once."""


class TicketCounter(Base):
    """The last ticket number given out on a day (Asia/Shanghai)."""

    __tablename__ = "ticket_counters"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
