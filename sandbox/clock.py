"""The simulated clock: it walks with the real one and can be pushed forward."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def real_now() -> datetime:
    """The time of this machine, aware, UTC."""
    return datetime.now(UTC)


class SimulatedClock:
    """Starts at the real time in whole seconds; `advance` moves it ahead for good."""

    def __init__(self, real: Callable[[], datetime] = real_now) -> None:
        self._real = real
        self.started_at = real().replace(microsecond=0)
        self.advanced_by = timedelta()

    def now(self) -> datetime:
        """The simulated time, aware, UTC."""
        return self._real() + self.advanced_by

    def real_now(self) -> datetime:
        """The time outside, by which signatures and rates are judged."""
        return self._real()

    def advance(self, by: timedelta) -> datetime:
        """Push the clock forward and return the new time."""
        self.advanced_by += by
        return self.now()
