"""The outbox."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base


class OutboxEntry(Base):
    """One message that left, or is to leave; `key` names its cause, so that it leaves once."""

    __tablename__ = "outbox"

    key: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    seq: Mapped[int | None]
    """The number of the message in its conversation."""
    created_at: Mapped[datetime]
