"""Texts cut to what a provider takes."""

from __future__ import annotations

ELLIPSIS = "…"


def cut_bytes(text: str, most: int) -> str:
    """Return the text in at most so many bytes of UTF-8, no character broken, an ellipsis last."""
    raw = text.encode()
    if len(raw) <= most:
        return text
    room = most - len(ELLIPSIS.encode())
    if room < 0:
        return raw[:most].decode(errors="ignore")
    return raw[:room].decode(errors="ignore").rstrip() + ELLIPSIS
