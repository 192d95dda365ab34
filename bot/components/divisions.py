"""Provinces, cities and counties, and which belong together. Pure but for reading its table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Final

_SHORTEST = 2
_LONGEST_CHOICE = 400
_LONGEST_AROUND = 6


@dataclass(frozen=True)
class Division:
    """One division by its whole name; `city` and `county` are None above that level."""

    province: str
    city: str | None = None
    county: str | None = None

    @property
    def level(self) -> int:
        """0 province, 1 city, 2 county."""
        return 2 if self.county else 1 if self.city else 0

    def within(self, other: Division) -> bool:
        """Whether the other one is this one or above it."""
        return (
            self.province == other.province
            and other.city in (None, self.city)
            and other.county in (None, self.county)
        )


@dataclass(frozen=True)
class Named:
    """A name in a text and the divisions it may mean; `whole` unless it is a short name."""

    start: int
    end: int
    meant: tuple[Division, ...]
    whole: bool


class Divisions:
    """All divisions by whole and by short name."""

    def __init__(self, rows: Iterable[tuple[str, Division]]) -> None:
        whole: dict[str, list[Division]] = defaultdict(list)
        short: dict[str, list[Division]] = defaultdict(list)
        for name, division in rows:
            full, _, alias = name.partition("/")
            if division not in whole[full]:
                whole[full].append(division)
            alias = alias or full[:-1]
            if len(alias) >= _SHORTEST and alias != full:
                short[alias].append(division)
        self._whole: Mapping[str, Sequence[Division]] = dict(whole)
        self._short: Mapping[str, Sequence[Division]] = dict(short)
        self._longest: Final = max(map(len, whole), default=0)
        self._starts = frozenset(name[:2] for name in (*whole, *short))

    def at(self, text: str, place: int) -> Named | None:
        """The longest name that begins here, whole names before short ones of the same length."""
        if text[place : place + 2] not in self._starts:
            return None
        for length in range(min(self._longest, len(text) - place), _SHORTEST - 1, -1):
            word = text[place : place + length]
            if word in self._whole:
                return Named(place, place + length, tuple(self._whole[word]), True)
            if word in self._short:
                return Named(place, place + length, tuple(self._short[word]), False)
        return None

    def covers(self, text: str, span: tuple[int, int]) -> bool:
        """Whether the span lies within a name, as 都 does in 成都."""
        if span[1] - span[0] > 1:
            return False
        starts = range(max(span[0] - _LONGEST_AROUND, 0), span[0] + 1)
        return any((named := self.at(text, place)) and named.end > span[0] for place in starts)


def agreed(named: Sequence[Named]) -> tuple[Division | None, bool]:
    """The division that most of the names speak of, and whether none contradicts it.

    None where a name is shared by several and nothing tells them apart.
    """
    choices = list(product(*(each.meant for each in named)))[:_LONGEST_CHOICE]
    scored = [(_score(choice), max(choice, key=lambda each: each.level)) for choice in choices]
    best = max((score for score, _ in scored), default=0)
    found = {division for score, division in scored if score == best}
    lowest = max((each.level for each in found), default=0)
    deepest = {each for each in found if each.level == lowest}
    only = deepest.pop() if len(deepest) == 1 else None
    return only, best == len(named)


def _score(choice: Sequence[Division]) -> int:
    lowest = max(choice, key=lambda each: each.level)
    return sum(lowest.within(each) for each in choice)


@lru_cache(maxsize=2)
def read_divisions(path: str) -> Divisions:
    """Read `divisions.tsv`. Raises FileNotFoundError without it."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return Divisions(_rows(line for line in lines if not line.startswith("#")))


def _rows(lines: Iterable[str]) -> Iterable[tuple[str, Division]]:
    for line in lines:
        province, city, counties = [*line.split("\t"), ""][:3]
        top = province.partition("/")[0]
        middle = None if city == "-" else city.partition("/")[0]
        yield province, Division(top)
        if middle and middle != top:
            yield city, Division(top, middle)
        for county in counties.split():
            yield (
                county,
                Division(top, middle or county.partition("/")[0], county.partition("/")[0]),
            )
