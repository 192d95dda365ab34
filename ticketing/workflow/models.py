"""Versions of processes that managers have drawn."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base


class ProcessVersion(Base):
    """An uploaded version of a process, byte for byte; without an active one the shipped holds."""

    __tablename__ = "process_versions"
    __table_args__ = (
        Index(
            "uq_process_versions_active", "process_id", unique=True, postgresql_where=text("active")
        ),
        Index(None, "process_id", "uploaded_at", "version"),
    )

    process_id: Mapped[str] = mapped_column(String, primary_key=True)
    version: Mapped[str] = mapped_column(String, primary_key=True)
    source: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str]
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime]
    active: Mapped[bool]
    activated_by: Mapped[str | None]
    activated_at: Mapped[datetime | None]
    replaced: Mapped[str | None]
    """The version that was in force before this one, for the way back."""
