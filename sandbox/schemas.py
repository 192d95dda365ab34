"""What crosses the wire at the control doors."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from sandbox.catalog import carrier_named
from sandbox.clock import SimulatedClock
from sandbox.faults import Fault, FaultKind, FaultTarget
from sandbox.network.build import LOCAL
from sandbox.network.parcels import Parcel, Scan

SLOWEST_SECONDS = 60.0


class EventOut(BaseModel):
    """One scan; `at` carries the offset of China, `place` is the city."""

    at: datetime
    place: str
    text: str

    @classmethod
    def of(cls, scan: Scan) -> Self:
        """From a scan of the network."""
        return cls(at=scan.at.astimezone(LOCAL), place=scan.city.name, text=scan.text)


class ParcelOut(BaseModel):
    """A parcel in the list. `phone_tail` is the receiver's."""

    waybill_no: str
    carrier: str
    carrier_code: str
    phone_tail: str
    sender_phone_tail: str
    state: str
    last_event: EventOut | None

    @classmethod
    def of(cls, parcel: Parcel, now: datetime) -> Self:
        """As it is at `now`."""
        last = parcel.last_scan(now)
        return cls(
            waybill_no=parcel.waybill_no,
            carrier=carrier_named(parcel.carrier_code).name,
            carrier_code=parcel.carrier_code,
            phone_tail=parcel.receiver_phone_tail,
            sender_phone_tail=parcel.sender_phone_tail,
            state=parcel.condition(now).word,
            last_event=EventOut.of(last) if last else None,
        )


class WholeParcelOut(ParcelOut):
    """Everything that can be known of a parcel, `next_event_at` included."""

    receiver_phone_tail: str
    origin: str
    destination: str
    ordered_at: datetime
    events: list[EventOut]
    next_event_at: datetime | None
    eta: datetime | None

    @classmethod
    def of(cls, parcel: Parcel, now: datetime) -> Self:
        """As it is at `now`, events ascending."""
        next_at, eta = parcel.next_scan_at(now), parcel.eta(now)
        return cls(
            **dict(ParcelOut.of(parcel, now)),
            receiver_phone_tail=parcel.receiver_phone_tail,
            origin=parcel.origin.name,
            destination=parcel.destination.name,
            ordered_at=parcel.ordered_at.astimezone(LOCAL),
            events=[EventOut.of(scan) for scan in parcel.scans(now)],
            next_event_at=next_at.astimezone(LOCAL) if next_at else None,
            eta=eta.astimezone(LOCAL) if eta else None,
        )


class ClockOut(BaseModel):
    """The simulated time, and how far it is ahead of the real one."""

    now: datetime
    started_at: datetime
    advanced_seconds: float

    @classmethod
    def of(cls, clock: SimulatedClock) -> Self:
        """As it is now."""
        return cls(
            now=clock.now().astimezone(LOCAL),
            started_at=clock.started_at.astimezone(LOCAL),
            advanced_seconds=clock.advanced_by.total_seconds(),
        )


Amount = Annotated[float, Field(ge=0, le=100_000_000, allow_inf_nan=False)]


class AdvanceIn(BaseModel):
    """How far to push the clock; the parts add up and must be more than nothing."""

    model_config = ConfigDict(extra="forbid")

    days: Amount = 0
    hours: Amount = 0
    minutes: Amount = 0
    seconds: Amount = 0

    @property
    def total_seconds(self) -> float:
        """The sum of the parts."""
        return ((self.days * 24 + self.hours) * 60 + self.minutes) * 60 + self.seconds


class FaultIn(BaseModel):
    """A fault to switch on; `seconds` is the delay of a slow one, `times` how many calls suffer."""

    model_config = ConfigDict(extra="forbid")

    provider: FaultTarget
    kind: FaultKind
    seconds: Annotated[float, Field(gt=0, le=SLOWEST_SECONDS, allow_inf_nan=False)] = 5.0
    times: Annotated[int, Field(ge=1, le=1_000_000)] | None = None

    def fault(self) -> Fault:
        """The fault itself."""
        return Fault(self.provider, self.kind, self.seconds, self.times)


class FaultOut(BaseModel):
    """A fault that is on; `times` is how many more calls suffer, null means until removed."""

    provider: FaultTarget
    kind: FaultKind
    seconds: float
    times: int | None

    @classmethod
    def of(cls, fault: Fault) -> Self:
        """From the board."""
        return cls(
            provider=fault.provider,
            kind=fault.kind,
            seconds=fault.seconds,
            times=fault.times_left,
        )


class TallyOut(BaseModel):
    """Calls to one provider."""

    model_config = ConfigDict(from_attributes=True)

    total: int
    by_operation: dict[str, int]
    by_waybill: dict[str, int]
