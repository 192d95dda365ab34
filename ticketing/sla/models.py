"""Tables of time limits: running clocks, pauses, and what managers have changed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base
from ticketing.kernel.together import WrittenTogether


class SlaClock(WrittenTogether, Base):
    """One time limit of a ticket; it runs until `stopped_at`."""

    __tablename__ = "sla_clocks"
    __table_args__ = (
        Index("ix_sla_clocks_next", "next_at", postgresql_where=text("stopped_at IS NULL")),
        Index("ix_sla_clocks_ticket", "ticket_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"))
    step_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_steps.id"))
    """Absent where the whole ticket is timed."""
    clock: Mapped[str]
    """claim, first_response, step, solution, confirmation, or timer (of the process)."""
    audience: Mapped[str]
    """internal, or customer: what was promised them."""
    timer_name: Mapped[str | None]
    queue: Mapped[str | None]
    """Whose calendar it runs by, unless its policy names another."""
    calendar: Mapped[str]
    pausing: Mapped[str]
    """Which pauses it heeds: all, manual or none."""
    policy: Mapped[str]
    """What set its target: the row of a version (`3:damage/*`) or `process`."""
    started_at: Mapped[datetime]
    target_seconds: Mapped[int]
    warn_seconds: Mapped[int]
    """Business seconds before the end."""
    escalations: Mapped[list[Any]]
    """Of each level from 1, who is told and the business seconds after the end."""
    due_at: Mapped[datetime | None]
    """Unknown while a pause goes on that comes before it."""
    warn_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    """When something is to be done about it next."""
    warned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    level: Mapped[int]
    """The highest level of the breach that was announced; 0 before."""
    failures: Mapped[int]
    """How often announcing it has failed in a row."""
    stopped_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    """Why it stopped: claimed, responded, left, resolved, fired or closed."""


class SlaPause(WrittenTogether, Base):
    """A time in which a ticket waits for somebody who is not one of us."""

    __tablename__ = "sla_pauses"
    __table_args__ = (
        Index(
            "uq_sla_pauses_open",
            "ticket_id",
            "reason",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"), index=True)
    reason: Mapped[str]
    """waiting_customer, waiting_carrier or manual."""
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SlaPolicies(Base):
    """A version of the table of policies; the greatest is in force, none means the shipped one."""

    __tablename__ = "sla_policies"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rules: Mapped[list[Any]]
    at: Mapped[datetime]
    by: Mapped[str]


class BusinessCalendar(Base):
    """A calendar that was added or changed; the shipped ones need no row."""

    __tablename__ = "business_calendars"

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    definition: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    by: Mapped[str]


class QueueCalendar(Base):
    """Which calendar a queue works by, where it is not the shipped one."""

    __tablename__ = "queue_calendars"

    queue: Mapped[str] = mapped_column(primary_key=True)
    calendar: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
