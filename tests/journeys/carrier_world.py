"""The sandbox's control doors: parcels to take, faults to switch, calls to count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import httpx

SPARED = 2
"""How many parcels of each state are left to journeys that ask for that state."""
NAMED = frozenset({"YTO", "SF", "YD", "JD", "STO"})
"""The carriers that journeys ask for by name."""


@dataclass(frozen=True)
class Parcel:
    """A parcel of the simulated network; `scans` are the carrier's own words, oldest first.

    `city` is where it is, `places` is wherever it has been.
    """

    waybill_no: str
    carrier: str
    carrier_code: str
    state: str
    phone_tail: str
    sender_phone_tail: str
    scans: tuple[str, ...]
    city: str
    places: frozenset[str] = frozenset()

    @property
    def wrong_tail(self) -> str:
        """Four digits that belong to neither side."""
        return next(t for t in ("0000", "1111", "2222") if t not in self.tails)

    @property
    def tails(self) -> tuple[str, str]:
        """The digits either side may show."""
        return self.phone_tail, self.sender_phone_tail


class CarrierWorld:
    """Hands out each parcel once, so that journeys do not disturb one another."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=10, trust_env=False)
        self._taken: set[str] = set()
        self.handed_out: list[Parcel] = []

    def take(self, state: str | None = None, carrier: str | None = None) -> Parcel:
        """Return a parcel nobody has had: of a state, or any scanned one; of a carrier code."""
        asked = {"state": state, "carrier": carrier}
        rows = self._json("GET", "/shipments", params={k: v for k, v in asked.items() if v})
        free = [row for row in rows if row["waybill_no"] not in self._taken]
        fits = free if state else self._spare(free)
        assert fits, f"no parcel left in state {state} at {carrier or 'any carrier'}"
        parcel = self._whole(fits[0]["waybill_no"])
        self._taken.add(parcel.waybill_no)
        self.handed_out.append(parcel)
        return parcel

    def _spare(self, free: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return scanned parcels, those first whose state another journey will not miss.

        Among them moving ones come first, those of carriers that journeys ask for by name last.
        """
        everywhere = self._json("GET", "/shipments")
        left = Counter(r["state"] for r in everywhere if r["waybill_no"] not in self._taken)
        scanned = [row for row in free if row["last_event"]]

        def last(row: dict[str, Any]) -> tuple[bool, ...]:
            is_missed = left[row["state"]] <= SPARED
            return is_missed, row["state"] != "in_transit", row["carrier_code"] in NAMED

        return sorted(scanned, key=last)

    def fail(self, provider: str, kind: str, **more: float) -> None:
        """Switch a fault on: `slow`, `error_500`, `down` … at `kdniao`, `kuaidi100` or `all`."""
        self._json("POST", "/faults", json={"provider": provider, "kind": kind, **more})

    def heal(self) -> None:
        """Switch every fault off."""
        self._json("DELETE", "/faults")

    def calls_about(self, parcel: Parcel) -> dict[str, int]:
        """How often each provider was asked about a parcel."""
        tallies = self._json("GET", "/calls")
        return {name: t["by_waybill"].get(parcel.waybill_no, 0) for name, t in tallies.items()}

    def as_it_is_now(self, parcel: Parcel) -> Parcel:
        """Read a parcel again, with the scans that came in since it was taken."""
        return self._whole(parcel.waybill_no)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _whole(self, waybill_no: str) -> Parcel:
        row = self._json("GET", f"/shipments/{waybill_no}")
        own = ("waybill_no", "carrier", "carrier_code", "state", "phone_tail", "sender_phone_tail")
        scans = tuple(event["text"] for event in row["events"])
        city = row["last_event"]["place"] if row["last_event"] else ""
        places = frozenset(event["place"] for event in row["events"] if event["place"])
        known = {name: row[name] for name in own}
        return Parcel(**known, scans=scans, city=city, places=places)

    def _json(self, method: str, path: str, **more: Any) -> Any:
        response = self._http.request(method, path, **more)
        response.raise_for_status()
        return response.json()
