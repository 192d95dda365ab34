"""How large pages are, and how long people wait for them in a browser. Pure."""

from __future__ import annotations

import gzip
from dataclasses import asdict, dataclass
from typing import Any

from tests.bench.figures import percentile

_LEVEL = 6


@dataclass(frozen=True)
class Pages:
    """Kilobytes as gzip sends them, milliseconds in the browser."""

    console_kb: float
    chat_kb: float
    widget_kb: float
    usable_ms: tuple[float, ...]
    switch_ms: tuple[float, ...]
    talks: int

    def as_json(self) -> dict[str, Any]:
        """Return what was measured for `bench.json`."""
        summed = {
            f"{name}_{word}": percentile(values, share)
            for name, values in (("usable", self.usable_ms), ("switch", self.switch_ms))
            for word, share in (("p50_ms", 0.5), ("p95_ms", 0.95))
        }
        return {**asdict(self), **summed}


def packed(body: bytes) -> float:
    """Return the kilobytes a body takes on its way through a proxy that packs it."""
    return round(len(gzip.compress(body, _LEVEL)) / 1024, 1)
