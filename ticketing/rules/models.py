"""Versions of rule tables, and every evaluation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base
from ticketing.kernel.together import WrittenTogether


class RuleVersion(Base):
    """An uploaded version of a table, byte for byte; without an active one the shipped holds."""

    __tablename__ = "rule_versions"
    __table_args__ = (
        Index(
            "uq_rule_versions_active", "table_name", unique=True, postgresql_where=text("active")
        ),
    )

    table_name: Mapped[str] = mapped_column(String, primary_key=True)
    version: Mapped[str] = mapped_column(String, primary_key=True)
    source: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str]
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime]
    active: Mapped[bool]
    activated_by: Mapped[str | None]
    activated_at: Mapped[datetime | None]


class RuleEvaluation(WrittenTogether, Base):
    """What a table said to which facts, and the rules that fired, in words."""

    __tablename__ = "rule_evaluations"
    __table_args__ = (
        Index(None, "subject", "id"),
        Index(None, "table_name", "at", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    table_name: Mapped[str]
    version: Mapped[str]
    subject: Mapped[str | None]
    facts: Mapped[dict[str, Any]]
    outputs: Mapped[list[Any]]
    fired: Mapped[list[Any]]
    """`{"rule": id, "row": number, "when": words}` for each rule."""
    at: Mapped[datetime]
