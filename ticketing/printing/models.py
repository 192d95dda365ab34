"""The table of templates that managers have written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base


class PaperTemplate(Base):
    """A version of a paper's template; none is active where the shipped one is used."""

    __tablename__ = "paper_templates"
    __table_args__ = (
        UniqueConstraint("name", "version"),
        Index("uq_paper_templates_active", "name", unique=True, postgresql_where=text("is_active")),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str]
    version: Mapped[int]
    """Counted from 1 for each name; 0 is the shipped one."""
    source: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    is_active: Mapped[bool] = mapped_column(default=False)
    activated_by: Mapped[str | None]
    activated_at: Mapped[datetime | None]
