"""What is left of many measured turns. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that `share` (0 to 1) of the values do not exceed.

    Raises ValueError without values or with a share outside 0 to 1.
    """
    if not values or not 0 <= share <= 1:
        raise ValueError("a percentile needs values, and a share between 0 and 1")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@dataclass(frozen=True)
class Figures:
    """One cell of the benchmark: milliseconds a turn, turns a second, and what went wrong."""

    concurrency: int
    turns: int
    failures: int
    p50_ms: float
    p95_ms: float
    per_second: float
    cpu_ms: float | None = None
    """Processor time the measured processes took for a turn, where it was counted."""

    @classmethod
    def of(
        cls, seconds: Sequence[float], *, wall_seconds: float, failures: int, concurrency: int
    ) -> Figures:
        """Sum up the seconds each turn took; `wall_seconds` is how long all of them took."""
        return cls(
            concurrency=concurrency,
            turns=len(seconds),
            failures=failures,
            p50_ms=round(percentile(seconds, 0.5) * 1000, 2),
            p95_ms=round(percentile(seconds, 0.95) * 1000, 2),
            per_second=round(len(seconds) / wall_seconds, 1),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the figures for `bench.json`."""
        return asdict(self)
