"""Waiting for something to become true, never longer than told."""

from __future__ import annotations

import time
from collections.abc import Callable

_LOOK_EVERY_SECONDS = 0.1


def until[T](look: Callable[[], T | None], seconds: float, what: str) -> T:
    """Return the first result of `look` that is true; fail when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds:.0f} s")
        time.sleep(_LOOK_EVERY_SECONDS)
