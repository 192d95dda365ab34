"""What rules and conditions may know of a ticket, by the names they use. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from ticketing.shipments.places import destination_province, province_of
from ticketing.tickets.models import Ticket

AMOUNTS = ("declared_value", "insured_value", "fee", "amount", "loss_ratio")
"""Details that are numbers: yuan, and a share of 1."""

FLAGS = ("perishable", "fragile")
"""Details that are yes (`true`), no, or unknown."""

_NUMBER = re.compile(r"((?:\d{1,3}(?:[,，]\d{3}){1,3}(?!\d)|\d{1,12})(?:\.\d{1,4})?)\s*([万千%]?)")
_UNITS = {"万": 10_000, "千": 1_000, "%": 0.01}


def facts_of(ticket: Ticket) -> dict[str, Any]:
    """Return the facts of a ticket; what is unknown is None."""
    details = ticket.details
    return {
        **{name: number(details.get(name)) for name in AMOUNTS},
        **{name: details[name] == "true" if name in details else None for name in FLAGS},
        "intent": ticket.intent,
        "kind": ticket.kind,
        "severity": ticket.severity,
        "priority": ticket.priority,
        "red_flag": ticket.red_flag,
        "urgent": details.get("urgent") == "true",
        "vip": ticket.vip,
        "role": ticket.role,
        "state": ticket.state,
        "carrier_code": ticket.carrier_code,
        "region": ticket.region,
        "channel": details.get("channel"),
        "mood": details.get("mood"),
        "item": details.get("item"),
        "queue": ticket.queue,
    }


def number(text: Any) -> float | None:
    """Return the first number in a detail: 128.5 of `128.50元`, 1280 of `1,280`, 0.3 of `30%`."""
    if isinstance(text, int | float):
        return float(text)
    hit = _NUMBER.search(normalize("NFKC", str(text))) if text is not None else None
    if hit is None:
        return None
    return round(float(re.sub("[,，]", "", hit[1])) * _UNITS.get(hit[2], 1), 6)


def region_of(address: str | None, snapshot: Mapping[str, Any]) -> str | None:
    """Return the province a ticket is about: of the address named, else where its parcel goes."""
    return province_of(address) or destination_province(snapshot)
