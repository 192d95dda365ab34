from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.workflow.definitions import shipped
from ticketing.workflow.machine import progress, start
from ticketing.workflow.process import StateCategory
from ticketing.workflow.runs import (
    MAX_DATA_BYTES,
    RunState,
    RunUnreadable,
    StepDataInvalid,
    plain_data,
)
from ticketing.workflow.snapshot import Token

DAMAGE = shipped().for_kind("damage")
OLD_DAMAGE = shipped().version("damage", "db688b5d520a9217")
names = st.text("abc_", min_size=1, max_size=4)


@given(
    st.frozensets(st.builds(Token, names, st.one_of(st.just(""), names))),
    st.frozensets(names),
    st.dictionaries(names, st.dictionaries(names, st.one_of(st.integers(), st.text(), st.none()))),
    st.sampled_from(StateCategory),
    st.booleans(),
)
def test_what_is_written_is_read_again(
    tokens: frozenset[Token],
    done: frozenset[str],
    data: dict[str, dict[str, Any]],
    state: StateCategory,
    finished: bool,
) -> None:
    run = RunState("p", "v", state, finished, tuple(sorted(tokens)), done, data)

    assert RunState.from_dict(json.loads(json.dumps(run.to_dict()))) == run


@pytest.mark.parametrize(
    "broken",
    [
        {"tokens": None},
        {"tokens": [[]]},
        {"tokens": [["a", "b", "c"]]},
        {"tokens": [[1]]},
        {"tokens": [[""]]},
        {"state": "lost"},
        {"done": None},
        {"data": {"a": 1}},
        {"data": []},
    ],
)
def test_a_stored_run_that_lost_its_shape_says_so(broken: dict[str, Any]) -> None:
    with pytest.raises(RunUnreadable) as caught:
        RunState.from_dict({**start(DAMAGE).to_dict(), **broken})

    assert caught.value.status == 500


def test_nothing_is_no_run() -> None:
    with pytest.raises(RunUnreadable):
        RunState.from_dict({})


def test_a_run_of_the_release_before_goes_on_where_it_stood() -> None:
    stored = {
        "process": "damage",
        "version": OLD_DAMAGE.version,
        "state": "open",
        "finished": False,
        "tasks": [
            ["Start", -1, 64],
            ["opened", 0, 64],
            ["accept", 1, 64, {"accept": {"note": "已联系"}}],
            ["verify", 2, 64],
            ["assess", 3, 16],
        ],
    }
    run = RunState.from_dict(stored)
    now = progress(OLD_DAMAGE, run)

    assert now.current == ("assess",)
    assert [each.state.value for each in now.steps] == ["done"] * 2 + ["current"] + ["waiting"] * 3
    assert run.data == {"accept": {"note": "已联系"}}
    assert RunState.from_dict(run.to_dict()) == run


@pytest.mark.parametrize("tasks", [[], [["Start"]], [["Start", -1, "64"]], None])
def test_a_run_of_the_release_before_that_lost_its_shape_says_so(tasks: Any) -> None:
    with pytest.raises(RunUnreadable):
        RunState.from_dict({**start(DAMAGE).to_dict(), "tasks": tasks})


@pytest.mark.parametrize(
    "data",
    [{"x": float("nan")}, {"x": object()}, {"x": "\x00"}, {"x": "\ud800"}, {"x": "字" * 6000}],
    ids=["nan", "object", "nul", "surrogate", "large"],
)
def test_data_that_are_not_a_small_json_object_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(StepDataInvalid) as caught:
        plain_data("accept", data)

    assert caught.value.facts["limit_bytes"] == MAX_DATA_BYTES


def test_kept_data_are_a_copy_of_their_own() -> None:
    given_data = {"photos": ["a"]}
    kept = plain_data("verify", given_data)
    given_data["photos"].append("b")

    assert kept == {"photos": ["a"]}
