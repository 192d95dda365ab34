"""A run of the engine as a few small rows, and back.

SpiffWorkflow's own serialiser writes the whole process into every run and, on reading,
turns any dict that has a `typename` key into an object: neither is wanted where step data
come from outside. These rows hold what happened; what may happen is predicted anew.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

ROOT = -1

# Below WARNING the engine copies the data of a step, so perhaps a phone number, into log records.
for _logger in ("spiff.task", "spiff.workflow"):
    logging.getLogger(_logger).setLevel(logging.WARNING)


class TaskRow(NamedTuple):
    """One task of the engine: node id, index of the parent's row (ROOT for none), TaskState.

    `data` holds the keys in which the task's data differ from its parent's.
    """

    node: str
    parent: int
    state: int
    data: Mapping[str, Any] = {}

    @property
    def is_active(self) -> bool:
        """The run waits for this task."""
        return self.state in {TaskState.WAITING, TaskState.READY, TaskState.STARTED}

    @property
    def is_done(self) -> bool:
        """The task was completed."""
        return self.state in {TaskState.COMPLETED}

    def cancelled(self) -> TaskRow:
        """The same task, given up."""
        return self._replace(state=TaskState.CANCELLED)


class NoScripts:
    """Stands where the engine would evaluate Python, and has nothing to evaluate it with."""


def new_run(spec: Any) -> Any:
    """Begin a process and go on to its first steps."""
    run = BpmnWorkflow(spec, script_engine=NoScripts())
    run.do_engine_steps()
    return run


def pack(run: Any) -> tuple[TaskRow, ...]:
    """Rows for everything in a run that is more than a prediction, parents first."""
    tasks = [task for task in run.tasks.values() if task.state >= TaskState.WAITING]
    place = {task.id: index for index, task in enumerate(tasks)}
    return tuple(
        TaskRow(
            task.task_spec.name,
            ROOT if task.parent is None else place[task.parent.id],
            task.state,
            _news(task),
        )
        for task in tasks
    )


def read_rows(stored: Sequence[Sequence[Any]]) -> tuple[TaskRow, ...]:
    """Rows as they came out of JSON; TypeError or ValueError when they are something else."""
    rows = tuple(TaskRow(*row) for row in stored)
    for index, row in enumerate(rows):
        if not isinstance(row.state, int) or not isinstance(row.parent, int):
            raise TypeError(row)
        if not (ROOT < row.parent < index or (row.parent == ROOT and index == 0)):
            raise ValueError(row)
    if not rows:
        raise ValueError(stored)
    return rows


def unpack(spec: Any, rows: Sequence[TaskRow]) -> Any:
    """The run those rows came from."""
    run = BpmnWorkflow(spec, script_engine=NoScripts(), deserializing=True)
    tasks: list[Any] = []
    for row in rows:
        parent = None if row.parent == ROOT else tasks[row.parent]
        task = Task(run, spec.task_specs[row.node], parent=parent, state=row.state)
        task.data = {**(parent.data if parent else {}), **row.data}
        tasks.append(task)
    run.task_tree = tasks[0]
    for task in tasks:
        if task.has_state(TaskState.NOT_FINISHED_MASK):
            task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
    return run


def _news(task: Any) -> dict[str, Any]:
    before = task.parent.data if task.parent else {}
    return {key: value for key, value in task.data.items() if before.get(key) != value}
