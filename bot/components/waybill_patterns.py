"""The number patterns of all carriers, read as data."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

_PHONE = re.compile(r"1[3-9]\d{9}")
_LIKELY = re.compile(r"(?=(?:.*\d){7})[A-Z]{0,5}\d[0-9A-Z]{7,23}|[A-Z]{2,5}\d{7,20}")

_LONG, _LONGER = 12, 14


def _letters(pattern: str) -> str | None:
    found = re.match("[A-Z]+", pattern)
    return found[0] if found else None


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or "(?!)")


@dataclass(frozen=True)
class WaybillPatterns:
    """Whether a normalised number (half-width, upper case, no gaps) is one of a known carrier."""

    known: re.Pattern[str]
    by_letters: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, catalog: str) -> WaybillPatterns:
        """Read `carriers[].waybill_patterns`. Raises FileNotFoundError without a catalog."""
        carriers = yaml.safe_load(Path(catalog).read_text(encoding="utf-8"))["carriers"]
        lettered: dict[str, list[str]] = defaultdict(list)
        for carrier in carriers:
            patterns = carrier.get("waybill_patterns") or []
            for letters in {carrier["code"], *filter(None, map(_letters, patterns))}:
                lettered[letters].extend(patterns)
        every = dict.fromkeys(
            pattern for carrier in carriers for pattern in carrier.get("waybill_patterns") or ()
        )
        return cls(_any(every), {letters: _any(own) for letters, own in lettered.items()})

    def fits(self, number: str) -> bool:
        """Whether some carrier writes such numbers; a mobile number is never one."""
        return bool(self.known.fullmatch(number)) and not _PHONE.fullmatch(number)

    def fits_after(self, letters: str, digits: str) -> bool:
        """Whether the digits are a whole number behind letters that are no part of it.

        A short rest behind a carrier's own letters is rather a slip in that carrier's number.
        """
        own = self.by_letters.get(letters)
        if own and own.fullmatch(digits):
            return True
        return len(digits) >= (_LONGER if own else _LONG) and self.fits(digits)

    def looks_like_one(self, number: str) -> bool:
        """Whether a customer may well mean this as a waybill number though no carrier knows it."""
        return bool(_LIKELY.fullmatch(number)) and not _PHONE.fullmatch(number)
