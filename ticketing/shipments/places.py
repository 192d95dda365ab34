"""Which province an address lies in, and which one a parcel is on its way to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from carriers.events import ShipmentStatus as Status

_ARRIVED = frozenset(
    {Status.ARRIVED_CITY, Status.AT_DELIVERY_STATION, Status.OUT_FOR_DELIVERY, Status.IN_LOCKER}
    | {Status.TAKEN_FROM_LOCKER, Status.REDELIVERING, Status.LOCKER_OVERDUE, Status.UNCLAIMED}
    | {Status.SIGNED, Status.SIGNED_BY_OTHER, Status.SIGNED_AT_LOCKER}
    | {Status.SIGNED_AFTER_PROBLEM, Status.DELIVERY_PROBLEM, Status.UNREACHABLE}
    | {Status.ADDRESS_INCOMPLETE, Status.PHONE_WRONG, Status.OUT_OF_RANGE, Status.REFUSED}
)
"""Where a parcel is then is where it was sent to."""

_LONGEST = 12
_STREET = re.compile("[东西南北中]?(?:[一二三四五六七八九]|大)?(?:路|街|道)")
"""南京路 is no place in 南京."""

_ON_THE_WAY_BACK = frozenset({Status.RETURNING, Status.RETURNED, Status.INTERCEPTED})


def province_of(place: str | None) -> str | None:
    """Return the province a place begins with or its city is in, e.g. 广东省 of `东莞虎门`."""
    text = place.strip().lstrip("【[") if place else ""
    known = _provinces()
    longest = min(len(text), _LONGEST)
    size = next((n for n in range(longest, 1, -1) if text[:n] in known), 0)
    return known[text[:size]] if size and not _STREET.match(text, size) else None


def destination_province(snapshot: Mapping[str, Any]) -> str | None:
    """Return the province a parcel was sent to, by its frozen tracking.

    Unknown before it is seen where it is to be delivered: a hub on the way is no destination.
    """
    events = _outward(snapshot.get("events") or ())
    for event in reversed(events):
        province = province_of(event.get("place")) if event["status"] in _ARRIVED else None
        if province:
            return province
    return province_of(snapshot.get("city")) if snapshot.get("status") in _ARRIVED else None


def _outward(events: Iterable[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Return the events of the way out; what came before a wrong turn says nothing."""
    outward: list[Mapping[str, Any]] = []
    for event in events:
        if event["status"] in _ON_THE_WAY_BACK:
            break
        outward = [] if event["status"] == Status.MISROUTED else [*outward, event]
    return outward


@cache
def _provinces() -> Mapping[str, str]:
    rows: dict[str, str] = yaml.safe_load(
        Path(__file__).with_name("provinces.yml").read_text("utf-8")
    )
    named = {name: province for province, names in rows.items() for name in names.split()}
    return named | {province: province for province in rows}
