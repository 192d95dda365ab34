"""The number patterns of all carriers, read as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

_PHONE = re.compile(r"1[3-9]\d{9}")
_LIKELY = re.compile(r"(?=(?:.*\d){7})[A-Z]{0,5}\d[0-9A-Z]{7,23}|[A-Z]{2,5}\d{7,20}")


@dataclass(frozen=True)
class WaybillPatterns:
    """Whether a normalised number (half-width, upper case, no gaps) is one of a known carrier."""

    known: re.Pattern[str]

    @classmethod
    def read(cls, catalog: str) -> WaybillPatterns:
        """Read `carriers[].waybill_patterns`. Raises FileNotFoundError without a catalog."""
        carriers = yaml.safe_load(Path(catalog).read_text(encoding="utf-8"))["carriers"]
        patterns = dict.fromkeys(
            pattern for carrier in carriers for pattern in carrier.get("waybill_patterns") or ()
        )
        return cls(re.compile("|".join(f"(?:{pattern})" for pattern in patterns)))

    def fits(self, number: str) -> bool:
        """Whether some carrier writes such numbers; a mobile number is never one."""
        return bool(self.known.fullmatch(number)) and not _PHONE.fullmatch(number)

    def looks_like_one(self, number: str) -> bool:
        """Whether a customer may well mean this as a waybill number though no carrier knows it."""
        return bool(_LIKELY.fullmatch(number)) and not _PHONE.fullmatch(number)
