"""Walk a ticket through its process, or end it. Pure: values in, values out, no clock, no database.

A `RunState` is a small immutable value; `start` makes the first, `complete` and `withdraw`
make the next, `to_dict`/`from_dict` carry it through a JSON column.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from SpiffWorkflow.util.task import TaskState

from ticketing.kernel.errors import HouseError
from ticketing.workflow.process import Process, StateCategory, fill
from ticketing.workflow.snapshot import TaskRow, new_run, pack, read_rows, unpack

MAX_DATA_BYTES = 16 * 1024


class UnknownStep(HouseError):
    """The ticket's process has no step of that name."""

    status, code = 404, "unknown_step"

    def __init__(self, process: Process, step: str) -> None:
        super().__init__(
            f"「{process.name}」没有步骤 {step[:64]}", process=process.id, step=step[:64]
        )


class StepNotCurrent(HouseError):
    """The step exists, but it is not its turn: done already, not yet reached, or skipped."""

    status, code = 409, "step_not_current"

    def __init__(self, process: Process, step: str, current: tuple[str, ...]) -> None:
        labels = {each.name: each.label for each in process.steps}
        turn = (
            f"应先完成「{'、'.join(labels[name] for name in current)}」"
            if current
            else "流程已结束"
        )
        super().__init__(
            f"现在不能完成「{labels[step]}」，{turn}",
            process=process.id,
            step=step,
            current=current,
        )


class StepDataInvalid(HouseError):
    """What was handed in with a step is not a small JSON object."""

    status, code = 422, "step_data_invalid"

    def __init__(self, step: str) -> None:
        super().__init__(
            f"步骤数据应为不超过 {MAX_DATA_BYTES // 1024} KB 的 JSON 对象",
            step=step,
            limit_bytes=MAX_DATA_BYTES,
        )


class RunOfAnotherVersion(HouseError):
    """A run may only go on with the very version of the process it was started with."""

    status, code = 409, "run_of_another_version"

    def __init__(self, state: RunState, process: Process) -> None:
        super().__init__(
            "工单须按它开始时的流程版本办理",
            started_with=f"{state.process_id}@{state.process_version}",
            given=f"{process.id}@{process.version}",
        )


class RunUnreadable(HouseError):
    """A stored run has lost its shape."""

    status, code = 500, "run_unreadable"

    def __init__(self) -> None:
        super().__init__("工单的流程记录无法读取")


class StepProgress(StrEnum):
    """Where a step stands, in the words of the ticket card."""

    DONE = "done"
    CURRENT = "current"
    WAITING = "waiting"


@dataclass(frozen=True)
class StepState:
    """One line of a ticket's progress: step name, Chinese label, where it stands."""

    step: str
    label: str
    state: StepProgress


@dataclass(frozen=True)
class Progress:
    """Where a ticket stands: its steps in flow order, without those it can no longer come to."""

    steps: tuple[StepState, ...]
    is_finished: bool
    state_category: StateCategory

    @property
    def current(self) -> tuple[str, ...]:
        """The names of the steps whose turn it is; several on parallel branches."""
        return tuple(each.step for each in self.steps if each.state is StepProgress.CURRENT)


@dataclass(frozen=True)
class RunState:
    """A ticket on its way through one version of one process."""

    process_id: str
    process_version: str
    state_category: StateCategory
    is_finished: bool
    tasks: tuple[TaskRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-able: `{"process", "version", "state", "finished", "tasks"}`, a list per task."""
        return {
            "process": self.process_id,
            "version": self.process_version,
            "state": self.state_category.value,
            "finished": self.is_finished,
            "tasks": [list(row) if row.data else list(row[:3]) for row in self.tasks],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """The run `to_dict` made this of; RunUnreadable when it is something else."""
        try:
            return cls(
                process_id=str(stored["process"]),
                process_version=str(stored["version"]),
                state_category=StateCategory(stored["state"]),
                is_finished=bool(stored["finished"]),
                tasks=read_rows(stored["tasks"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise RunUnreadable from error


def start(process: Process) -> RunState:
    """Begin a process: its first step is current, the ticket is open."""
    return _state(process, new_run(process.spec), StateCategory.OPEN)


def complete(
    process: Process, state: RunState, step: str, data: Mapping[str, Any] | None = None
) -> RunState:
    """Finish a current step and go on to the next.

    `data` (a JSON object) stays in the run under the step's name, for later conditions.
    Raises UnknownStep, StepNotCurrent, StepDataInvalid, RunOfAnotherVersion.
    """
    _same_version(process, state)
    done = process.step(step)
    if done is None:
        raise UnknownStep(process, step)
    current = progress(process, state).current
    if step not in current:
        raise StepNotCurrent(process, step, current)
    run = _restored(process, state)
    task = run.get_next_task(state=TaskState.READY, spec_name=step)
    if data:
        task.data = {**task.data, step: _plain(step, data)}
    task.run()
    run.do_engine_steps()
    finished = run.is_completed()
    early = done.state_after is StateCategory.CLOSED and not finished
    return _state(process, run, state.state_category if early else done.state_after)


def withdraw(process: Process, state: RunState) -> RunState:
    """End a run where it stands: what was done stays done, nothing more comes, it is closed."""
    _same_version(process, state)
    return replace(
        state,
        state_category=StateCategory.CLOSED,
        is_finished=True,
        tasks=tuple(row.cancelled() if row.is_active else row for row in state.tasks),
    )


def progress(process: Process, state: RunState) -> Progress:
    """Where a run stands; reads the rows only, the engine is not started."""
    _same_version(process, state)
    active = {row.node for row in state.tasks if row.is_active}
    done = {row.node for row in state.tasks if row.is_done}
    ahead = {name for node in active for name in process.downstream.get(node, ())}

    def standing(name: str) -> StepProgress | None:
        if name in active:
            return StepProgress.CURRENT
        if name in ahead:
            return StepProgress.WAITING
        return StepProgress.DONE if name in done else None

    steps = ((step, standing(step.name)) for step in process.steps)
    return Progress(
        steps=tuple(StepState(step.name, step.label, at) for step, at in steps if at is not None),
        is_finished=state.is_finished,
        state_category=state.state_category,
    )


def announcement(
    process: Process, before: RunState | None, after: RunState, facts: Mapping[str, str]
) -> str:
    """What the customer is told about a change: what was done, then what begins; may be "".

    `before` is None for a run just started; `facts` fill the placeholders of the texts.
    """
    was = set(progress(process, before).current) if before else set()
    now = set(progress(process, after).current)
    left = [step.on_done for step in process.steps if step.name in was - now]
    entered = [step.on_enter for step in process.steps if step.name in now - was]
    return "".join(fill(text, facts) for text in left + entered)


def _state(process: Process, run: Any, category: StateCategory) -> RunState:
    return RunState(process.id, process.version, category, run.is_completed(), pack(run))


def _same_version(process: Process, state: RunState) -> None:
    if (state.process_id, state.process_version) != (process.id, process.version):
        raise RunOfAnotherVersion(state, process)


def _restored(process: Process, state: RunState) -> Any:
    try:
        return unpack(process.spec, state.tasks)
    except (KeyError, IndexError, TypeError) as error:
        raise RunUnreadable from error


def _plain(step: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """An own copy of the data, as JSON and PostgreSQL's jsonb will take it."""
    try:
        text = json.dumps(dict(data), allow_nan=False, ensure_ascii=False)
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise StepDataInvalid(step) from error
    if size > MAX_DATA_BYTES or "\\u0000" in text:
        raise StepDataInvalid(step)
    plain: dict[str, Any] = json.loads(text)
    return plain
