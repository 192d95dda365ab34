"""Tables of tickets, their steps and their history."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base
from ticketing.kernel.ids import new_id
from ticketing.kernel.together import WrittenTogether

UNCLOSED = text("state <> 'closed'")
FLAGGED = text("state <> 'closed' AND red_flag")
DUE = text("coalesce(due_at, 'infinity'::timestamptz)")
URGENCY = text("array_position(ARRAY['urgent', 'high', 'normal', 'low'], priority)")
"""1 for the most urgent."""


class Ticket(WrittenTogether, Base):
    """One complaint or wish; at most one of a kind is open for a waybill."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index(
            "uq_tickets_open",
            "waybill_no",
            "kind",
            unique=True,
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_tickets_opened", "opened_at", "ticket_no"),
        Index("ix_tickets_kind_opened", "kind", "opened_at", "ticket_no"),
        Index("ix_tickets_unclosed_opened", "opened_at", "ticket_no", postgresql_where=UNCLOSED),
        Index("ix_tickets_unclosed_due", DUE, "ticket_no", postgresql_where=UNCLOSED),
        Index("ix_tickets_flagged_due", DUE, "ticket_no", postgresql_where=FLAGGED),
        Index("ix_tickets_unclosed_urgency", URGENCY, DUE, "ticket_no", postgresql_where=UNCLOSED),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    ticket_no: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    intent: Mapped[str | None]
    """What the customer's message was taken for, where a chat brought it."""
    severity: Mapped[str] = mapped_column(server_default="normal", default="normal")
    priority: Mapped[str] = mapped_column(default="normal")
    red_flag: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    state: Mapped[str] = mapped_column(default="open")
    waybill_no: Mapped[str | None] = mapped_column(index=True)
    """Absent for kinds that need no parcel."""
    carrier_code: Mapped[str | None]
    region: Mapped[str | None]
    """The province it is about, e.g. 广东省."""
    role: Mapped[str | None]
    vip: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    description: Mapped[str]
    words: Mapped[list[Any]]
    """What the customer wrote, sentence by sentence."""
    contact_phone: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"), default=dict)
    """Single facts for whoever handles it: a new address, a time, an amount."""
    snapshot: Mapped[dict[str, Any]]
    """The shipment and its tracking events when the ticket was opened; never changed."""
    process_id: Mapped[str]
    process_version: Mapped[str]
    run: Mapped[dict[str, Any]]
    queue: Mapped[str | None]
    assignee: Mapped[str | None]
    """Who has the newest step; each open step has its own."""
    due_at: Mapped[datetime | None]
    """The next time limit that runs out."""
    version: Mapped[int] = mapped_column(server_default=text("1"), default=1)
    """Grows with each change a person would see: whoever changes it names the one they saw."""
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tickets.id"))
    reopened_count: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    chain_head: Mapped[str] = mapped_column(server_default="", default="")
    """The hash of the last line of the history."""
    opened_at: Mapped[datetime]
    responded_at: Mapped[datetime | None]
    """When a person first did something about it."""
    resolved_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class TicketStep(WrittenTogether, Base):
    """A step of a process that was entered; entered again, it is another one."""

    __tablename__ = "ticket_steps"
    __table_args__ = (
        Index(
            "ix_ticket_steps_open_queue",
            "queue",
            "ticket_id",
            postgresql_where=text("done_at IS NULL"),
        ),
        Index(
            "ix_ticket_steps_open_assignee",
            "assignee",
            "ticket_id",
            postgresql_where=text("done_at IS NULL"),
        ),
        Index(
            "ix_ticket_steps_open_counts",
            "queue",
            "assignee",
            "due_at",
            postgresql_where=text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"), index=True)
    step: Mapped[str]
    label: Mapped[str]
    role: Mapped[str]
    queue: Mapped[str | None]
    skill: Mapped[str | None]
    assignee: Mapped[str | None]
    form: Mapped[str | None]
    waits_for: Mapped[str | None]
    allowed_seconds: Mapped[int | None]
    """Business time the process allows; nothing where it leaves that to the policies."""
    entered_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
    outcome: Mapped[str | None]
    """done, sent_back, timed_out, withdrawn or merged."""
    data: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"), default=dict)
    """What was filled into its form."""


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


class TicketChange(WrittenTogether, Base):
    """One line of a ticket's history: who did what when; `hash` seals it and all before it."""

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
    previous_hash: Mapped[str] = mapped_column(server_default="", default="")
    hash: Mapped[str] = mapped_column(server_default="", default="")
    """Empty on lines older than the chain."""


class TicketLink(Base):
    """How two tickets belong together: `ticket_id` is the child, the duplicate, the effect."""

    __tablename__ = "ticket_links"

    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    other_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("tickets.id"), primary_key=True, index=True
    )
    relation: Mapped[str] = mapped_column(primary_key=True)
    """parent, duplicate or caused_by."""
    at: Mapped[datetime]
    by: Mapped[str]


class TicketSearch(WrittenTogether, Base):
    """What a ticket is found by; the columns beside the document sort its hits."""

    __tablename__ = "ticket_search"
    __table_args__ = (
        Index(
            "ix_ticket_search_document",
            "document",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
    )

    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    ticket_no: Mapped[str]
    opened_at: Mapped[datetime]
    document: Mapped[str] = mapped_column(TSVECTOR)


class TicketCounter(Base):
    """Where the numbers of a day (Asia/Shanghai) begin in the sequence `ticket_numbers`."""

    __tablename__ = "ticket_counters"

    day: Mapped[date] = mapped_column(primary_key=True)
    first: Mapped[int | None] = mapped_column(BigInteger)
    last: Mapped[int]
    """What the release before counts; 0 where it has not."""
