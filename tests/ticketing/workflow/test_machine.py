from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.workflow.definitions import shipped
from ticketing.workflow.loading import load_process
from ticketing.workflow.machine import (
    MAX_DATA_BYTES,
    RunOfAnotherVersion,
    RunState,
    RunUnreadable,
    StepDataInvalid,
    StepNotCurrent,
    StepProgress,
    UnknownStep,
    announcement,
    complete,
    progress,
    start,
    withdraw,
)
from ticketing.workflow.process import Process, StateCategory
from ticketing.workflow.snapshot import unpack

from .drawing_board import fork, line

DAMAGE = shipped().for_kind("damage")
FORK = load_process(fork("ask", "search", "weigh"))
PROCESSES = (*shipped().processes, FORK, load_process(line("one")))


def through_json(state: RunState) -> RunState:
    return RunState.from_dict(json.loads(json.dumps(state.to_dict())))


def walked(process: Process, *steps: str) -> RunState:
    state = start(process)
    for step in steps:
        state = complete(process, state, step)
    return state


def standing(process: Process, state: RunState) -> dict[str, StepProgress]:
    return {each.step: each.state for each in progress(process, state).steps}


def test_a_started_run_stands_at_its_first_step() -> None:
    now = progress(DAMAGE, start(DAMAGE))

    assert [each.state.value for each in now.steps] == ["current", *["waiting"] * 5]
    assert (now.current, now.is_finished, now.state_category) == (("accept",), False, "open")


def test_a_completed_step_is_done_and_the_next_is_current() -> None:
    now = progress(DAMAGE, walked(DAMAGE, "accept", "verify"))

    assert [(each.label, each.state.value) for each in now.steps][:4] == [
        ("受理", "done"),
        ("核实", "done"),
        ("定损", "current"),
        ("处理", "waiting"),
    ]


def test_a_ticket_is_resolved_when_handled_and_closed_when_closed() -> None:
    handled = walked(DAMAGE, "accept", "verify", "assess", "handle")
    closed = complete(DAMAGE, complete(DAMAGE, handled, "follow_up"), "close")

    assert handled.state_category is StateCategory.RESOLVED
    assert (closed.state_category, closed.is_finished) == (StateCategory.CLOSED, True)
    assert set(standing(DAMAGE, closed).values()) == {StepProgress.DONE}


def test_completing_a_step_leaves_the_run_it_came_from_untouched() -> None:
    before = start(DAMAGE)
    as_stored = json.dumps(before.to_dict())
    complete(DAMAGE, before, "accept", {"note": "已联系"})

    assert json.dumps(before.to_dict()) == as_stored


@pytest.mark.parametrize("step", ["verify", "close"])
def test_a_step_whose_turn_has_not_come_is_refused(step: str) -> None:
    with pytest.raises(StepNotCurrent) as caught:
        complete(DAMAGE, start(DAMAGE), step)

    assert (caught.value.status, caught.value.code) == (409, "step_not_current")
    assert caught.value.facts["current"] == ("accept",)
    assert "应先完成「受理」" in str(caught.value)


def test_a_step_is_not_completed_twice() -> None:
    with pytest.raises(StepNotCurrent):
        complete(DAMAGE, walked(DAMAGE, "accept"), "accept")


def test_a_finished_run_completes_nothing_more() -> None:
    finished = walked(DAMAGE, *(step.name for step in DAMAGE.steps))

    with pytest.raises(StepNotCurrent, match="流程已结束"):
        complete(DAMAGE, finished, "close")


@pytest.mark.parametrize("step", ["compensate", "opened", "End", "damage.EndJoin", "", "x" * 9999])
def test_only_steps_of_the_process_are_steps(step: str) -> None:
    with pytest.raises(UnknownStep) as caught:
        complete(DAMAGE, start(DAMAGE), step)

    assert caught.value.status == 404
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("process", PROCESSES, ids=lambda each: each.id)
def test_a_run_stored_and_restored_at_each_step_goes_the_same_way(process: Process) -> None:
    kept = stored = start(process)
    while not kept.is_finished:
        assert through_json(stored) == stored == kept
        step = progress(process, kept).current[-1]
        kept = complete(process, kept, step, {"by": step})
        stored = complete(process, through_json(stored), step, {"by": step})

    assert stored.to_dict() == kept.to_dict()


@given(st.data())
def test_no_order_of_attempts_skips_a_step_or_leaves_a_finished_run(data: st.DataObject) -> None:
    process = data.draw(st.sampled_from(PROCESSES))
    names = st.sampled_from([step.name for step in process.steps])
    state, done = start(process), list[str]()
    for attempt in data.draw(st.lists(names, max_size=20)):
        allowed = attempt in progress(process, state).current
        try:
            state = complete(process, through_json(state), attempt)
        except StepNotCurrent:
            assert not allowed
            continue
        assert allowed
        done.append(attempt)
        behind = {name for name, later in process.downstream.items() if attempt in later}
        assert behind <= set(done)
    assert len(done) == len(set(done))
    assert state.is_finished == (len(done) == len(process.steps))
    assert (state.state_category == "closed") == state.is_finished


def test_parallel_steps_are_current_together_and_done_in_any_order() -> None:
    state = walked(FORK, "weigh", "ask")

    assert standing(FORK, start(FORK))["search"] is StepProgress.CURRENT
    assert standing(FORK, state) == {
        "ask": "done",
        "search": "current",
        "weigh": "done",
        "close": "waiting",
    }
    assert progress(FORK, complete(FORK, state, "search")).current == ("close",)


@pytest.mark.parametrize("process", PROCESSES, ids=lambda each: each.id)
def test_a_withdrawn_run_is_over_wherever_it_stood(process: Process) -> None:
    state = start(process)
    while not state.is_finished:
        done = [step for step, at in standing(process, state).items() if at is StepProgress.DONE]
        ended = through_json(withdraw(process, state))
        left = progress(process, ended)

        assert [each.step for each in left.steps] == done
        assert (left.current, left.is_finished, left.state_category) == ((), True, "closed")
        assert unpack(process.spec, ended.tasks).is_completed()
        for step in process.steps:
            with pytest.raises(StepNotCurrent, match="流程已结束"):
                complete(process, ended, step.name)
        state = complete(process, state, progress(process, state).current[0])


def test_withdrawing_leaves_the_run_it_came_from_untouched_and_may_be_repeated() -> None:
    before = walked(DAMAGE, "accept")
    after = withdraw(DAMAGE, before)

    assert progress(DAMAGE, before).current == ("verify",)
    assert withdraw(DAMAGE, after) == after


def test_only_the_version_a_run_started_with_can_end_it() -> None:
    newer = load_process(DAMAGE.source.replace("定损".encode(), "评估".encode()))

    with pytest.raises(RunOfAnotherVersion):
        withdraw(newer, start(DAMAGE))


def test_what_was_handed_in_with_a_step_stays_in_the_run() -> None:
    state = complete(DAMAGE, start(DAMAGE), "accept", {"等级": ["一", 2, None]})
    state = complete(DAMAGE, through_json(state), "verify", {"ok": True})
    kept = {key: value for row in state.tasks for key, value in row.data.items()}

    assert kept == {"accept": {"等级": ["一", 2, None]}, "verify": {"ok": True}}


def test_data_that_look_like_the_engines_own_objects_stay_data() -> None:
    hostile = {"typename": "UUID", "value": "x", "deep": [{"typename": "BpmnWorkflow"}]}
    state = complete(DAMAGE, start(DAMAGE), "accept", hostile)
    state = complete(DAMAGE, through_json(state), "verify")

    assert hostile in [row.data.get("accept") for row in state.tasks]


@pytest.mark.parametrize(
    "data",
    [{"x": float("nan")}, {"x": object()}, {"x": "\x00"}, {"x": "\ud800"}, {"x": "字" * 6000}],
    ids=["nan", "object", "nul", "surrogate", "large"],
)
def test_data_that_are_not_a_small_json_object_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(StepDataInvalid) as caught:
        complete(DAMAGE, start(DAMAGE), "accept", data)

    assert caught.value.facts["limit_bytes"] == MAX_DATA_BYTES


def test_a_run_goes_on_only_with_the_version_it_started_with() -> None:
    newer = load_process(DAMAGE.source.replace("定损".encode(), "评估".encode()))

    with pytest.raises(RunOfAnotherVersion) as caught:
        complete(newer, start(DAMAGE), "accept")

    assert caught.value.facts["started_with"] == f"damage@{DAMAGE.version}"


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"tasks": []},
        {"tasks": None},
        {"state": "lost"},
        {"tasks": [["Start", -1]]},
        {"tasks": [["Start", -1, "64"]]},
        {"tasks": [["Start", 7, 64]]},
    ],
)
def test_a_stored_run_that_lost_its_shape_says_so(broken: dict[str, Any]) -> None:
    stored = {**start(DAMAGE).to_dict(), **broken} if broken else {}

    with pytest.raises(RunUnreadable):
        RunState.from_dict(stored)


def test_a_stored_run_with_a_node_the_process_lacks_says_so() -> None:
    stored = walked(DAMAGE).to_dict()
    stored["tasks"][1][0] = "gone"

    with pytest.raises(RunUnreadable):
        complete(DAMAGE, RunState.from_dict(stored), "accept")


@pytest.mark.parametrize("process", shipped().processes, ids=lambda each: each.id)
def test_a_stored_run_is_small_and_does_not_repeat_the_process(process: Process) -> None:
    finished = walked(process, *(step.name for step in process.steps))
    stored = json.dumps(finished.to_dict())

    assert len(stored) < 600
    assert process.steps[0].on_done not in stored


def test_the_customer_is_told_what_was_done_and_what_begins() -> None:
    facts = {"ticket_no": "T20261122000001", "carrier_name": "顺丰速运"}
    opened = start(DAMAGE)
    verified = walked(DAMAGE, "accept", "verify")

    assert announcement(DAMAGE, None, opened, facts).startswith("工单 T20261122000001 已登记")
    assert announcement(DAMAGE, walked(DAMAGE, "accept"), verified, facts) == (
        "工单 T20261122000001 的破损情况已核实。我们正在评估损失金额。"
    )
    assert announcement(DAMAGE, verified, verified, facts) == ""


def test_the_engine_writes_no_step_data_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        complete(DAMAGE, start(DAMAGE), "accept", {"phone": "13800138000"})

    assert not [record for record in caplog.records if record.name.startswith("spiff")]
