"""Which photo a question asks for, so that pages can show how to take it."""

from __future__ import annotations

from typing import Any

from ticketing.forms.form import FieldKind
from ticketing.forms.walk import Question

SHOTS = ("outer", "label", "inner")


def photo_guide(asked: Question) -> dict[str, Any] | None:
    """Return the card that goes with a question for photos: `{"type", "wanted"}`."""
    if asked.kind is not FieldKind.FILES:
        return None
    wanted = [shot for shot in SHOTS if shot in asked.key.split("_")]
    return {"type": "photo_guide", "wanted": wanted or list(SHOTS)}
