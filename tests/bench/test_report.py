"""The lines of the table and their verdicts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.bench.figures import Figures
from tests.bench.memory import Resident
from tests.bench.report import rendered
from tests.bench.results import ACTION, OURS, PLAIN, STOCK, TICKET, Results, cell_name
from tests.bench.understanding import Understanding

CONDITIONS = {
    "cpu": "cpu",
    "cores": 2,
    "memory_gb": 8,
    "busy_before_percent": 1.5,
    "taken_at": "2026-11-22T00:00:00+00:00",
}
FAST = Figures(1, 300, 0, p50_ms=20.0, p95_ms=30.0, per_second=100.0)


@pytest.fixture
def results() -> Results:
    """A run in which every target is reached."""
    found = Results(CONDITIONS)
    for kind in (PLAIN, ACTION):
        for at in (1, 16):
            found.figures[cell_name(OURS, kind, at)] = FAST
            found.figures[cell_name(STOCK, kind, at)] = replace(FAST, p50_ms=40.0)
    for at in (1, 4):
        found.figures[cell_name(OURS, TICKET, at)] = FAST
    found.seconds = {"ours.start": 30.0, "ours.training": 20.0, "stock.start": 30.0}
    found.memory = [Resident("bot", 1, 700.0, 500.0), Resident("sandbox", 1, 60.0, 40.0)]
    found.understanding[OURS] = Understanding(0.9, 0.88, 0.9, 0.03, 3.0, 7.0, 1000)
    found.understanding[STOCK] = Understanding(0.7, 0.6, 0.5, 0.2, 11.0, 15.0, 1000)
    return found


def line(results: Results, beginning: str) -> str:
    """The line of the table that begins so."""
    return next(each for each in rendered(results).split("\n") if each.startswith(beginning))


@pytest.mark.parametrize(
    "beginning",
    [
        "一轮，一个动作，1 位",
        "一轮，一个动作，16 位",
        "确认到工单号，4",
        "启动",
        "训练",
        "理解一条消息",
        "内存：bot",
        "内存合计，含",
    ],
)
def test_what_is_reached_is_said_on_its_line(results: Results, beginning: str) -> None:
    assert "是" in line(results, beginning)


def test_a_turn_with_an_action_is_judged_by_its_share_of_stock_rasas(results: Results) -> None:
    slow = replace(FAST, p50_ms=33.0)
    results.figures[cell_name(OURS, ACTION, 1)] = slow
    assert "否 0.82 ×" in line(results, "一轮，一个动作，1 位")
    assert "是 0.50 ×" in line(results, "一轮，一个动作，16 位")


@pytest.mark.parametrize(("per_second", "verdict"), [(69.9, "否"), (70.0, "是")])
def test_seventy_turns_a_second_are_enough(
    results: Results, per_second: float, verdict: str
) -> None:
    results.figures[cell_name(OURS, PLAIN, 16)] = replace(FAST, per_second=per_second)
    assert line(results, "  每秒轮数").endswith(verdict)


def test_together_the_memory_is_counted_with_and_without_the_sandbox(results: Results) -> None:
    assert "700 MB RSS / 500 MB PSS" in line(results, "内存合计，不含")
    assert "760 MB RSS / 540 MB PSS" in line(results, "内存合计，含")


def test_a_stage_that_failed_is_a_line_and_not_the_end(results: Results) -> None:
    name = cell_name(STOCK, ACTION, 1)
    del results.figures[name]
    results.failed[name] = "TurnWentWrong: 500"
    assert "失败" in line(results, "一轮，一个动作，1 位")
    assert line(results, "失败：") == "失败：stock.action.1：TurnWentWrong: 500"


def test_a_run_that_measured_nothing_still_has_a_table() -> None:
    empty = Results(CONDITIONS)
    assert "—" in line(empty, "一轮，无动作，1 位")
    assert empty.as_json()["turns"] == {}


def test_wrong_answers_are_told_beside_the_figures(results: Results) -> None:
    results.figures[cell_name(OURS, TICKET, 1)] = replace(FAST, failures=3)
    assert "3 轮出错" in line(results, "确认到工单号，1")


def test_understanding_is_shown_beside_stock_rasas(results: Results) -> None:
    assert "0.900" in line(results, "理解：准确率")
    assert "0.700" in line(results, "理解：准确率")


@pytest.mark.parametrize(("p50_ms", "p95_ms"), [(5.1, 7.0), (3.0, 25.1)])
def test_a_message_that_takes_too_long_is_said(
    results: Results, p50_ms: float, p95_ms: float
) -> None:
    slow = replace(results.understanding[OURS], p50_ms=p50_ms, p95_ms=p95_ms)
    results.understanding[OURS] = slow
    assert line(results, "理解一条消息").endswith("否")


def test_a_bot_that_takes_too_much_memory_is_said(results: Results) -> None:
    results.memory = [Resident("bot", 1, 901.0, 500.0)]
    assert line(results, "内存：bot").endswith("否")
