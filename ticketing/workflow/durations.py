"""Lengths of time as BPMN writes them: ISO 8601, such as `PT4H`, `P1D` or `P1DT12H30M`."""

from __future__ import annotations

import re
from datetime import timedelta

LONGEST = timedelta(days=366)

_DURATION = re.compile(
    r"P(?=.)(?:(?P<weeks>\d{1,3})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,7})S)?)?",
    re.ASCII,
)


def read_duration(text: str) -> timedelta:
    """Return a length above nothing and up to a year; ValueError for anything else.

    Years and months are refused: nobody can say how long they are.
    """
    hit = _DURATION.fullmatch(text.strip())
    if hit is None:
        raise ValueError(text)
    length = timedelta(**{unit: int(count) for unit, count in hit.groupdict(0).items()})
    if not timedelta(0) < length <= LONGEST:
        raise ValueError(text)
    return length
