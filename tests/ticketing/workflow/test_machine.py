from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from ticketing.expressions.service import ExpressionFailed
from ticketing.workflow.definitions import shipped
from ticketing.workflow.loading import load_process
from ticketing.workflow.machine import (
    NoWayOn,
    RunOfAnotherVersion,
    RunState,
    RunUnreadable,
    StepDataInvalid,
    StepNotCurrent,
    StepProgress,
    TimerNotActive,
    UnknownStep,
    active_timers,
    announcement,
    complete,
    fire,
    progress,
    require_current,
    start,
    withdraw,
)
from ticketing.workflow.process import Process, StateCategory

from .drawing_board import bpmn, fork, framed, line, loop, parallel, step, waiting

DAMAGE = shipped().for_kind("damage")
STANDARD = shipped().for_kind("?")
FORK = load_process(fork("ask", "search", "weigh"))
LOOP = load_process(loop())
WAITING = load_process(waiting())
ASIDE = load_process(waiting(interrupting=False))


def through_json(state: RunState) -> RunState:
    return RunState.from_dict(json.loads(json.dumps(state.to_dict())))


def walked(process: Process, *steps: str) -> RunState:
    state = start(process)
    for name in steps:
        state = complete(process, state, name)
    return state


def standing(process: Process, state: RunState) -> dict[str, str]:
    return {each.step: each.state.value for each in progress(process, state).steps}


def current(process: Process, state: RunState) -> tuple[str, ...]:
    return progress(process, state).current


def test_a_started_run_stands_at_its_first_step() -> None:
    now = progress(STANDARD, start(STANDARD))

    assert [each.state.value for each in now.steps] == ["current", *["waiting"] * 5]
    assert (now.current, now.is_finished, now.state_category) == (("accept",), False, "open")


def test_a_completed_step_is_done_and_the_next_is_current() -> None:
    now = progress(STANDARD, walked(STANDARD, "accept", "verify"))

    assert [(each.label, each.state.value) for each in now.steps][:4] == [
        ("受理", "done"),
        ("核实", "done"),
        ("处理", "current"),
        ("客户确认", "waiting"),
    ]


def test_progress_shows_the_main_way_and_not_what_is_only_possible() -> None:
    assert list(standing(DAMAGE, start(DAMAGE))) == [
        *("accept", "verify", "warehouse_check", "branch_evidence", "liability"),
        *("confirm", "pay", "follow_up"),
    ]


def test_a_step_off_the_main_way_is_shown_once_it_is_there() -> None:
    asked = complete(DAMAGE, walked(DAMAGE, "accept"), "verify", {"decision": "more_evidence"})

    assert standing(DAMAGE, asked)["evidence"] == "current"
    assert standing(DAMAGE, asked)["verify"] == "done"
    again = complete(DAMAGE, asked, "evidence")
    assert standing(DAMAGE, again)["verify"] == "current"
    assert "evidence" not in standing(DAMAGE, again)


def test_completing_a_step_leaves_the_run_it_came_from_untouched() -> None:
    before = start(DAMAGE)
    as_stored = json.dumps(before.to_dict())
    complete(DAMAGE, before, "accept", {"note": "已联系"})

    assert json.dumps(before.to_dict()) == as_stored


@pytest.mark.parametrize("name", ["verify", "follow_up"])
def test_a_step_whose_turn_has_not_come_is_refused(name: str) -> None:
    with pytest.raises(StepNotCurrent) as caught:
        complete(DAMAGE, start(DAMAGE), name)

    assert (caught.value.status, caught.value.code) == (409, "step_not_current")
    assert caught.value.facts["current"] == ("accept",)
    assert "应先完成「受理」" in str(caught.value)


def test_a_step_is_not_completed_twice() -> None:
    with pytest.raises(StepNotCurrent):
        complete(DAMAGE, walked(DAMAGE, "accept"), "accept")


def test_a_finished_run_completes_nothing_more() -> None:
    with pytest.raises(StepNotCurrent, match="流程已结束"):
        complete(LOOP, walked(LOOP, "draft", "ask", "close"), "close")


@pytest.mark.parametrize("name", ["compensate", "opened", "End", "check_join", "", "x" * 9999])
def test_only_steps_of_the_process_are_steps(name: str) -> None:
    with pytest.raises(UnknownStep) as caught:
        complete(DAMAGE, start(DAMAGE), name)

    assert caught.value.status == 404
    assert len(str(caught.value)) < 120


def test_a_timer_is_no_step() -> None:
    with pytest.raises(UnknownStep):
        require_current(WAITING, start(WAITING), "silent")


def test_parallel_branches_are_done_in_any_order_and_joined() -> None:
    state = walked(FORK, "weigh", "ask")

    assert standing(FORK, state) == {
        "ask": "done",
        "search": "current",
        "weigh": "done",
        "close": "waiting",
    }
    assert current(FORK, complete(FORK, state, "search")) == ("close",)


def test_a_condition_sees_what_was_just_filled_in() -> None:
    state = complete(LOOP, walked(LOOP, "draft"), "ask", {"decision": "reject", "reason": "太少"})

    assert current(LOOP, state) == ("draft",)
    assert standing(LOOP, state) == {"draft": "current", "ask": "waiting", "close": "waiting"}
    assert state.data == {"ask": {"decision": "reject", "reason": "太少"}}


def test_a_condition_sees_the_facts_of_the_ticket() -> None:
    process = load_process(loop('kind = "lost" and amount > 100'))
    state = walked(process, "draft")

    assert current(
        process, complete(process, state, "ask", None, {"kind": "lost", "amount": 200})
    ) == ("draft",)
    assert current(process, complete(process, state, "ask", None, {"kind": "damage"})) == ("close",)


def test_without_a_true_condition_the_default_way_is_gone() -> None:
    assert current(LOOP, walked(LOOP, "draft", "ask")) == ("close",)


def test_an_answer_of_the_round_before_decides_nothing() -> None:
    state = complete(LOOP, walked(LOOP, "draft"), "ask", {"decision": "reject"})
    state = complete(LOOP, state, "draft")

    assert "ask" not in state.data
    assert current(LOOP, complete(LOOP, state, "ask")) == ("close",)


def test_a_condition_that_cannot_be_evaluated_changes_nothing() -> None:
    process = load_process(loop("amount"))
    state = walked(process, "draft")
    before = state.to_dict()

    with pytest.raises(ExpressionFailed):
        complete(process, state, "ask", {"note": "x"}, {"amount": 5})

    assert state.to_dict() == before
    assert current(process, state) == ("ask",)


def test_a_run_that_waits_for_a_branch_nobody_walks_is_not_taken_for_finished() -> None:
    body = parallel("join") + step("a") + step("b") + step("close", state="closed")
    body += '<bpmn:exclusiveGateway id="g" default="g_a" />'
    flows: list[tuple[str, ...]] = [("begin", "g"), ("g", "a"), ("g", "b", "urgent")]
    flows += [("a", "join"), ("b", "join"), ("join", "close"), ("close", "finish")]
    process = load_process(bpmn(framed(body), flows))
    state = complete(process, start(process), "a")

    assert current(process, state) == ()
    assert not state.is_finished


def test_a_tangle_the_engine_cannot_untangle_is_an_error_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(LOOP.spec.task_specs["g"], "default_task_spec")
    monkeypatch.setattr(LOOP.spec.task_specs["g"], "default_task_spec", None, raising=False)

    with pytest.raises(NoWayOn) as caught:
        complete(LOOP, walked(LOOP, "draft"), "ask")

    assert caught.value.status == 409


def test_a_timer_is_active_while_its_step_lasts() -> None:
    state = start(WAITING)

    assert [timer.name for timer in active_timers(WAITING, state)] == ["silent"]
    assert active_timers(WAITING, complete(WAITING, state, "ask")) == ()


def test_an_interrupting_timer_ends_its_step_undone() -> None:
    state = fire(WAITING, start(WAITING), "silent")

    assert current(WAITING, state) == ("remind",)
    assert "ask" not in state.done
    assert "ask" not in standing(WAITING, state)


def test_another_timer_begins_something_beside_and_does_not_fire_again() -> None:
    state = fire(ASIDE, start(ASIDE), "silent")

    assert set(current(ASIDE, state)) == {"ask", "remind"}
    with pytest.raises(TimerNotActive):
        fire(ASIDE, state, "silent")


def test_what_stands_beside_does_not_hold_up_an_end_that_terminates() -> None:
    state = fire(ASIDE, start(ASIDE), "silent")
    state = complete(ASIDE, complete(ASIDE, state, "ask"), "close")

    assert (state.is_finished, state.state_category) == (True, StateCategory.CLOSED)


@pytest.mark.parametrize("timer", ["silent", "gone", "ask", "x" * 999])
def test_a_timer_that_is_not_active_does_not_fire(timer: str) -> None:
    with pytest.raises(TimerNotActive) as caught:
        fire(WAITING, complete(WAITING, start(WAITING), "ask"), timer)

    assert (caught.value.status, caught.value.code) == (409, "timer_not_active")


def test_a_step_entered_again_has_its_timer_again() -> None:
    process = shipped().for_kind("?")
    state = walked(process, "accept", "verify", "handle")
    state = complete(process, state, "confirm", {"decision": "reject", "reason": "不够"})
    state = complete(process, state, "handle")

    assert [timer.step for timer in active_timers(process, state)] == ["confirm"]


def test_a_ticket_is_paused_while_all_of_it_waits() -> None:
    assert start(WAITING).state_category is StateCategory.PAUSED
    assert complete(WAITING, start(WAITING), "ask").state_category is StateCategory.OPEN
    assert fire(WAITING, start(WAITING), "silent").state_category is StateCategory.OPEN
    assert fire(ASIDE, start(ASIDE), "silent").state_category is StateCategory.OPEN


def test_a_ticket_pauses_again_when_what_stood_beside_is_done() -> None:
    beside = fire(ASIDE, start(ASIDE), "silent")

    assert complete(ASIDE, beside, "remind").state_category is StateCategory.PAUSED


def test_a_ticket_is_resolved_when_paid_and_closed_at_the_end() -> None:
    paid = walked(
        DAMAGE,
        *("accept", "verify", "warehouse_check", "branch_evidence", "liability", "confirm", "pay"),
    )
    closed = complete(DAMAGE, paid, "follow_up")

    assert paid.state_category is StateCategory.RESOLVED
    assert (closed.state_category, closed.is_finished) == (StateCategory.CLOSED, True)
    assert set(standing(DAMAGE, closed).values()) == {StepProgress.DONE}


def test_a_solution_the_customer_rejects_opens_the_ticket_again() -> None:
    asked = walked(STANDARD, "accept", "verify", "handle")
    rejected = complete(STANDARD, asked, "confirm", {"decision": "reject", "reason": "不够"})

    assert asked.state_category is StateCategory.PAUSED
    assert rejected.state_category is StateCategory.OPEN
    assert current(STANDARD, rejected) == ("handle",)


def test_a_ticket_is_not_closed_by_one_branch_while_another_goes_on() -> None:
    flows = [("begin", "split"), ("split", "pay"), ("split", "search"), ("pay", "finish")]
    body = parallel("split") + step("pay", state="closed") + step("search", state="closed")
    process = load_process(bpmn(framed(body), [*flows, ("search", "finish")]))
    early = complete(process, start(process), "pay")
    both = complete(process, early, "search")

    assert (early.state_category, early.is_finished) == (StateCategory.OPEN, False)
    assert (both.state_category, both.is_finished) == (StateCategory.CLOSED, True)


def test_a_withdrawn_run_is_over_where_it_stood() -> None:
    state = withdraw(DAMAGE, walked(DAMAGE, "accept"))

    assert (state.state_category, state.is_finished) == (StateCategory.CLOSED, True)
    assert standing(DAMAGE, state) == {"accept": "done"}
    assert active_timers(DAMAGE, state) == ()
    with pytest.raises(StepNotCurrent, match="流程已结束"):
        complete(DAMAGE, through_json(state), "verify")


def test_data_stay_under_their_step() -> None:
    state = complete(DAMAGE, start(DAMAGE), "accept", {"等级": ["一", 2, None]})
    state = complete(DAMAGE, through_json(state), "verify", {"decision": "pass"})

    assert state.data == {"accept": {"等级": ["一", 2, None]}, "verify": {"decision": "pass"}}


def test_data_that_look_like_the_engines_own_objects_stay_data() -> None:
    hostile = {"typename": "UUID", "value": "x", "deep": [{"typename": "BpmnWorkflow"}]}
    state = complete(DAMAGE, start(DAMAGE), "accept", hostile)
    state = complete(DAMAGE, through_json(state), "verify")

    assert state.data["accept"] == hostile


def test_data_that_cannot_be_kept_complete_nothing() -> None:
    with pytest.raises(StepDataInvalid):
        complete(DAMAGE, start(DAMAGE), "accept", {"x": "字" * 6000})


@pytest.mark.parametrize("act", [lambda p, s: complete(p, s, "accept"), withdraw, progress])
def test_a_run_goes_on_only_with_the_version_it_started_with(act: Callable[..., object]) -> None:
    newer = load_process(DAMAGE.source.replace("理赔定责".encode(), "定责".encode()))

    with pytest.raises(RunOfAnotherVersion) as caught:
        act(newer, start(DAMAGE))

    assert caught.value.facts["started_with"] == f"damage@{DAMAGE.version}"


def test_a_stored_run_with_a_node_the_process_lacks_says_so() -> None:
    stored = start(DAMAGE).to_dict()
    stored["tokens"].append(["gone"])

    with pytest.raises(RunUnreadable):
        complete(DAMAGE, RunState.from_dict(stored), "accept")


def test_a_ticket_that_went_round_fifty_times_is_as_small_as_after_the_first() -> None:
    state = walked(STANDARD, "accept", "verify", "handle")
    sizes = []
    for _ in range(50):
        state = complete(STANDARD, state, "confirm", {"decision": "reject", "reason": "再谈谈"})
        state = complete(STANDARD, through_json(state), "handle", {"text": "方案", "amount": 100})
        sizes.append(len(json.dumps(state.to_dict())))

    assert set(sizes) == {sizes[0]}
    assert sizes[0] < 400


def test_what_the_customer_is_told_reads_as_one_message() -> None:
    facts = {"ticket_no": "T20261122000001", "carrier_name": "顺丰速运"}
    opened = start(STANDARD)
    accepted = complete(STANDARD, opened, "accept")

    assert (
        announcement(STANDARD, None, opened, facts) == "工单 T20261122000001 已登记，客服正在受理。"
    )
    assert announcement(STANDARD, opened, accepted, facts) == (
        "工单 T20261122000001 已受理。客服正在核实情况。"
    )
    assert announcement(STANDARD, accepted, accepted, facts) == ""


def test_what_was_filled_in_is_told_where_a_text_names_it() -> None:
    before = walked(STANDARD, "accept", "verify")
    data = {"text": "明天补送一件。", "amount": 20.0}
    told = announcement(
        STANDARD, before, complete(STANDARD, before, "handle", data), {"ticket_no": "T1"}
    )

    assert told == (
        "工单 T1 的处理方案出来了。我们建议：明天补送一件。打算赔付 20 元。"
        "您看可以吗？同意或不同意，回复我一声就行。"
    )


def test_what_was_done_elsewhere_is_not_told_as_done_here() -> None:
    before = complete(DAMAGE, start(DAMAGE), "accept", {"reason": "内部备注"})
    after = complete(DAMAGE, before, "verify", {"decision": "pass"})

    assert "内部备注" not in announcement(DAMAGE, before, after, {"ticket_no": "T1"})


def test_a_step_that_was_interrupted_is_not_told_as_done() -> None:
    before = start(WAITING)
    after = fire(WAITING, before, "silent")

    assert (
        announcement(WAITING, before, after, {"ticket_no": "T1"}, "silent") == "T1 久等。T1 开始。"
    )


@pytest.mark.parametrize(
    ("amount", "words"), [(20.0, "20"), (20.5, "20.50"), (20, "20"), (True, ""), (None, "")]
)
def test_amounts_are_told_as_people_write_them(amount: Any, words: str) -> None:
    source = loop().replace("{ticket_no} 开始。".encode(), "赔 {amount} 元。".encode())
    process = load_process(source)
    before = start(process)
    after = complete(process, before, "draft", {"amount": amount})

    expected = f"赔 {words} 元。" if words else ""
    assert announcement(process, before, after, {"ticket_no": "T1"}) == f"T1 完成。{expected}"


def test_the_engine_writes_no_step_data_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        complete(DAMAGE, start(DAMAGE), "accept", {"phone": "13800138000"})

    assert not [record for record in caplog.records if record.name.startswith("spiff")]


def test_the_engine_never_holds_what_was_filled_in() -> None:
    process = load_process(line("a", "b"))
    seen: list[Any] = []
    for spec in process.spec.task_specs.values():
        spec.completed_event.connect(lambda _run, task: seen.append(dict(task.data)))
    complete(process, start(process), "a", {"phone": "13800138000"}, {"region": "广东省"})

    assert seen
    assert not any(seen)
