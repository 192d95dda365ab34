"""A pack of evidence as one ZIP, piece by piece, the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from ticketing.evidence.manifest import MANIFEST, Pack, Photo, as_document

_CHUNK = 256 * 1024
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


class _Outgoing(io.RawIOBase):
    """What was written and has not left yet; it cannot be sought, so nothing is kept."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """Whether it takes bytes."""
        return True

    def write(self, data: object) -> int:
        """Take bytes."""
        part = bytes(data)  # type: ignore[call-overload]
        self._parts.append(part)
        return len(part)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        whole = b"".join(self._parts)
        self._parts.clear()
        return whole


def zipped(pack: Pack) -> Iterator[bytes]:
    """Yield a pack as a ZIP: manifest first, then its pieces by name.

    A file whose bytes are gone is left out; the manifest still names it.
    """
    outgoing = _Outgoing()
    with zipfile.ZipFile(outgoing, "w", zipfile.ZIP_STORED) as archive:
        first = as_document(MANIFEST, pack.manifest, pack.frozen_at or pack.documents[0].at)
        for document in (first, *sorted(pack.documents, key=lambda each: each.name)):
            archive.writestr(_entry(document.name), document.content)
            yield outgoing.taken()
        for photo in sorted(pack.photos, key=lambda each: each.name):
            yield from _copied(archive, outgoing, photo)
    yield outgoing.taken()


def _copied(archive: zipfile.ZipFile, outgoing: _Outgoing, photo: Photo) -> Iterator[bytes]:
    if photo.path is None or not photo.path.is_file():
        return
    entry = _entry(photo.name)
    entry.file_size = photo.size
    with archive.open(entry, "w") as target, photo.path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            target.write(chunk)
            yield outgoing.taken()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.external_attr = _READABLE
    entry.create_system = 3
    return entry
