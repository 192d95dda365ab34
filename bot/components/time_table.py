"""What people call parts of the day and the days of the year, read as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Festival:
    """Days with a name: how many, and on which date they begin in a year."""

    days: int
    month_and_day: tuple[int, int] | None
    dates: tuple[date, ...] = ()

    def beginnings(self, years: Sequence[int]) -> list[date]:
        """The first days of it in these years, of those that are known."""
        if self.month_and_day:
            return [date(year, *self.month_and_day) for year in years]
        return [first for first in self.dates if first.year in years]


@dataclass(frozen=True)
class TimeTable:
    """Parts of a day as hours, festivals by name, and expressions that no date can be told for."""

    parts: Mapping[str, tuple[int, int]]
    festivals: Mapping[str, Festival]
    vague: tuple[str, ...]

    @classmethod
    def read(cls, path: str) -> TimeTable:
        """Read `times.yml`. Raises FileNotFoundError, KeyError when a part is missing."""
        rows = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        return cls(
            parts={name: (hours[0], hours[1]) for name, hours in rows["parts"].items()},
            festivals={name: _festival(row) for row in rows["festivals"] for name in row["names"]},
            vague=tuple(rows["vague"]),
        )


def _festival(row: Mapping[str, Any]) -> Festival:
    first = row["first"]
    if isinstance(first, list):
        return Festival(row["days"], None, tuple(first))
    month, day = first.split("-")
    return Festival(row["days"], (int(month), int(day)))
