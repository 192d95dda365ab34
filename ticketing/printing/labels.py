"""What papers call things, read from `labels.yml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from carriers.events import ShipmentStatus


@cache
def _labels() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("labels.yml")
    labels: dict[str, dict[str, str]] = yaml.safe_load(path.read_text("utf-8"))
    return labels


def label(table: str, name: str | None) -> str | None:
    """Return what a paper calls this; the name itself where nobody has named it."""
    return _labels()[table].get(name, name) if name else None


def labels(table: str) -> dict[str, str]:
    """Return a whole table of names, in order."""
    return dict(_labels()[table])


def status_label(status: str | None) -> str | None:
    """Return what customers read for a parcel's status."""
    known = status in set(ShipmentStatus)
    return ShipmentStatus(status).label if status and known else status
