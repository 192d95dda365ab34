"""Tables of files and of what they belong to."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base
from ticketing.kernel.ids import new_id


class StoredFile(Base):
    """One upload. Its content lies on disk under its hash, once however often it is uploaded."""

    __tablename__ = "files"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    """What the content is, not what anybody says it is."""
    original_name: Mapped[str]
    width: Mapped[int | None]
    height: Mapped[int | None]
    """Pixels of a picture, as it is to be looked at."""
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime] = mapped_column(index=True)


class FileLink(Base):
    """What a file belongs to: a ticket number, a conversation's id; in which role."""

    __tablename__ = "file_links"
    __table_args__ = (UniqueConstraint("file_id", "subject", "role"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("files.id"))
    subject: Mapped[str] = mapped_column(index=True)
    role: Mapped[str]
    """`outer`, `label`, `inner`, `other`, or the key of a form's field."""
    linked_by: Mapped[str]
    linked_at: Mapped[datetime]
