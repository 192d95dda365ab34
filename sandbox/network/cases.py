"""What the network holds when the clock starts: how many parcels in which state."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sandbox.network.tables import read_table


@dataclass(frozen=True)
class Leg:
    """One step of a path: a scan kind, and where it happens when not at its usual place."""

    kind: str
    where: str | None = None


@dataclass(frozen=True)
class Case:
    """`count` parcels that carry `state` at the start, then walk on along `path`.

    `seen` legs are behind them, the newest `rested` hours ago; the next comes in `then` hours.
    """

    state: str
    count: int
    path: tuple[Leg, ...]
    seen: int
    rested: tuple[float, float]
    then: tuple[float, float] | None
    carriers: tuple[str, ...] | None


def _legs(words: list[str]) -> list[Leg]:
    segments: dict[str, list[str]] = read_table("cases")["segments"]
    legs: list[Leg] = []
    for word in words:
        if word in segments:
            legs.extend(_legs(segments[word]))
            continue
        kind, _, where = word.partition("@")
        legs.append(Leg(kind, where or None))
    return legs


def _case(row: dict[str, Any]) -> Case:
    path = _legs(row["path"])
    newest = _legs([row["now"]])[0] if "now" in row else None
    return Case(
        state=row["state"],
        count=row["count"],
        path=tuple(path),
        seen=path.index(newest) + 1 if newest else 0,
        rested=tuple(row["rested"]),
        then=tuple(row["then"]) if "then" in row else None,
        carriers=tuple(row["carriers"]) if "carriers" in row else None,
    )


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case, in the order of the table."""
    return tuple(_case(row) for row in read_table("cases")["cases"])
