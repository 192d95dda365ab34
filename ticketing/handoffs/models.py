"""Tables of hand-overs."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base

_GOES_ON = text("ended_at IS NULL")
_WAS_TAKEN = text("taken_at IS NOT NULL")
_UNTOLD = text("untold")


class Handoff(Base):
    """One time a conversation is in people's hands, from asking for them to the end of it."""

    __tablename__ = "handoffs"
    __table_args__ = (
        Index("uq_handoffs_going_on", "conversation_id", unique=True, postgresql_where=_GOES_ON),
        Index("ix_handoffs_queue", "queue", "asked_at", postgresql_where=_GOES_ON),
        Index("ix_handoffs_asked", "asked_at"),
        Index("ix_handoffs_taken", "queue", "ended_at", postgresql_where=_WAS_TAKEN),
        Index("ix_handoffs_untold", "conversation_id", postgresql_where=_UNTOLD),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    reason: Mapped[str]
    """asked, not_understood, anger, rule, bot_failure, transfer or desk (a person began it)."""
    priority: Mapped[str]
    queue: Mapped[str]
    skill: Mapped[str | None]
    region: Mapped[str | None]
    vip: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """By when a person should have answered."""
    offered_to: Mapped[str | None]
    offered_until: Mapped[datetime | None]
    not_to: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"), default=dict)
    """Who shall not be offered it again for a while: `{username: {"why", "until"}}`."""
    taken_by: Mapped[str | None]
    taken_at: Mapped[datetime | None]
    replied_at: Mapped[datetime | None]
    """When a person spoke first."""
    position_told: Mapped[int | None]
    position_told_at: Mapped[datetime | None]
    silence_warned_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    """given_back, closed, silent (closed by itself), after_hours, message_left or withdrawn."""
    agreed: Mapped[str | None]
    """What was agreed with the customer, as the bot and the next person are told."""
    untold: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    """Whether the bot is still to be told that this is over."""


class HandoffEvent(Base):
    """One thing that happened in a hand-over, and why; nothing of it is ever changed."""

    __tablename__ = "handoff_events"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    handoff_id: Mapped[int] = mapped_column(ForeignKey("handoffs.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str]
    """A username, or `routing`, `bot`, `customer`, `clock`."""
    what: Mapped[str]
    """queued, offered, declined, lapsed, taken, transferred, taken_over, put_back, lost,
    given_back, closed, silent, warned, after_hours, message_left or withdrawn."""
    to: Mapped[str | None]
    """A username or a queue."""
    note: Mapped[str | None]
    why: Mapped[str | None]
    ranking: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"), default=list)


class HandoffWord(Base):
    """Words that mean "a person, please"; where there are any, the shipped ones do not count."""

    __tablename__ = "handoff_words"

    text: Mapped[str] = mapped_column(primary_key=True)
    match: Mapped[str]
    """whole: the message says nothing else; contains: the words are among others."""
    by: Mapped[str]
    at: Mapped[datetime]


class BotSuggestion(Base):
    """What the bot would have said to a message while a person holds the conversation."""

    __tablename__ = "bot_suggestions"

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True)
    """The message it would answer."""
    texts: Mapped[list[Any]]
    at: Mapped[datetime]
