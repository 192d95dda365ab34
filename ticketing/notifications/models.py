"""The outbox of the chat, and everything that leaves by other ways."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base
from ticketing.kernel.ids import new_id
from ticketing.kernel.together import WrittenTogether


class OutboxEntry(Base):
    """Something said; `key` is its cause (`messages.cause`), so that it is said once."""

    __tablename__ = "outbox"

    key: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id"), index=True)
    created_at: Mapped[datetime]


class Delivery(Base):
    """One message that leaves by another way than the chat.

    `recipient` names whom it is for, never a number or an address: `person:anna`,
    `robot:claims`, `contact:NAME`, `ticket:T…`, `webhook:ID`. `dedupe_key` is the fact and the
    recipient: said twice, sent once.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("channel", "dedupe_key"),
        Index("ix_deliveries_state", "state", "created_at", "id"),
        Index(
            "ix_deliveries_waiting",
            "channel",
            "recipient",
            postgresql_where=sql("state IN ('queued', 'held')"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[str]
    recipient: Mapped[str]
    dedupe_key: Mapped[str]
    event: Mapped[str]
    ticket_no: Mapped[str | None] = mapped_column(index=True)
    template: Mapped[str]
    variables: Mapped[dict[str, Any]]
    level: Mapped[int]
    urgent: Mapped[bool]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(server_default=sql("0"), default=0)
    next_at: Mapped[datetime]
    claim: Mapped[uuid.UUID | None]
    """Whose hands it is in; a result under another claim comes too late."""
    claimed_at: Mapped[datetime | None]
    title: Mapped[str | None]
    text: Mapped[str | None]
    """As it was sent."""
    last_error: Mapped[str | None]
    provider: Mapped[str | None]
    provider_id: Mapped[str | None] = mapped_column(index=True)
    receipts: Mapped[list[Any]] = mapped_column(server_default=sql("'[]'"), default=list)
    merged_into: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("deliveries.id"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class DeliveryBudget(Base):
    """How many messages one robot may still send (`channels.patience.Bucket`)."""

    __tablename__ = "delivery_budgets"

    name: Mapped[str] = mapped_column(primary_key=True)
    tokens: Mapped[float]
    at: Mapped[datetime]
    closed_until: Mapped[datetime | None]


class NoticeRoute(Base):
    """A manager's rule: this event also goes to these by this channel.

    `recipient`: addressee, assignee, lead, queue, contact (then `contact` names it) or customer.
    """

    __tablename__ = "notice_routes"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    event: Mapped[str]
    channel: Mapped[str]
    recipient: Mapped[str]
    contact: Mapped[str | None]
    min_level: Mapped[int]
    delay_seconds: Mapped[int]
    is_active: Mapped[bool]
    updated_by: Mapped[str]
    updated_at: Mapped[datetime]


class Contact(Base):
    """Where somebody is reached: a person by username, a queue as `queue:NAME`, or a place."""

    __tablename__ = "contacts"

    name: Mapped[str] = mapped_column(primary_key=True)
    mail: Mapped[str | None]
    mobile: Mapped[str | None]
    dingtalk_token: Mapped[str | None]
    dingtalk_secret: Mapped[str | None]
    wecom_key: Mapped[str | None]
    updated_at: Mapped[datetime]


class MessageTemplate(Base):
    """A manager's wording of a message; the highest version is said."""

    __tablename__ = "message_templates"

    name: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    vendor_codes: Mapped[dict[str, Any]]
    created_by: Mapped[str]
    created_at: Mapped[datetime]


class StaffNoticeRow(WrittenTogether, Base):
    """A notice in somebody's own inbox in the house."""

    __tablename__ = "staff_notices"
    __table_args__ = (
        UniqueConstraint("username", "dedupe_key"),
        Index("ix_staff_notices_inbox", "username", "id"),
        Index("ix_staff_notices_unread", "username", "id", postgresql_where=sql("read_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    username: Mapped[str]
    event: Mapped[str]
    ticket_no: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    level: Mapped[int]
    dedupe_key: Mapped[str]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class WebhookSubscription(Base):
    """Somebody outside who is told of events; the secret is shown once and kept for signing."""

    __tablename__ = "webhook_subscriptions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    url: Mapped[str]
    events: Mapped[list[Any]]
    secret: Mapped[str]
    is_active: Mapped[bool]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
