"""Percentiles and cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.figures import Figures, percentile

SECONDS = st.lists(st.floats(0.001, 60), min_size=1, max_size=200)


@pytest.mark.parametrize(
    ("share", "wanted"), [(0, 1.0), (0.5, 5.0), (0.95, 10.0), (0.9, 9.0), (1, 10.0)]
)
def test_a_percentile_is_one_of_the_values(share: float, wanted: float) -> None:
    assert percentile([float(n) for n in range(10, 0, -1)], share) == wanted


@given(SECONDS, st.floats(0, 1))
def test_at_least_the_share_of_the_values_is_not_above_the_percentile(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 1.5), ([1.0], -0.1)])
def test_there_is_no_percentile_of_nothing_and_none_beyond_all(
    values: list[float], share: float
) -> None:
    with pytest.raises(ValueError, match="a percentile needs"):
        percentile(values, share)


def test_figures_are_milliseconds_a_turn_and_turns_a_second() -> None:
    figures = Figures.of([0.01, 0.02, 0.04], wall_seconds=0.5, failures=1, concurrency=2)
    assert figures == Figures(2, 3, 1, p50_ms=20.0, p95_ms=40.0, per_second=6.0)
    assert figures.as_json()["p95_ms"] == 40.0
