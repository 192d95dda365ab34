"""How much may be sent in a while: a bucket of tokens that fills evenly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

A_MINUTE = timedelta(minutes=1)
TEN_MINUTES = timedelta(minutes=10)


@dataclass(frozen=True)
class Allowance:
    """So many messages a minute, `burst` of them at once.

    In no minute do more than both together get through: that sum is what a vendor must allow.
    """

    per_minute: int
    burst: int

    @property
    def interval(self) -> timedelta:
        """How long one token takes to come."""
        return A_MINUTE / self.per_minute


@dataclass(frozen=True)
class Bucket:
    """Tokens left at a time; nothing is taken before `closed_until`."""

    tokens: float
    at: datetime
    closed_until: datetime | None = None

    @classmethod
    def full(cls, allowance: Allowance, now: datetime) -> Self:
        """A bucket nobody has taken from."""
        return cls(float(allowance.burst), now)

    def filled(self, allowance: Allowance, now: datetime) -> Bucket:
        """The bucket as it stands at `now`."""
        gained = max(timedelta(), now - self.at) / allowance.interval
        tokens = min(float(allowance.burst), self.tokens + gained)
        return Bucket(tokens, max(self.at, now), self.closed_until)

    def take(self, allowance: Allowance, now: datetime) -> tuple[Bucket, timedelta]:
        """Take one token: the bucket afterwards, and how long to wait if there was none."""
        if self.closed_until is not None and now < self.closed_until:
            return self, self.closed_until - now
        bucket = self.filled(allowance, now)
        if bucket.tokens >= 1:
            return Bucket(bucket.tokens - 1, bucket.at), timedelta()
        return bucket, (1 - bucket.tokens) * allowance.interval

    def closed(self, until: datetime) -> Bucket:
        """The bucket shut and empty: the provider has told us to stop."""
        return Bucket(0.0, until, until)
