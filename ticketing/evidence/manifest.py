"""What a pack of evidence consists of, and the hash that stands for all of it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

JSON_TYPE = "application/json"
MANIFEST = "manifest.json"
OTHER = "other"
ROLES = ("outer", "label", "inner", OTHER)
"""外箱, 面单, 内件, and whatever else was sent in."""

_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/heif": "heic",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "application/pdf": "pdf",
}


@dataclass(frozen=True, kw_only=True)
class Photo:
    """A file that was sent in; `role` says what it shows, `at` when it came."""

    name: str
    role: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    path: Path | None = None
    """Where its bytes are; nowhere once they have been deleted."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """Something written: the tracking, the transcript, the history."""

    name: str
    text: str
    at: datetime

    @property
    def content(self) -> bytes:
        """Its bytes."""
        return self.text.encode()


@dataclass(frozen=True, kw_only=True)
class Pack:
    """Everything that proves what happened to a ticket; `revision` 0 was never frozen."""

    ticket_no: str
    photos: tuple[Photo, ...]
    documents: tuple[Document, ...]
    history_head: str | None
    """The hash of the last line of the ticket's history that is in the pack."""
    revision: int = 0
    frozen_at: datetime | None = None
    frozen_by: str | None = None

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Name, kind, size, hash and time of each piece, by name."""
        rows = [_photo_entry(photo) for photo in self.photos]
        rows += [_document_entry(document) for document in self.documents]
        return sorted(rows, key=lambda row: str(row["name"]))

    @property
    def sha256(self) -> str:
        """The hash of the whole: of the ticket's number, the chain's head and every entry."""
        return pack_hash(self.ticket_no, self.history_head, self.entries)

    @property
    def manifest(self) -> dict[str, Any]:
        """What the pack consists of; equal packs have equal manifests."""
        return {
            "ticket_no": self.ticket_no,
            "history_head": self.history_head,
            "entries": self.entries,
            "sha256": self.sha256,
        }


def pack_hash(ticket_no: str, head: str | None, entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the SHA-256 of a manifest's canonical JSON."""
    whole = {"ticket_no": ticket_no, "history_head": head, "entries": list(entries)}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_document(name: str, value: Any, at: datetime) -> Document:
    """Return a value as a readable JSON document."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2)
    return Document(name=name, text=text + "\n", at=at)


def iso(at: datetime) -> str:
    """Return a time in UTC, to the microsecond, the same way each time."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def photo_name(role: str, number: int, media_type: str) -> str:
    """Return the name of a file within the pack, e.g. `photos/outer-1.jpg`."""
    return f"photos/{role}-{number}.{_ENDINGS.get(media_type, 'bin')}"


def _photo_entry(photo: Photo) -> dict[str, Any]:
    return {
        "name": photo.name,
        "role": photo.role,
        "media_type": photo.media_type,
        "size": photo.size,
        "sha256": photo.sha256,
        "at": iso(photo.at),
    }


def _document_entry(document: Document) -> dict[str, Any]:
    return {
        "name": document.name,
        "role": document.name.removesuffix(".json"),
        "media_type": JSON_TYPE,
        "size": len(document.content),
        "sha256": hashlib.sha256(document.content).hexdigest(),
        "at": iso(document.at),
    }
