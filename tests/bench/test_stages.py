"""A stage that fails does not end the run."""

from __future__ import annotations

import pytest

from tests.bench.results import Results
from tests.bench.stages import stage


def test_a_failure_is_noted_shown_and_survived(capsys: pytest.CaptureFixture[str]) -> None:
    results = Results({})
    with stage(results, "ours.start"):
        raise TimeoutError("not ready")
    assert results.failed == {"ours.start": "TimeoutError: not ready"}
    assert "[失败] ours.start" in capsys.readouterr().out


def test_an_interrupt_is_not_a_failure_of_a_stage() -> None:
    results = Results({})
    with pytest.raises(KeyboardInterrupt), stage(results, "ours.start"):
        raise KeyboardInterrupt
    assert results.failed == {}
