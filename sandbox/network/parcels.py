"""A parcel and its planned life; what of it can be seen depends on the clock."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sandbox.network.geography import City
from sandbox.network.scans import ScanKind, after_silence, without_scans


@dataclass(frozen=True)
class Scan:
    """One scan, past or still to come. `at` is aware, UTC."""

    at: datetime
    kind: ScanKind
    city: City
    place: str
    text: str


@dataclass(frozen=True)
class Courier:
    """Who brings the parcel, from which branch."""

    name: str
    phone: str
    branch: str


@dataclass(frozen=True)
class Parcel:
    """One simulated parcel; every question takes the simulated `now`."""

    waybill_no: str
    carrier_code: str
    sender_phone_tail: str
    receiver_phone_tail: str
    origin: City
    destination: City
    ordered_at: datetime
    courier: Courier
    plan: tuple[Scan, ...]

    def scans(self, now: datetime) -> tuple[Scan, ...]:
        """The scans made so far, ascending."""
        return tuple(scan for scan in self.plan if scan.at <= now)

    def last_scan(self, now: datetime) -> Scan | None:
        """The newest scan, if there is any."""
        seen = self.scans(now)
        return seen[-1] if seen else None

    def next_scan_at(self, now: datetime) -> datetime | None:
        """When the clock reaches the next scan; None when nothing more will happen."""
        return next((scan.at for scan in self.plan if scan.at > now), None)

    def condition(self, now: datetime) -> ScanKind:
        """The newest scan, or what the silence since then amounts to."""
        last = self.last_scan(now)
        if last is None:
            return without_scans(now - self.ordered_at)
        return after_silence(last.kind, now - last.at)

    def had_problem(self, now: datetime) -> bool:
        """Whether anything has ever gone wrong, silences included."""
        seen = self.scans(now)
        silences = any(after_silence(a.kind, b.at - a.at).is_problem for a, b in pairwise(seen))
        return silences or any(s.kind.is_problem for s in seen) or self.condition(now).is_problem

    def eta(self, now: datetime) -> datetime | None:
        """When it will be signed for; None when it is already or never will be."""
        last = self.plan[-1] if self.plan else None
        return last.at if last and last.kind.is_signed and last.at > now else None

    def opens_with(self, phone_tail: str) -> bool:
        """Whether the digits are the sender's or the receiver's."""
        return phone_tail in (self.sender_phone_tail, self.receiver_phone_tail)
