"""What nobody may hear: a parcel's details before its digits are shown; whole phone numbers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from tests.journeys.carrier_world import Parcel
from tests.journeys.heard import Heard, Story

MOBILE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![0-9A-Za-z])")
_STATION = re.compile(r"[【\[（(]([^】\]）)]{3,})[】\]）)]")
_LONGEST_QUOTE = 12


def whole(message: Heard) -> str:
    """Return everything a message shows, the card included."""
    card = json.dumps(message.card, ensure_ascii=False) if message.card else ""
    return f"{message.text}\n{card}"


def phone_numbers(messages: Iterable[Heard]) -> list[str]:
    """Return every unmasked mobile number in messages."""
    return [number for message in messages for number in MOBILE.findall(whole(message))]


def secrets_of(parcel: Parcel) -> frozenset[str]:
    """Return what needs the digits to be heard: scan texts, stations, cities left behind."""
    stations = {name for scan in parcel.scans for name in _STATION.findall(scan)}
    quotes = {scan[:_LONGEST_QUOTE] for scan in parcel.scans}
    return frozenset(stations | quotes) - {parcel.city}


def leaks(story: Story, parcel: Parcel, public: frozenset[str] = frozenset()) -> list[str]:
    """Return what was told of a parcel before its digits were shown.

    `public`: cities and scans of other parcels, so that hearing them betrays nothing.
    """
    secrets = secrets_of(parcel) - public
    wider = {each for each in public if any(secret in each for secret in secrets)}
    told: list[str] = []
    for step in story:
        if isinstance(step, str):
            if any(tail in step for tail in parcel.tails):
                return told
            continue
        shown = whole(step).replace(parcel.waybill_no, "")
        for each in wider:
            shown = shown.replace(each, "")
        told += [secret for secret in secrets if secret in shown]
        told += [tail for tail in parcel.tails if re.search(rf"(?<!\d){tail}(?!\d)", step.text)]
    return told
