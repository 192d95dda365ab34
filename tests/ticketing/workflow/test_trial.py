from __future__ import annotations

import time

import pytest

from ticketing.workflow.definitions import shipped
from ticketing.workflow.drawing import ProcessInvalid
from ticketing.workflow.process import Process
from ticketing.workflow.trial import MAX_MARKINGS, judge

from .drawing_board import (
    bpmn,
    choice,
    end,
    fork,
    framed,
    line,
    loop,
    parallel,
    parallel_loop,
    step,
    timer,
    waiting,
)

CLOSE = step("close", state="closed")


def refused(source: bytes) -> list[str]:
    with pytest.raises(ProcessInvalid) as caught:
        judge(source)
    return caught.value.problems


@pytest.mark.parametrize(
    "source",
    [
        line("a", "b"),
        fork("a", "b", "c"),
        loop(),
        parallel_loop("merge"),
        waiting(),
        waiting(interrupting=False),
        waiting(interrupting=False, terminate=False),
    ],
    ids=["line", "fork", "loop", "parallel loop", "timer", "aside", "ends apart"],
)
def test_a_sound_process_is_fit(source: bytes) -> None:
    assert judge(source).id == "p"


@pytest.mark.parametrize("process", shipped().processes, ids=lambda each: each.id)
def test_what_is_shipped_is_fit(process: Process) -> None:
    assert judge(process.source) is process


def test_branches_that_meet_without_a_join_are_refused() -> None:
    flows = [("begin", "split"), ("split", "a"), ("split", "b"), ("a", "close"), ("b", "close")]
    body = parallel("split") + step("a") + step("b") + step("close", label="办结", state="closed")

    assert refused(bpmn(framed(body), [*flows, ("close", "finish")])) == [
        "「办结」会被并行的分支重复走到，请先用并行网关汇合"
    ]


def test_a_join_of_ways_that_exclude_each_other_is_refused() -> None:
    flows: list[tuple[str, ...]] = [("begin", "g"), ("g", "a", "urgent"), ("g", "b")]
    flows += [("a", "join"), ("b", "join"), ("join", "close"), ("close", "finish")]
    body = choice("g", "b") + step("a") + step("b") + parallel("join") + CLOSE

    assert refused(bpmn(framed(body), flows)) == ["走到「join」之后流程到不了结束事件"]


def test_a_way_back_into_a_parallel_gateway_is_refused() -> None:
    assert refused(parallel_loop("split")) == ["走到「split」之后流程到不了结束事件"]


def test_a_timer_that_joins_the_branch_it_interrupts_is_refused() -> None:
    body = parallel("split", "join") + step("a") + step("b") + timer("late", "a") + CLOSE
    flows = [("begin", "split"), ("split", "a"), ("split", "b"), ("a", "join"), ("b", "join")]
    flows += [("late", "join"), ("join", "close"), ("close", "finish")]

    assert any("到不了结束事件" in problem for problem in refused(bpmn(framed(body), flows)))


def test_a_timer_beside_may_fire_in_every_round() -> None:
    body = step("ask") + timer("late", "ask", interrupting=False) + step("look") + end("looked")
    body += choice("g", "close") + CLOSE
    flows: list[tuple[str, ...]] = [("begin", "ask"), ("ask", "g"), ("g", "ask", "urgent")]
    flows += [("g", "close"), ("close", "finish"), ("late", "look"), ("look", "looked")]

    assert judge(bpmn(framed(body), flows)).timers[0].name == "late"


def test_a_timer_beside_that_returns_into_the_main_line_is_refused() -> None:
    body = step("ask") + timer("late", "ask", interrupting=False) + CLOSE
    flows = [("begin", "ask"), ("ask", "close"), ("late", "close"), ("close", "finish")]

    assert any("重复走到" in problem for problem in refused(bpmn(framed(body), flows)))


def test_a_process_with_too_many_ways_is_refused_in_good_time() -> None:
    began = time.perf_counter()
    problems = refused(fork(*(f"s{index}" for index in range(12))))

    assert problems == [f"流程的走法超过 {MAX_MARKINGS} 种，请拆小"]
    assert time.perf_counter() - began < 15


def test_gateways_in_a_long_row_are_refused_in_good_time() -> None:
    rows = range(20)
    body = step("a") + "".join(choice(f"g{row}", f"n{row}") + choice(f"n{row}") for row in rows)
    body += "".join(choice(f"m{row}") for row in rows) + CLOSE
    flows: list[tuple[str, ...]] = [("begin", "a"), ("a", "g0")]
    for row in rows:
        after = f"g{row + 1}" if row + 1 in rows else "close"
        flows += [(f"g{row}", f"m{row}", "urgent"), (f"g{row}", f"n{row}")]
        flows += [(f"m{row}", after), (f"n{row}", after)]

    assert refused(bpmn(framed(body), [*flows, ("close", "finish")])) == [
        f"流程的走法超过 {MAX_MARKINGS} 种，请拆小"
    ]


def test_what_is_not_runnable_is_not_tried() -> None:
    assert refused(line("a").replace(b'"true"', b'"false"')) == [
        "流程未标记为可执行（isExecutable）"
    ]
