"""The table of frozen packs."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base


class EvidencePack(Base):
    """A pack as it stood when somebody froze it; never changed."""

    __tablename__ = "evidence_packs"
    __table_args__ = (UniqueConstraint("ticket_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tickets.id"))
    revision: Mapped[int]
    """Counted from 1 for each ticket."""
    sha256: Mapped[str]
    manifest: Mapped[dict[str, Any]]
    documents: Mapped[dict[str, Any]]
    """Name → the document as it was then; files stay in their store."""
    frozen_at: Mapped[datetime]
    frozen_by: Mapped[str]
