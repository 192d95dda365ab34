"""The lines about talks, widgets and pages, and their verdicts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bench.figures import Figures
from tests.bench.pages import Pages, packed
from tests.bench.plan import TALKS_AT
from tests.bench.report import rendered
from tests.bench.results import BACK, BOTH, OURS, THERE, Results, cell_name
from tests.bench.talks import Legs
from tests.bench.talks_report import NOTE, rows
from tests.bench.test_report import CONDITIONS, line
from tests.bench.widgets import Idle

QUICK = Figures(TALKS_AT, 600, 0, p50_ms=50.0, p95_ms=149.0, per_second=5.0)
PAGES = Pages(
    console_kb=300.0,
    chat_kb=90.0,
    widget_kb=5.0,
    usable_ms=(900.0, 1000.0, 1400.0),
    switch_ms=(40.0, 50.0, 90.0),
    talks=200,
)


@pytest.fixture
def results() -> Results:
    """A run in which every target is reached."""
    found = Results(CONDITIONS, idle=Idle(1000, 200.0, 250.0), pages=PAGES)
    for leg in (THERE, BACK, BOTH):
        found.figures[cell_name(OURS, leg, TALKS_AT)] = QUICK
    return found


@pytest.mark.parametrize(
    "beginning",
    [
        "客户的话到坐席，回答",
        "空闲的网页挂件",
        "工作台首次加载",
        "widget.js",
        "工作台可用",
        "切换会话",
    ],
)
def test_what_is_reached_is_said_on_its_line(results: Results, beginning: str) -> None:
    assert line(results, beginning).endswith("是")


def test_there_and_back_together_are_judged_and_not_either_way(results: Results) -> None:
    results.figures[cell_name(OURS, BOTH, TALKS_AT)] = replace(QUICK, p95_ms=150.1)
    assert line(results, "客户的话到坐席，回答").endswith("否")
    assert "p95 149.0 毫秒" in line(results, "  客户的话到坐席屏幕")


def test_an_exchange_says_what_it_costs(results: Results) -> None:
    results.figures[cell_name(OURS, BOTH, TALKS_AT)] = replace(QUICK, cpu_ms=80.4)
    assert "，80 毫秒 CPU" in line(results, "客户的话到坐席，回答")


def test_words_that_did_not_arrive_are_told_and_not_reached(results: Results) -> None:
    results.figures[cell_name(OURS, BOTH, TALKS_AT)] = replace(QUICK, failures=1)
    told = line(results, "客户的话到坐席，回答")
    assert "1 次没有到" in told
    assert told.endswith("否")


@pytest.mark.parametrize(
    ("beginning", "slow"),
    [
        ("工作台首次加载", {"console_kb": 350.1}),
        ("widget.js", {"widget_kb": 60.1}),
        ("工作台可用", {"usable_ms": (900.0, 1500.1)}),
        ("切换会话", {"switch_ms": (40.0, 100.1)}),
    ],
)
def test_a_page_that_is_too_large_or_too_late_is_said(
    results: Results, beginning: str, slow: dict[str, object]
) -> None:
    results.pages = replace(PAGES, **slow)  # type: ignore[arg-type]
    assert line(results, beginning).endswith("否")


def test_a_run_without_them_has_no_lines_of_them() -> None:
    empty = Results(CONDITIONS)
    assert list(rows(empty)) == []
    assert NOTE not in rendered(empty)


@pytest.mark.parametrize(("stage", "lines"), [("talks", 3), ("widgets", 1), ("pages", 5)])
def test_a_stage_that_failed_has_its_lines_without_figures(stage: str, lines: int) -> None:
    failed = Results(CONDITIONS, failed={f"{OURS}.{stage}": "NoBrowser: chromium"})
    found = list(rows(failed))
    assert len(found) == lines
    assert {row[1] for row in found} == {"—"}


def test_both_ways_are_added_exchange_by_exchange() -> None:
    legs = Legs(there=[0.010, 0.100], back=[0.100, 0.010], broken=1)
    [there, back, both] = [figures for _, figures in legs.figures(2.0)]
    assert (there.p95_ms, back.p95_ms, both.p95_ms) == (100.0, 100.0, 110.0)
    assert (both.failures, both.per_second) == (1, 1.0)


def test_pages_are_kept_with_their_percentiles() -> None:
    kept = PAGES.as_json()
    assert (kept["usable_p50_ms"], kept["usable_p95_ms"]) == (1000.0, 1400.0)
    assert (kept["switch_p50_ms"], kept["switch_p95_ms"]) == (50.0, 90.0)


def test_sizes_are_of_what_is_packed() -> None:
    assert packed(b"0" * 1024 * 1024) < 2
