from __future__ import annotations

from typing import Any

import pytest
from SpiffWorkflow.util.task import TaskState

from ticketing.workflow.loading import load_process
from ticketing.workflow.snapshot import TaskRow, new_run, pack, read_rows, unpack

from .drawing_board import fork, line


def test_a_run_is_packed_without_its_predictions() -> None:
    spec = load_process(line("a", "b")).spec

    assert [row.node for row in pack(new_run(spec))] == ["Start", "begin", "a"]


def test_an_unpacked_run_predicts_what_the_packed_one_did() -> None:
    spec = load_process(fork("a", "b")).spec
    run = new_run(spec)
    again = unpack(spec, pack(run))

    def shape(each: Any) -> list[tuple[str, int]]:
        return [(task.task_spec.name, task.state) for task in each.get_tasks()]

    assert shape(again) == shape(run)


def test_only_what_a_task_added_to_its_parents_data_is_packed() -> None:
    spec = load_process(line("a", "b")).spec
    run = new_run(spec)
    task = run.get_next_task(state=TaskState.READY)
    task.data = {"a": {"x": 1}}
    task.run()
    rows = pack(run)

    assert [(row.node, row.data) for row in rows[2:]] == [("a", {"a": {"x": 1}}), ("b", {})]
    assert unpack(spec, rows).get_next_task(state=TaskState.READY).data == {"a": {"x": 1}}


def test_a_row_knows_whether_the_run_waits_for_it() -> None:
    states = [TaskState.READY, TaskState.WAITING, TaskState.COMPLETED, TaskState.CANCELLED]
    rows = [TaskRow("a", 0, state) for state in states]

    assert [row.is_active for row in rows] == [True, True, False, False]
    assert [row.is_done for row in rows] == [False, False, True, False]


@pytest.mark.parametrize("rows", [[], [["a", 0, 64]], [["a", -1, 64], ["b", -1, 64]]])
def test_rows_that_make_no_tree_are_refused(rows: list[list[object]]) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_rows(rows)
