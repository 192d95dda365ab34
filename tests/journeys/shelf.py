"""Parcels for many short conversations: one serves all that file nothing of the same kind."""

from __future__ import annotations

from collections.abc import Collection

from tests.journeys.carrier_world import CarrierWorld, Parcel

MOST_KINDS = 3
"""A parcel with more tickets makes the next one more urgent."""


class Shelf:
    """Spares the parcels of the sandbox, which other journeys need as well."""

    def __init__(self, world: CarrierWorld) -> None:
        self._world = world
        self._left: dict[str, Parcel] = {}
        self._filed: dict[str, set[str]] = {}

    def take(
        self, kinds: Collection[str], state: str | None = None, carrier: str | None = None
    ) -> Parcel:
        """Return a parcel without tickets of these kinds; without a state, any scanned one.

        One of an earlier conversation comes before one that nobody has had.
        """
        fits = (
            each
            for each in self._left.values()
            if (each.scans if state is None else state == each.state)
            and carrier in {None, each.carrier_code}
            and not self._filed[each.waybill_no] & set(kinds)
            and (not kinds or len(self._filed[each.waybill_no]) < MOST_KINDS)
        )
        parcel = next(fits, None)
        if parcel is None:
            return self._world.take(state, carrier)
        del self._left[parcel.waybill_no]
        self._world.handed_out.append(parcel)
        return parcel

    def put_back(self, parcels: Collection[Parcel], kinds: Collection[str]) -> None:
        """Keep parcels about which tickets of these kinds may have been filed."""
        for parcel in parcels:
            self._left[parcel.waybill_no] = parcel
            self._filed.setdefault(parcel.waybill_no, set()).update(kinds)
