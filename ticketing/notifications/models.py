"""The outbox."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base


class OutboxEntry(Base):
    """Something said; `key` is its cause (`messages.cause`), so that it is said once."""

    __tablename__ = "outbox"

    key: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    created_at: Mapped[datetime]
