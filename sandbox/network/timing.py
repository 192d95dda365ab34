"""When the scans of a journey happen, so that a parcel is where its case wants it at the start.

Hours are counted from local midnight of the day the parcel was handed in.
"""

from dataclasses import dataclass
from random import Random

from sandbox.network.cases import Case
from sandbox.network.geography import City, haul_hours
from sandbox.network.scans import ScanKind

DAY = 24.0
FIRST_HANDOVER, LAST_HANDOVER = 8.0, 20.0
ATTEMPTS = 30


@dataclass(frozen=True)
class Stop:
    """A leg with its place known."""

    kind: ScanKind
    city: City
    district: str
    place: str


@dataclass(frozen=True)
class Timetable:
    """`hours` of every scan and the hour the clock starts, counted from the same midnight."""

    hours: tuple[float, ...]
    start: float


def timetable(case: Case, stops: tuple[Stop, ...], start_of_day: float, rng: Random) -> Timetable:
    """Time a journey; `start_of_day` is the local hour of the day when the clock starts.

    Journeys are drawn until people hand over parcels by daylight; at night some states cannot
    be had that way (nobody is out for delivery at three), then the last draw is kept.
    """
    past, start = _draw_past(case, stops, start_of_day, rng)
    for _ in range(ATTEMPTS):
        if abs((start - start_of_day) % DAY) < 0.01:
            break
        past, start = _draw_past(case, stops, start_of_day, rng)
    return Timetable(
        hours=(*past, *_future(case, stops, past, (start, start_of_day), rng)), start=start
    )


def _draw_past(
    case: Case, stops: tuple[Stop, ...], start_of_day: float, rng: Random
) -> tuple[list[float], float]:
    at = rng.uniform(9, 17)
    hours: list[float] = []
    for index in range(case.seen):
        if index:
            at = _by_daylight(at + _gap(stops, index, rng), 0.0, stops[index].kind, rng)
        hours.append(at)
    return hours, _start_hour(at, case.rested, start_of_day, rng)


def _start_hour(
    newest: float, rested: tuple[float, float], start_of_day: float, rng: Random
) -> float:
    earliest, latest = newest + rested[0], newest + rested[1]
    aligned = earliest + (start_of_day - earliest) % DAY
    if aligned > latest:
        return rng.uniform(earliest, latest)
    return aligned + DAY * rng.randint(0, int((latest - aligned) // DAY))


def _future(
    case: Case,
    stops: tuple[Stop, ...],
    past: list[float],
    start: tuple[float, float],
    rng: Random,
) -> list[float]:
    start_hour, start_of_day = start
    shift = start_of_day - start_hour
    at = past[-1] if past else start_hour
    hours: list[float] = []
    for index in range(case.seen, len(stops)):
        at += _gap(stops, index, rng)
        if index == case.seen:
            at = max(at, start_hour + rng.uniform(0.3, 2))
            at = start_hour + rng.uniform(*case.then) if case.then else at
        at = _by_daylight(at, shift, stops[index].kind, rng)
        hours.append(at)
    return hours


def _gap(stops: tuple[Stop, ...], index: int, rng: Random) -> float:
    handling = rng.uniform(*stops[index].kind.hours)
    if index == 0 or stops[index].city == stops[index - 1].city:
        return handling
    return handling + haul_hours(stops[index - 1].city, stops[index].city)


def _by_daylight(at: float, shift: float, kind: ScanKind, rng: Random) -> float:
    hour = (at + shift) % DAY
    if not kind.daytime or FIRST_HANDOVER <= hour < LAST_HANDOVER:
        return at
    return at + (FIRST_HANDOVER - hour) % DAY + rng.uniform(0.1, 2)
