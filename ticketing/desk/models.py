"""Tables of the desk."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base


class ReadMark(Base):
    """How far one of our people has read a conversation."""

    __tablename__ = "read_marks"

    username: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True, index=True
    )
    seq: Mapped[int]


class ConversationNote(Base):
    """What our people say among themselves beside a conversation; customers never see it."""

    __tablename__ = "conversation_notes"
    __table_args__ = (
        UniqueConstraint("conversation_id", "by", "client_id"),
        Index("ix_conversation_notes_place", "conversation_id", "after_seq", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"))
    after_seq: Mapped[int]
    kind: Mapped[str]
    """note, whisper (a lead's, to who holds the conversation) or event."""
    by: Mapped[str]
    """A username; of events also `routing`, `bot`, `customer` or `clock`."""
    client_id: Mapped[str]
    """Made by who writes it: sent again, it is kept once."""
    text: Mapped[str]
    at: Mapped[datetime]


class CannedReply(Base):
    """A ready-made reply; of the shipped ones a row is kept when they are removed, too."""

    __tablename__ = "canned_replies"
    __table_args__ = (
        Index(
            "uq_canned_replies_all",
            "shortcut",
            unique=True,
            postgresql_where=sql("scope = 'all'"),
        ),
        Index(
            "uq_canned_replies_own",
            "by",
            "shortcut",
            unique=True,
            postgresql_where=sql("scope = 'own'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    shortcut: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    scope: Mapped[str]
    """all, or own: of `by` alone."""
    by: Mapped[str]
    uses: Mapped[int] = mapped_column(server_default=sql("0"), default=0)
    removed_at: Mapped[datetime | None]


class SavedFilter(Base):
    """A list of tickets that somebody comes back to."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("username", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    username: Mapped[str] = mapped_column(ForeignKey("people.username"))
    name: Mapped[str]
    query: Mapped[dict[str, Any]]


class DeskSeat(Base):
    """One connection of one of our people's desks, to whichever process."""

    __tablename__ = "desk_seats"

    sid: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(index=True)
    until: Mapped[datetime]
    """A process that dies leaves its seats to lapse."""


class DeskLook(Base):
    """A desk that looks at a conversation now."""

    __tablename__ = "desk_looks"

    sid: Mapped[str] = mapped_column(
        ForeignKey("desk_seats.sid", ondelete="CASCADE"), primary_key=True
    )
    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True, index=True
    )
