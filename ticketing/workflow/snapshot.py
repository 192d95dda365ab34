"""A run of the engine as a few small rows, and back.

SpiffWorkflow's own serialiser writes the whole process into every run and, on reading,
turns any dict that has a `typename` key into an object: neither is wanted where step data
come from outside. Its tree of tasks keeps every round of a loop for ever, and its joins count
the arrivals of earlier rounds. So a run is kept as its marking: where it stands, and nothing
of how it came there. That is a set, so it cannot grow; what may happen is predicted anew.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, ParallelGateway
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

# Below WARNING the engine copies the data of a step, so perhaps a phone number, into log records.
for _logger in ("spiff.task", "spiff.workflow"):
    logging.getLogger(_logger).setLevel(logging.WARNING)

_ARRIVED = TaskState.WAITING | TaskState.CANCELLED
_GONE_ON = TaskState.READY | TaskState.COMPLETED


class Token(NamedTuple):
    """Where a run stands: at a step, at a timer that may fire, or before a join.

    `came_from` is the node before the join, and empty elsewhere.
    """

    node: str
    came_from: str = ""


class Marking(NamedTuple):
    """All tokens of a run, in order; `twice` are the nodes two of them had come to as one."""

    tokens: tuple[Token, ...]
    is_finished: bool
    twice: frozenset[str] = frozenset()


def begin(spec: Any, conditions: Any) -> Marking:
    """Begin a process and go on to its first steps."""
    run = BpmnWorkflow(spec, script_engine=conditions)
    run.do_engine_steps()
    return _pack(run)


def finish_step(spec: Any, tokens: Iterable[Token], step: str, conditions: Any) -> Marking:
    """Complete a step that has a token and go on."""
    run, tasks = _unpack(spec, tokens, conditions)
    tasks[Token(step)].run()
    run.do_engine_steps()
    return _pack(run)


def fire_timer(spec: Any, tokens: Iterable[Token], timer: str, conditions: Any) -> Marking:
    """Let a timer that has a token fire, and go on."""
    run, tasks = _unpack(spec, tokens, conditions)
    run.send_event(BpmnEvent(tasks[Token(timer)].task_spec.event_definition))
    run.do_engine_steps()
    return _pack(run)


def _pack(run: Any) -> Marking:
    if run.is_completed():
        return Marking((), is_finished=True)
    tokens = Counter([*_standing(run.tasks.values()), *_before_joins(run.tasks.values())])
    twice = frozenset(token.node for token, count in tokens.items() if count > 1)
    return Marking(tuple(sorted(tokens)), is_finished=False, twice=twice)


def _standing(tasks: Iterable[Any]) -> Iterator[Token]:
    for task in tasks:
        at_step = task.task_spec.manual and task.state == TaskState.READY
        at_timer = isinstance(task.task_spec, BoundaryEvent) and task.state == TaskState.WAITING
        if at_step or at_timer:
            yield Token(task.task_spec.name)


def _before_joins(tasks: Iterable[Any]) -> Iterator[Token]:
    """Arrivals that wait for others; the engine cancels all but the last until the join opens."""
    joins: dict[str, list[Any]] = {}
    for task in tasks:
        if isinstance(task.task_spec, ParallelGateway):
            joins.setdefault(task.task_spec.name, []).append(task)
    for name, arrivals in joins.items():
        if not any(task.has_state(_GONE_ON) for task in arrivals):
            for task in arrivals:
                if task.has_state(_ARRIVED) and task.parent.state == TaskState.COMPLETED:
                    yield Token(name, task.parent.task_spec.name)


def _unpack(spec: Any, tokens: Iterable[Token], conditions: Any) -> tuple[Any, dict[Token, Any]]:
    """The run those tokens came from, and the task of each."""
    run = BpmnWorkflow(spec, script_engine=conditions, deserializing=True)
    run.task_tree = Task(run, spec.start, state=TaskState.COMPLETED)
    here = tuple(tokens)
    tasks: dict[Token, Any] = {}
    for token in here:
        node = spec.task_specs[token.node]
        if token.came_from:
            before = _past(run, spec.task_specs[token.came_from])
            tasks[token] = Task(run, node, parent=before, state=TaskState.WAITING)
        elif not isinstance(node, BoundaryEvent):
            tasks |= _step_with_timers(run, node, here)
    for task in tasks.values():
        task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
    return run, tasks


def _step_with_timers(run: Any, node: Any, tokens: tuple[Token, ...]) -> dict[Token, Any]:
    split = run.spec.task_specs.get(f"{node.name}.BoundaryEventSplit")
    above = run.task_tree if split is None else _past(run, split)
    tasks = {Token(node.name): Task(run, node, parent=above, state=TaskState.READY)}
    for event in () if split is None else split.outputs:
        if Token(event.name) in tokens and event is not node:
            task = Task(run, event, parent=above, state=TaskState.WAITING)
            run.event_manager.add_task(task)
            tasks[Token(event.name)] = task
    return tasks


def _past(run: Any, node: Any) -> Any:
    return Task(run, node, parent=run.task_tree, state=TaskState.COMPLETED)
