from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.workflow.durations import LONGEST, read_duration


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT4H", timedelta(hours=4)),
        ("P1D", timedelta(days=1)),
        ("P1DT12H30M", timedelta(days=1, hours=12, minutes=30)),
        ("P2W", timedelta(weeks=2)),
        ("PT90S", timedelta(seconds=90)),
        (" PT24H\n", timedelta(hours=24)),
    ],
)
def test_lengths_are_read_as_iso_8601_writes_them(text: str, length: timedelta) -> None:
    assert read_duration(text) == length


@pytest.mark.parametrize(
    "text",
    [
        *("", "P", "PT", "P1DT", "4H", "PT4", "P1Y", "P1M", "PT-4H", "-PT4H", "PT0S", "P367D"),
        *("PT1.5H", "pt4h", "P٣D", "R3/PT4H", "PT4H PT4H", "P9999999D", "__import__('os')"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_duration(text)


@given(st.integers(0, 300), st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_a_length_that_was_written_is_read_again(
    days: int, hours: int, minutes: int, seconds: int
) -> None:
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    text = f"P{days}DT{hours}H{minutes}M{seconds}S"

    if timedelta(0) < length <= LONGEST:
        assert read_duration(text) == length
