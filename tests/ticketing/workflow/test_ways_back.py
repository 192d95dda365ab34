from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.workflow.definitions import shipped
from ticketing.workflow.loading import load_process
from ticketing.workflow.machine import (
    CannotSendBack,
    RunState,
    StepNotCurrent,
    UnknownStep,
    active_timers,
    complete,
    progress,
    send_back,
    start,
)
from ticketing.workflow.process import Process, StateCategory
from ticketing.workflow.snapshot import Token

from .drawing_board import fork, line, loop

LINE = load_process(line("a", "b", "c"))
FORK = load_process(fork("a", "b"))
DAMAGE = shipped().for_kind("damage")


def walked(process: Process, *steps: str) -> RunState:
    state = start(process)
    for name in steps:
        state = complete(process, state, name, {"by": name})
    return state


def current(process: Process, state: RunState) -> tuple[str, ...]:
    return progress(process, state).current


def test_a_step_goes_back_to_an_earlier_one_and_what_lay_between_is_redone() -> None:
    state = send_back(LINE, walked(LINE, "a", "b"), "c", "a")

    assert current(LINE, state) == ("a",)
    assert state.done == frozenset()
    assert current(LINE, complete(LINE, state, "a")) == ("b",)


def test_what_was_filled_in_elsewhere_stays() -> None:
    assert send_back(LINE, walked(LINE, "a", "b"), "c", "b").data == {"a": {"by": "a"}}


@pytest.mark.parametrize(("step", "to"), [("b", "b"), ("b", "c"), ("b", "close")])
def test_a_step_does_not_go_forward_or_stay(step: str, to: str) -> None:
    with pytest.raises(CannotSendBack) as caught:
        send_back(LINE, walked(LINE, "a"), step, to)

    assert (caught.value.status, caught.value.code) == (409, "cannot_send_back")


def test_only_a_current_step_is_sent_back_and_only_to_a_step() -> None:
    with pytest.raises(StepNotCurrent):
        send_back(LINE, walked(LINE, "a"), "c", "a")
    with pytest.raises(UnknownStep):
        send_back(LINE, walked(LINE, "a"), "b", "begin")


def test_a_step_does_not_go_back_to_a_parallel_branch() -> None:
    with pytest.raises(CannotSendBack):
        send_back(FORK, walked(FORK, "a"), "b", "a")


def test_going_back_before_a_split_gives_up_every_branch() -> None:
    process = shipped().for_kind("lost")
    state = walked(process, "accept", "verify", "search")
    state = send_back(process, state, "carrier_reply", "verify")

    assert current(process, state) == ("verify",)
    assert set(current(process, complete(process, state, "verify"))) == {"search", "carrier_reply"}


def test_going_back_into_one_branch_keeps_the_other_as_done() -> None:
    state = send_back(FORK, walked(FORK, "a", "b"), "close", "a")

    assert current(FORK, state) == ("a",)
    assert Token("join", "b") in state.tokens
    assert "b" in state.done
    assert current(FORK, complete(FORK, state, "a")) == ("close",)


def test_a_branch_behind_a_timer_gateway_counts_as_done_too() -> None:
    state = walked(DAMAGE, "accept", "verify", "warehouse_check", "branch_evidence")
    state = send_back(DAMAGE, state, "liability", "warehouse_check")

    assert current(DAMAGE, state) == ("warehouse_check",)
    assert current(DAMAGE, complete(DAMAGE, state, "warehouse_check")) == ("liability",)


def test_a_step_gone_back_to_has_its_timer_again() -> None:
    state = walked(DAMAGE, "accept", "verify", "warehouse_check", "branch_evidence")
    state = send_back(DAMAGE, state, "liability", "branch_evidence")

    assert [timer.name for timer in active_timers(DAMAGE, state)] == ["branch_silent"]


def test_a_resolved_ticket_sent_back_is_open() -> None:
    process = shipped().for_kind("compensation")
    state = walked(process, "accept", "liability", "assess", "confirm", "pay")
    assert state.state_category is StateCategory.RESOLVED

    assert send_back(process, state, "follow_up", "assess").state_category is StateCategory.OPEN


def test_a_step_of_a_loop_goes_back_within_the_round() -> None:
    process = load_process(loop())
    state = complete(process, walked(process, "draft"), "ask", {"decision": "reject"})
    state = complete(process, state, "draft")

    assert current(process, send_back(process, state, "ask", "draft")) == ("draft",)


@given(st.data())
def test_however_it_is_sent_back_every_run_can_still_be_finished(data: st.DataObject) -> None:
    process = data.draw(st.sampled_from([*shipped().processes, FORK]))
    state = start(process)
    for _ in range(data.draw(st.integers(0, 12))):
        if state.is_finished:
            break
        name = data.draw(st.sampled_from(current(process, state)))
        before = [to for to in sorted(state.done) if name in process.flow.downstream(to)]
        to = data.draw(st.sampled_from([*before, None]))
        if to is not None:
            state = send_back(process, state, name, to)
        else:
            state = complete(process, state, name)
    for _ in range(60):
        if not state.is_finished:
            state = complete(process, state, current(process, state)[0])

    assert state.is_finished
