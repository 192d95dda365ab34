"""What an extractor found in a text, before it becomes Rasa's entity dictionary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Span = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """One entity: `value` is normalised, `start`/`end` are offsets in the customer's own text."""

    entity: str
    value: str
    start: int
    end: int
    confidence: float = 1.0

    def as_entity(self, extractor: str) -> dict[str, Any]:
        """Rasa's shape of an entity."""
        return {
            "entity": self.entity,
            "value": self.value,
            "start": self.start,
            "end": self.end,
            "confidence_entity": self.confidence,
            "extractor": extractor,
        }


def overlaps(span: Span, taken: list[Span]) -> bool:
    """Whether the span shares a character with one that is already spoken for."""
    return any(span[0] < end and start < span[1] for start, end in taken)
