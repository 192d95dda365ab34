"""What the gateway needs of a provider, and what every provider's client shares."""

from typing import Protocol

from carriers.catalog import Carrier
from carriers.tracking import TrackingResult


class Provider(Protocol):
    """An aggregator that answers about many carriers."""

    @property
    def name(self) -> str:
        """The short name used in results, errors and logs."""

    def serves(self, carrier: Carrier) -> bool:
        """Whether this provider knows the carrier."""

    async def query(
        self, waybill_no: str, carrier: Carrier, phone_tail: str | None
    ) -> TrackingResult:
        """Ask about one parcel.

        phone_tail: four digits, sent only for carriers that demand them. A parcel that is known
        but not scanned comes back without events. Raises ProviderError or ParcelError kinds.
        """

    async def recognise(self, waybill_no: str) -> tuple[Carrier, ...]:
        """Carriers the number may belong to, likeliest first; raises ProviderError kinds."""

    async def aclose(self) -> None:
        """Close the connections."""
