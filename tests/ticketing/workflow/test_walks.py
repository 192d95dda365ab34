"""Random walks: whatever people answer and whenever timers fire, a ticket can be finished."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketing.forms.form import Field, FieldKind
from ticketing.forms.shipped import shipped as shipped_forms
from ticketing.workflow.definitions import shipped
from ticketing.workflow.loading import load_process
from ticketing.workflow.machine import (
    StepNotCurrent,
    TimerNotActive,
    UnknownStep,
    active_timers,
    announcement,
    complete,
    fire,
    progress,
    send_back,
    start,
    withdraw,
)
from ticketing.workflow.process import Process, StateCategory
from ticketing.workflow.runs import RunState

from .drawing_board import fork, loop, parallel_loop, waiting

OWN = [fork("a", "b", "c"), loop(), parallel_loop("merge"), waiting(), waiting(interrupting=False)]
PROCESSES = [*shipped().processes, *map(load_process, OWN)]
PATIENCE = 60

walks = settings(max_examples=100, deadline=None)
some_facts = st.fixed_dictionaries(
    {
        "approval_role": st.sampled_from([None, "customer_service", "lead", "finance"]),
        "amount": st.one_of(st.none(), st.integers(0, 9999)),
        "urgent": st.booleans(),
        "kind": st.sampled_from(["damage", "lost", None]),
    }
)


def answers_to(process: Process, name: str) -> st.SearchStrategy[dict[str, Any]]:
    """Answers the form of a step takes, or none; those of our own drawings have no forms."""
    step = process.step(name)
    form = shipped_forms().get(step.form or "") if step else None
    if form is None:
        return st.fixed_dictionaries(
            {}, optional={"decision": st.sampled_from(["accept", "reject"])}
        )
    return st.fixed_dictionaries(
        {}, optional={field.key: answer_to(field) for field in form.fields}
    )


def answer_to(field: Field) -> st.SearchStrategy[Any]:
    """One answer."""
    if field.choices:
        return st.sampled_from([choice.value for choice in field.choices])
    if field.kind is FieldKind.YES_NO:
        return st.booleans()
    if field.kind is FieldKind.NUMBER:
        return st.one_of(st.integers(0, 9999), st.integers(0, 10**8).map(lambda fen: fen / 100))
    return st.sampled_from(["好", "已核对。", "", None])


def to_the_end(process: Process, state: RunState) -> RunState:
    """The run after every step was done with nothing filled in."""
    for _ in range(PATIENCE):
        if state.is_finished:
            return state
        state = complete(process, state, progress(process, state).current[0])
    return state


@st.composite
def walked(draw: st.DrawFn) -> tuple[Process, list[RunState]]:
    """A process and the states of a walk through it."""
    process = draw(st.sampled_from(PROCESSES))
    facts = draw(some_facts)
    states = [start(process, facts)]
    for _ in range(draw(st.integers(0, 25))):
        state = states[-1]
        if state.is_finished:
            break
        timers = [timer.name for timer in active_timers(process, state)]
        act = draw(st.sampled_from([*progress(process, state).current, *timers]))
        if act in timers:
            states.append(fire(process, state, act, facts))
        else:
            answers = draw(answers_to(process, act))
            states.append(complete(process, state, act, answers, facts))
    return process, states


@walks
@given(walked())
def test_every_run_is_finished_or_has_somebody_to_do_something(
    walk: tuple[Process, list[RunState]],
) -> None:
    process, states = walk

    for state in states:
        now = progress(process, state)
        assert bool(now.current) is not state.is_finished
        assert state.is_finished is (state.state_category is StateCategory.CLOSED)
    assert to_the_end(process, states[-1]).is_finished


@walks
@given(walked())
def test_what_is_stored_is_what_was_and_goes_the_same_way(
    walk: tuple[Process, list[RunState]],
) -> None:
    process, states = walk

    for state in states:
        again = RunState.from_dict(json.loads(json.dumps(state.to_dict())))
        assert again == state
        for name in progress(process, state).current:
            assert complete(process, again, name) == complete(process, state, name)


@walks
@given(walked(), st.data())
def test_no_path_leaves_a_finished_run(
    walk: tuple[Process, list[RunState]], data: st.DataObject
) -> None:
    process, states = walk
    over = data.draw(
        st.sampled_from([to_the_end(process, states[-1]), withdraw(process, states[-1])])
    )
    name = data.draw(st.sampled_from([step.name for step in process.steps]))

    assert active_timers(process, over) == ()
    with pytest.raises(StepNotCurrent):
        complete(process, over, name)
    with pytest.raises(StepNotCurrent):
        send_back(process, over, name, name)
    for timer in process.timers:
        with pytest.raises(TimerNotActive):
            fire(process, over, timer.name)


@walks
@given(walked())
def test_a_run_stays_small_however_it_was_walked(walk: tuple[Process, list[RunState]]) -> None:
    process, states = walk

    for state in states:
        bare = {**state.to_dict(), "data": {}}
        assert len(json.dumps(bare)) < 1000
        assert set(state.data) <= {step.name for step in process.steps}
        assert state.done.isdisjoint(progress(process, state).current)


@walks
@given(walked())
def test_what_the_customer_is_told_has_no_gap_in_it(walk: tuple[Process, list[RunState]]) -> None:
    process, states = walk
    told = [
        announcement(process, before, after, {"ticket_no": "T20261122000001"})
        for before, after in zip([None, *states], states, strict=False)
    ]

    for text in told:
        assert not set("{}") & set(text)
        assert "None" not in text
        assert "。。" not in text
        assert text == "" or text[-1] in "。？！"


@walks
@given(st.sampled_from(PROCESSES), st.lists(st.text("abcdefghijklmnopqrstuvwxyz_", max_size=12)))
def test_no_order_of_attempts_does_what_is_not_to_be_done(
    process: Process, attempts: list[str]
) -> None:
    state = start(process)
    for attempt in [*attempts, *(step.name for step in process.steps)]:
        allowed = attempt in progress(process, state).current
        try:
            state = complete(process, state, attempt)
        except (StepNotCurrent, UnknownStep):
            assert not allowed
        else:
            assert allowed
