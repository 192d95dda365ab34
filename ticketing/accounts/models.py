"""Tables of people and systems, of where they are signed in, and of what they saw and did."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base
from ticketing.kernel.ids import new_id
from ticketing.kernel.together import WrittenTogether


class Person(Base):
    """Somebody who works here."""

    __tablename__ = "people"

    username: Mapped[str] = mapped_column(primary_key=True)
    display_name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    oidc_subject: Mapped[str | None] = mapped_column(unique=True)
    """Who this is at the identity provider, once they have come from there."""
    created_at: Mapped[datetime]


class SystemClient(Base):
    """A system that may call us."""

    __tablename__ = "system_clients"

    client_id: Mapped[str] = mapped_column(primary_key=True)
    secret_hash: Mapped[str]
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class SignIn(Base):
    """Where somebody is signed in: what every token of ours belongs to."""

    __tablename__ = "sign_ins"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(index=True)
    is_system: Mapped[bool]
    how: Mapped[str]
    """password, oidc or token."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    agent: Mapped[str]
    address: Mapped[str]


class SignInTries(Base):
    """How often somebody has tried to come in since the count began anew."""

    __tablename__ = "sign_in_tries"

    key: Mapped[str] = mapped_column(primary_key=True)
    """A hash of a name, an address, or both."""
    count: Mapped[int]
    until: Mapped[datetime] = mapped_column(index=True)


class KnownAddress(Base):
    """An address a name has come in from; `key` is a hash of both."""

    __tablename__ = "known_addresses"

    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class SecondFactor(Base):
    """A person's time-based codes; they count from when they are confirmed."""

    __tablename__ = "second_factors"

    username: Mapped[str] = mapped_column(ForeignKey("people.username"), primary_key=True)
    secret: Mapped[str]
    """Encrypted with a key that is made of SECRET_KEY."""
    last_step: Mapped[int] = mapped_column(BigInteger)
    """The half-minute of the last code used: no code counts twice."""
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """Stands in for a code of the second factor, once."""

    __tablename__ = "recovery_codes"

    username: Mapped[str] = mapped_column(ForeignKey("people.username"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(primary_key=True)
    used_at: Mapped[datetime | None]


class AuditLine(WrittenTogether, Base):
    """Who saw or changed what; the database refuses to change or remove a line."""

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_by", "by", "id"),
        Index("ix_audit_log_what", "what", "id", postgresql_ops={"what": "text_pattern_ops"}),
        Index("ix_audit_log_failed", "id", postgresql_where=text("deed = 'failed'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str]
    role: Mapped[str]
    deed: Mapped[str]
    """saw, did or failed."""
    route: Mapped[str]
    what: Mapped[str]
    """Which thing, never what it says."""
    address: Mapped[str]
