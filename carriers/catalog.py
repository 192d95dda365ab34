"""Who carries parcels, under which codes, and what their numbers look like."""

import math
import re
import string
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import yaml

_CATALOG_FILE = Path(__file__).with_name("catalog.yml")
_WAYBILL_CHARACTERS = string.digits + string.ascii_uppercase
_NOISE_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Pd", "Cf", "Cc"})
_MINUS_SIGN = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Carrier:
    """One carrier of `catalog.yml`.

    code: ours, the 快递鸟 code where there is one. kdniao, kuaidi100: None when not served there.
    waybill_patterns: full-match expressions on the normalised number, most specific first.
    """

    code: str
    kdniao: str | None
    kuaidi100: str | None
    name: str
    nicknames: tuple[str, ...]
    hotline: str | None
    phone_tail_required: bool
    active: bool
    waybill_patterns: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name customers use, the official one first."""
        return (self.name, *self.nicknames)

    @classmethod
    def from_row(cls, row: Mapping[str, object]) -> Self:
        """Build one carrier from its YAML row; KeyError when a field is missing."""
        return cls(
            code=str(row["code"]),
            kdniao=_text_or_none(row["kdniao"]),
            kuaidi100=_text_or_none(row["kuaidi100"]),
            name=str(row["name"]),
            nicknames=_texts(row["nicknames"]),
            hotline=_text_or_none(row["hotline"]),
            phone_tail_required=row["phone_tail_required"] is True,
            active=row["active"] is True,
            waybill_patterns=_texts(row["waybill_patterns"]),
        )


class Catalog:
    """All carriers, in the order of how common they are."""

    def __init__(self, carriers: Iterable[Carrier]) -> None:
        self.carriers = tuple(carriers)
        self._by_code = {carrier.code: carrier for carrier in self.carriers}
        self._by_name = {
            name.casefold(): carrier for carrier in self.carriers for name in carrier.names
        }
        self._by_kdniao = _first_of_each((c.kdniao, c) for c in self.carriers)
        self._by_kuaidi100 = _first_of_each((c.kuaidi100, c) for c in self.carriers)

    @classmethod
    def load(cls, path: Path = _CATALOG_FILE) -> Self:
        """Read `catalog.yml`, or another file of the same shape."""
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))["carriers"]
        return cls(Carrier.from_row(row) for row in rows)

    def by_code(self, code: str) -> Carrier | None:
        """The carrier with our code, in any letter case."""
        return self._by_code.get(code.strip().upper())

    def by_kdniao(self, code: str) -> Carrier | None:
        """The carrier with this 快递鸟 ShipperCode."""
        return self._by_kdniao.get(code)

    def by_kuaidi100(self, code: str) -> Carrier | None:
        """The carrier with this 快递100 com; the more common one where two share it."""
        return self._by_kuaidi100.get(code)

    def by_name(self, text: str) -> Carrier | None:
        """The carrier a customer names: an exact name, else the longest name inside the text."""
        wanted = unicodedata.normalize("NFKC", text).strip().casefold()
        if wanted in self._by_name:
            return self._by_name[wanted]
        inside = [name for name in self._by_name if _is_named(name, wanted)]
        return self._by_name[max(inside, key=len)] if inside else None

    def candidates(self, waybill_no: str) -> tuple[Carrier, ...]:
        """Carriers whose numbers look like this one, likeliest first, closed ones last.

        Likely is who is common and whose pattern leaves few other numbers: a share falling with the
        square of the place in the catalog, divided by the count of numbers the pattern allows.
        """
        number = normalise_waybill_no(waybill_no)
        scored = []
        for place, carrier in enumerate(self.carriers):
            freedoms = [
                _freedom(pattern, number)
                for pattern in carrier.waybill_patterns
                if re.fullmatch(pattern, number, re.ASCII)
            ]
            if freedoms:
                unlikelihood = min(freedoms) + 2 * math.log10(place + 1)
                scored.append((not carrier.active, unlikelihood, place, carrier))
        return tuple(row[-1] for row in sorted(scored, key=lambda row: row[:3]))


def normalise_waybill_no(text: str) -> str:
    """Write a number the one way we store it: half-width, upper case, no spaces or hyphens."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(
        character
        for character in folded
        if unicodedata.category(character) not in _NOISE_CATEGORIES and character != _MINUS_SIGN
    )


def _freedom(pattern: str, number: str) -> float:
    """How many numbers like this one the pattern allows, as a power of ten."""
    return sum(
        math.log10(
            sum(
                re.fullmatch(pattern, number[:at] + other + number[at + 1 :], re.ASCII) is not None
                for other in _WAYBILL_CHARACTERS
            )
        )
        for at in range(len(number))
    )


def _is_named(name: str, text: str) -> bool:
    """Whether the text names it; Latin names only as whole words, or 'items' would say EMS."""
    if not name.isascii():
        return name in text
    return re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text) is not None


def _first_of_each(pairs: Iterable[tuple[str | None, Carrier]]) -> dict[str, Carrier]:
    found: dict[str, Carrier] = {}
    for code, carrier in pairs:
        if code is not None:
            found.setdefault(code, carrier)
    return found


def _text_or_none(value: object) -> str | None:
    return None if value is None else str(value)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("a list of texts was expected")
    return tuple(str(item) for item in value)
