"""How fast a customer's connection may ask things of us: faster than anybody types. Pure."""

from __future__ import annotations

from datetime import datetime

BURST = 40
"""So much at once, as when a phone comes out of a tunnel."""
A_SECOND = 2.0
"""So much in every second after that."""


class Pace:
    """What each connection has left."""

    def __init__(self) -> None:
        self._left: dict[str, tuple[float, datetime]] = {}

    def may(self, sid: str, now: datetime, cost: float = 1.0) -> bool:
        """Return whether a connection may do something that costs so much; then it is paid."""
        left, since = self._left.get(sid, (float(BURST), now))
        left = min(float(BURST), left + A_SECOND * max(0.0, (now - since).total_seconds()))
        is_enough = left >= cost
        self._left[sid] = (left - cost if is_enough else left, now)
        return is_enough

    def forget(self, sid: str) -> None:
        """Forget a connection."""
        self._left.pop(sid, None)
