"""A file as it stands in a conversation."""

from __future__ import annotations

from typing import Any

from ticketing.files.models import StoredFile


def file_card(stored: StoredFile) -> dict[str, Any]:
    """Return the card of a file, whoever sent it; only pictures have a width and a height."""
    card = {
        "type": "file",
        "file_id": str(stored.id),
        "media_type": stored.media_type,
        "size": stored.size,
        "name": stored.original_name,
    }
    if stored.width is None:
        return card
    return {**card, "width": stored.width, "height": stored.height}
