"""The table of surveys."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base
from ticketing.kernel.ids import new_id


class Survey(Base):
    """One question how it was, asked once for its `cause`, and what was answered."""

    __tablename__ = "surveys"
    __table_args__ = (
        Index("ix_surveys_asked", "asked_at", "id"),
        Index("ix_surveys_conversation", "conversation_id", "asked_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    cause: Mapped[str] = mapped_column(unique=True)
    """The ticket, or the hand-over of a conversation, it is about."""
    reason: Mapped[str]
    """`ticket` or `hand_over`."""
    ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tickets.id"))
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"))
    queue: Mapped[str | None]
    assignee: Mapped[str | None]
    """Who handled it last."""
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    score: Mapped[int | None]
    text: Mapped[str | None]
    review_ticket_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    """The ticket that a low score opened."""
