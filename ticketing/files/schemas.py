"""What crosses the wire about files."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from ticketing.files.models import FileLink, StoredFile

Subject = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
FileRole = Annotated[str, Field(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]{0,63}$")]


class LinkIn(BaseModel):
    """What a file belongs to: a ticket number or a conversation's id, and in which role."""

    subject: Subject
    role: FileRole = "other"


class FileOut(BaseModel):
    """A file on record; its content is at `/api/files/{id}/content`."""

    id: uuid.UUID
    sha256: str
    size: int
    media_type: str
    original_name: str
    width: int | None = None
    height: int | None = None
    uploaded_by: str
    uploaded_at: datetime

    @classmethod
    def of(cls, stored: StoredFile) -> Self:
        """Return the file as it crosses the wire."""
        return cls.model_validate({name: getattr(stored, name) for name in cls.model_fields})


class LinkedFileOut(BaseModel):
    """A file and what it belongs to."""

    subject: str
    role: str
    linked_by: str
    linked_at: datetime
    file: FileOut

    @classmethod
    def of(cls, link: FileLink, stored: StoredFile) -> Self:
        """Return the link as it crosses the wire."""
        return cls(
            subject=link.subject,
            role=link.role,
            linked_by=link.linked_by,
            linked_at=link.linked_at,
            file=FileOut.of(stored),
        )


class LinkedFilesOut(BaseModel):
    """What belongs to a subject, in the order it was added."""

    files: list[LinkedFileOut]
