"""The figures of firing, and a small run against a real worker."""

from __future__ import annotations

import pytest

from tests.bench.sla import TARGET_P99_SECONDS, Lateness, firing_lateness


def test_lateness_is_summed_up_and_judged() -> None:
    late = Lateness.of([0.1] * 98 + [4.0, 9.0], within_seconds=60.0)
    assert (late.clocks, late.p50, late.p99, late.worst) == (100, 0.1, 4.0, 9.0)
    assert late.is_reached
    assert late.row()[-1] == "达标"
    assert late.as_json()["p99"] == 4.0


def test_one_clock_in_fifty_that_is_too_late_misses_the_target() -> None:
    late = Lateness.of([0.1] * 98 + [TARGET_P99_SECONDS + 1] * 2, within_seconds=60.0)
    assert not late.is_reached
    assert late.row()[-1] == "未达标"


def test_nothing_fired_is_no_figure() -> None:
    with pytest.raises(ValueError, match="percentile"):
        Lateness.of([], within_seconds=1.0)


@pytest.mark.timeout(120)
def test_a_real_worker_fires_every_clock() -> None:
    late = firing_lateness(clocks=30, within_seconds=1.0)
    assert late.clocks == 30
    assert 0 <= late.p50 <= late.p99 <= late.worst
