"""What the house itself has asked a customer and waits to hear."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base

_IS_OPEN = text("closed_at IS NULL")


class HouseQuestion(Base):
    """A question of ours in a conversation; `kind` and `ref` say who wants to know."""

    __tablename__ = "house_questions"
    __table_args__ = (
        Index(
            "uq_house_questions_open",
            "conversation_id",
            "kind",
            "ref",
            unique=True,
            postgresql_where=_IS_OPEN,
        ),
        Index("ix_house_questions_ref", "kind", "ref", postgresql_where=_IS_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"))
    kind: Mapped[str]
    ref: Mapped[str]
    form: Mapped[str | None]
    """The form that is filled in, question by question."""
    answers: Mapped[dict[str, Any]]
    cause: Mapped[str]
    """The outbox key of the message that asked last."""
    asked_at: Mapped[datetime]
    lapsed_at: Mapped[datetime | None]
    """When silence was taken for the answer; a real one may still come."""
    closed_at: Mapped[datetime | None]


class ChatKey(Base):
    """A secret that opens a verified customer's conversation on one device, while it is used.

    Visitors' conversations have no row here: their own key is the digest of their secret.
    """

    __tablename__ = "chat_keys"

    digest: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"))
    customer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("customers.id"))
    used_at: Mapped[datetime] = mapped_column(index=True)
