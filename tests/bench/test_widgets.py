"""The cost of widgets that are open and silent."""

from __future__ import annotations

import pytest

from tests.bench.plan import IDLE_MB
from tests.bench.widgets import Idle


def test_what_one_widget_costs_is_the_difference_shared_out() -> None:
    idle = Idle(connections=1000, before_mb=200.0, with_them_mb=250.0)
    assert idle.each_kb == 51.2
    assert idle.as_json()["each_kb"] == 51.2


@pytest.mark.parametrize(("with_them", "reached"), [(IDLE_MB, True), (IDLE_MB + 0.1, False)])
def test_the_whole_process_counts_for_the_target(with_them: float, reached: bool) -> None:
    assert Idle(1000, 200.0, with_them).is_reached is reached
