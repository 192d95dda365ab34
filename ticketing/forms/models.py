"""Table of the versions of forms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base


class FormVersion(Base):
    """One uploaded schema; without an active one of its name the shipped form is in force."""

    __tablename__ = "form_versions"
    __table_args__ = (
        Index("uq_form_versions_active", "name", unique=True, postgresql_where=text("active")),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    """A hash of the content: the same schema uploaded twice is one version."""
    title: Mapped[str]
    source: Mapped[str]
    """The schema as canonical JSON."""
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime]
    active: Mapped[bool] = mapped_column(default=False)
    activated_by: Mapped[str | None]
    activated_at: Mapped[datetime | None]
