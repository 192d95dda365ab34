"""Everything the process remembers."""

from collections.abc import Callable
from datetime import datetime

from sandbox.arrivals import ArrivalBook
from sandbox.calls import CallBook
from sandbox.catalog import KnownCarrier, carrier_named, likely_carriers
from sandbox.clock import SimulatedClock, real_now
from sandbox.faults import FaultBoard
from sandbox.network.build import build_network
from sandbox.network.parcels import Parcel
from sandbox.rates import RateBook
from sandbox.settings import Settings


class World:
    """The parcel network, its clock, the faults that are on, the calls and messages so far."""

    def __init__(self, settings: Settings, real: Callable[[], datetime] = real_now) -> None:
        self.settings = settings
        self.clock = SimulatedClock(real)
        self.parcels = build_network(settings.seed, self.clock.started_at)
        self.faults = FaultBoard()
        self.calls = CallBook()
        self.arrivals = ArrivalBook()
        self.rates = RateBook()
        self.used_nonces: set[str] = set()
        self.webhook_secret = settings.webhook_secret

    def find(self, waybill_no: str) -> Parcel | None:
        """The parcel with this number, in whatever case it was written."""
        return self.parcels.get(tidy(waybill_no))

    def recognise(self, waybill_no: str) -> tuple[KnownCarrier, ...]:
        """Carriers a number may belong to; the true one leads when the network has the parcel."""
        number = tidy(waybill_no)
        parcel = self.parcels.get(number)
        guesses = likely_carriers(number)
        if parcel is None:
            return guesses
        truth = carrier_named(parcel.carrier_code)
        return (truth, *(carrier for carrier in guesses if carrier != truth))


def tidy(waybill_no: str) -> str:
    """The number as the network keeps it."""
    return waybill_no.strip().upper()
