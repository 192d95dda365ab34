"""The evaluation's last line is read."""

from __future__ import annotations

import pytest

from tests.bench.understanding import NotJudged, Understanding

LINE = (
    "accuracy=0.8800 macro_f1=0.8400 oos_recall=0.8000 false_reject=0.0600 "
    "p50_ms=3.10 p95_ms=7.00 n=1195"
)


def test_the_last_line_holds_every_figure() -> None:
    assert Understanding.of(LINE) == Understanding(0.88, 0.84, 0.8, 0.06, 3.1, 7.0, 1195)


@pytest.mark.parametrize("line", ["", "accuracy=0.9", LINE.replace("0.8800", "viel"), "Traceback"])
def test_any_other_line_is_no_result(line: str) -> None:
    with pytest.raises(NotJudged):
        Understanding.of(line)
