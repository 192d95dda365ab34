"""Tables of conversations and their messages."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base
from ticketing.kernel.ids import new_id

ANGER = "anger"
"""The reason of a hand-over that does not wait behind the others."""


class Customer(Base):
    """Somebody a site has vouched for; their conversations on all channels belong together."""

    __tablename__ = "customers"
    __table_args__ = (UniqueConstraint("site", "external_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    site: Mapped[str]
    external_id: Mapped[str]
    """How the site knows them."""
    name: Mapped[str]
    vip: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Conversation(Base):
    """One customer on one channel; `owner` says who answers, `owner_epoch` grows at each change."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("channel", "customer_key"),
        Index(
            "ix_conversations_with_people",
            "owner",
            "agent",
            postgresql_where=text("owner IN ('queue', 'agent')"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[str]
    customer_key: Mapped[str]
    """REST: the sender; web chat: the digest of the secret session token."""
    owner: Mapped[str] = mapped_column(default="bot")
    owner_epoch: Mapped[int] = mapped_column(default=0)
    last_seq: Mapped[int] = mapped_column(default=0)
    delivered_seq: Mapped[int] = mapped_column(default=0)
    """The highest number the customer's client has confirmed to have shown."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    handoff_reason: Mapped[str | None]
    wanted_handoff: Mapped[dict[str, Any] | None]
    """A hand-over the running bot turn asked for; carried out together with its answer."""
    queue: Mapped[str | None]
    """In which queue it waits, or from which it was taken."""
    agent: Mapped[str | None]
    """Who holds it, while `owner` is `agent`."""
    customer_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("customers.id"), index=True)
    site: Mapped[str | None]
    """By the key of which site the customer came, on the web."""
    page: Mapped[str | None]
    """Origin and path of the page they last opened the chat on."""
    turn_token: Mapped[uuid.UUID | None]
    turn_until: Mapped[datetime | None]
    turn_epoch: Mapped[int | None]

    @property
    def comes_first(self) -> bool:
        """Whether a person should take it before those who can wait."""
        return self.owner == "queue" and self.handoff_reason == ANGER


class Message(Base):
    """One message, numbered within its conversation without gaps."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "external_id"),
        Index(
            "ix_messages_waiting",
            "conversation_id",
            "seq",
            postgresql_where=text("author = 'customer' AND handled_at IS NULL"),
        ),
        Index(
            "ix_messages_retracted",
            "conversation_id",
            "seq",
            postgresql_where=text("retracted_at IS NOT NULL"),
        ),
    )

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(primary_key=True)
    author: Mapped[str]
    external_id: Mapped[str | None]
    text: Mapped[str]
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    card: Mapped[dict[str, Any] | None]
    at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    understood: Mapped[dict[str, Any] | None]
    answers_seq: Mapped[int | None]
    said_by: Mapped[str | None]
    """Which of our people said it."""
    quoted_seq: Mapped[int | None]
    """Which message it replies to."""
    retracted_at: Mapped[datetime | None]
    """Since when customers are not shown it any more."""
    cause: Mapped[str | None]
    """The outbox key of what our side said."""


class ParcelProof(Base):
    """What a conversation has shown of a parcel: the last four digits of a phone on its label."""

    __tablename__ = "parcel_proofs"

    conversation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("conversations.id"), primary_key=True
    )
    waybill_no: Mapped[str] = mapped_column(primary_key=True, index=True)
    phone_tail: Mapped[str | None]
    shown_at: Mapped[datetime | None]
    wrong_tries: Mapped[int] = mapped_column(default=0)
    last_wrong_at: Mapped[datetime | None]
