"""What crosses the wire about evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from ticketing.evidence.models import EvidencePack
from ticketing.evidence.service import Standing


class EntryOut(BaseModel):
    """One piece of a pack; `role` is outer, label, inner, other, or the kind of document."""

    name: str
    role: str
    media_type: str
    size: int
    sha256: str
    at: datetime


class FrozenOut(BaseModel):
    """A pack that was frozen."""

    revision: int
    sha256: str
    frozen_at: datetime
    frozen_by: str

    @classmethod
    def of(cls, row: EvidencePack) -> Self:
        """Return it as it crosses the wire."""
        return cls.model_validate(row, from_attributes=True)


class EvidenceOut(BaseModel):
    """A ticket's pack as it stands, its hash, and the packs frozen so far.

    `revision` is the frozen one it equals (`is_frozen`), or else the one it would become; 0 when
    nothing was frozen yet. `history_head` is the hash of the last line of the history in it.
    """

    ticket_no: str
    revision: int
    is_frozen: bool
    sha256: str
    history_head: str | None
    entries: list[EntryOut]
    frozen: list[FrozenOut]

    @classmethod
    def of(cls, stands: Standing) -> Self:
        """Return it as it crosses the wire."""
        pack = stands.pack
        return cls(
            ticket_no=pack.ticket_no,
            revision=pack.revision,
            is_frozen=stands.is_frozen,
            sha256=pack.sha256,
            history_head=pack.history_head,
            entries=[EntryOut.model_validate(entry) for entry in pack.entries],
            frozen=[FrozenOut.of(row) for row in stands.frozen],
        )
