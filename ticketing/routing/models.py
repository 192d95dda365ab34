"""Tables of queues, teams, presence and why who got what."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Sequence, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base
from ticketing.kernel.together import WrittenTogether

TURNS = Sequence("routing_turns", metadata=Base.metadata)
"""Numbers every assignment, so that turns are strictly in order."""


class Queue(Base):
    """A queue somebody has changed; those of `queues.yml` need no row."""

    __tablename__ = "queues"

    name: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    role: Mapped[str]
    team: Mapped[str]
    strategy: Mapped[str]
    overflow: Mapped[str | None]
    vip_reserve: Mapped[int]
    silent_minutes: Mapped[int]
    chat_hours: Mapped[str | None]
    accept_seconds: Mapped[int] = mapped_column(server_default=text("30"), default=30)
    answer_minutes: Mapped[int] = mapped_column(server_default=text("3"), default=3)
    warn_after_minutes: Mapped[int] = mapped_column(server_default=text("10"), default=10)
    close_after_minutes: Mapped[int] = mapped_column(server_default=text("5"), default=5)
    active: Mapped[bool]


class Team(Base):
    """A team somebody has changed; those of `queues.yml` need no row."""

    __tablename__ = "teams"

    name: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    lead: Mapped[str | None] = mapped_column(ForeignKey("people.username"))


class TeamMember(Base):
    """Somebody in a team: what they can do, for where, and how much at once."""

    __tablename__ = "team_members"

    team: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(
        ForeignKey("people.username"), primary_key=True, index=True
    )
    skills: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    regions: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    """Provinces; none means every one."""
    capacity: Mapped[int]
    """In units of weight: an urgent ticket takes 3, a high one 2, any other 1."""
    chats: Mapped[int] = mapped_column(server_default=text("5"), default=5)
    """How many conversations at once."""
    active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)


class Presence(Base):
    """Somebody who is here until their lease runs out.

    `turn` is the number of the last step they were given: whoever gives them another one
    must have seen it, so that nobody is given two at once unawares.
    """

    __tablename__ = "presence"

    username: Mapped[str] = mapped_column(ForeignKey("people.username"), primary_key=True)
    status: Mapped[str]
    lease_until: Mapped[datetime]
    seen_at: Mapped[datetime]
    turn: Mapped[int] = mapped_column(BigInteger, server_default=text("0"), default=0)


class RoutingLine(WrittenTogether, Base):
    """Why a step went where it went; `not_to` is who shall not get it again by itself."""

    __tablename__ = "routing_log"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"), index=True)
    step_id: Mapped[int] = mapped_column(index=True)
    step: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    queue: Mapped[str]
    assignee: Mapped[str | None]
    not_to: Mapped[str | None]
    why: Mapped[str]
    ranking: Mapped[list[Any]]
