"""Carriers the aggregators know, read as data from the shared catalog."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

CATALOG_FILE = Path(__file__).resolve().parent.parent / "carriers" / "catalog.yml"


@dataclass(frozen=True)
class KnownCarrier:
    """A carrier with its code at each aggregator (None: not served there)."""

    code: str
    kdniao: str | None
    kuaidi100: str | None
    name: str
    patterns: tuple[re.Pattern[str], ...]

    def rank(self, waybill_no: str) -> int | None:
        """Position of the first pattern that fits, the most specific being 0; None if none does."""
        fits = (i for i, pattern in enumerate(self.patterns) if pattern.fullmatch(waybill_no))
        return next(fits, None)


@cache
def known_carriers() -> tuple[KnownCarrier, ...]:
    """Every carrier of the catalog, in its order."""
    rows = yaml.safe_load(CATALOG_FILE.read_text(encoding="utf-8"))["carriers"]
    return tuple(
        KnownCarrier(
            code=row["code"],
            kdniao=row.get("kdniao"),
            kuaidi100=row.get("kuaidi100"),
            name=row["name"],
            patterns=tuple(re.compile(pattern) for pattern in row["waybill_patterns"]),
        )
        for row in rows
    )


def carrier_named(code: str) -> KnownCarrier:
    """The carrier with this code of ours; KeyError if the catalog has none."""
    return {carrier.code: carrier for carrier in known_carriers()}[code]


def likely_carriers(waybill_no: str) -> tuple[KnownCarrier, ...]:
    """Carriers whose patterns fit the number, those with the more specific pattern first."""
    ranked = ((carrier.rank(waybill_no), carrier) for carrier in known_carriers())
    fitting = [(rank, carrier) for rank, carrier in ranked if rank is not None]
    return tuple(carrier for _, carrier in sorted(fitting, key=lambda pair: pair[0]))
