"""Telephone numbers of carriers, from the catalog that all processes share."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import yaml

CATALOG_FILE = Path(__file__).parents[1] / "carriers" / "catalog.yml"


@dataclass(frozen=True)
class Hotline:
    """A carrier's name and number; no number is known of some."""

    carrier: str
    number: str | None


@lru_cache(maxsize=1)
def _hotlines() -> Mapping[str, Hotline]:
    rows = yaml.safe_load(CATALOG_FILE.read_text(encoding="utf-8"))["carriers"]
    return MappingProxyType({row["code"]: Hotline(row["name"], row["hotline"]) for row in rows})


def hotline(carrier_code: str | None) -> Hotline | None:
    """The hotline of the carrier with our code; None for a carrier nobody knows."""
    return _hotlines().get(carrier_code or "")
