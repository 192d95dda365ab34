"""What a provider told us about one parcel."""

from dataclasses import dataclass
from datetime import datetime

from carriers.events import ShipmentStatus, TrackingEvent


@dataclass(frozen=True, slots=True)
class TrackingResult:
    """One parcel as one provider saw it at `fetched_at`.

    events: ascending by time, empty when the parcel is known but not yet scanned.
    city: where it is now, None when nobody says. eta: estimated arrival, None when not given.
    provider: "kdniao" or "kuaidi100". All times are aware and in UTC.
    """

    waybill_no: str
    carrier_code: str
    status: ShipmentStatus
    events: tuple[TrackingEvent, ...]
    city: str | None
    eta: datetime | None
    provider: str
    fetched_at: datetime

    @property
    def last_event(self) -> TrackingEvent | None:
        """The newest scan, None before the first one."""
        return self.events[-1] if self.events else None
