"""What an extractor found in a text, before it becomes Rasa's entity dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Span = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """One entity: `value` is normalised, `start`/`end` are offsets in the customer's own text.

    `parts` is what the value is made of, where an extractor knows; it becomes the entity's `parts`.
    """

    entity: str
    value: str
    start: int
    end: int
    confidence: float = 1.0
    parts: Mapping[str, str | None] = field(default_factory=dict)

    def as_entity(self, extractor: str) -> dict[str, Any]:
        """Rasa's shape of an entity."""
        entity = {
            "entity": self.entity,
            "value": self.value,
            "start": self.start,
            "end": self.end,
            "confidence_entity": self.confidence,
            "extractor": extractor,
        }
        return {**entity, "parts": dict(self.parts)} if self.parts else entity


def overlaps(span: Span, taken: list[Span]) -> bool:
    """Whether the span shares a character with one that is already spoken for."""
    return any(span[0] < end and start < span[1] for start, end in taken)
