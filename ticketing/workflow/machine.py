"""Walk a ticket through its process, or end it. Pure: values in, values out, no clock, no database.

`start` makes the first `RunState`; `complete`, `fire`, `send_back` and `withdraw` make the next
and leave the one they were given as it was. `facts` are what conditions may know of the ticket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Any

from SpiffWorkflow.exceptions import SpiffWorkflowException

from ticketing.kernel.errors import HouseError
from ticketing.workflow import snapshot
from ticketing.workflow.conditions import Conditions
from ticketing.workflow.process import Process, StateCategory, Timer, fill
from ticketing.workflow.runs import (
    MAX_DATA_BYTES,
    RunState,
    RunUnreadable,
    StepDataInvalid,
    plain_data,
)
from ticketing.workflow.snapshot import Marking, Token
from ticketing.workflow.ways_back import tokens_after_going_back

__all__ = ["MAX_DATA_BYTES", "RunState", "RunUnreadable", "StepDataInvalid"]

_NO_FACTS: Mapping[str, Any] = {}
_MOST_KEPT = 5000
_COME_TO: dict[tuple[Any, ...], Marking] = {}


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
        turn = (
            f"应先完成「{'、'.join(_label(process, name) for name in current)}」"
            if current
            else "流程已结束"
        )
        super().__init__(
            f"现在不能完成「{_label(process, step)}」，{turn}",
            process=process.id,
            step=step,
            current=current,
        )


class TimerNotActive(HouseError):
    """The step of this timer is over, or the timer has fired already."""

    status, code = 409, "timer_not_active"

    def __init__(self, process: Process, timer: str) -> None:
        super().__init__("这个定时已经失效", process=process.id, timer=timer[:64])


class CannotSendBack(HouseError):
    """A step is sent back only to one before it that was done."""

    status, code = 409, "cannot_send_back"

    def __init__(self, process: Process, step: str, to: str) -> None:
        super().__init__(
            f"「{_label(process, step)}」不能退回到「{_label(process, to)}」",
            process=process.id,
            step=step,
            to=to[:64],
        )


class NoWayOn(HouseError):
    """The engine found no way on; the step is not done, and nothing is lost."""

    status, code = 409, "no_way_on"

    def __init__(self, process: Process) -> None:
        super().__init__(
            f"「{process.name}」在这里没有可走的下一步，请联系管理员检查流程", process=process.id
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
    """Where a ticket stands: its steps in flow order, those done and those of its main way."""

    steps: tuple[StepState, ...]
    is_finished: bool
    state_category: StateCategory

    @property
    def current(self) -> tuple[str, ...]:
        """The names of the steps whose turn it is; several on parallel branches."""
        return tuple(each.step for each in self.steps if each.state is StepProgress.CURRENT)


def start(process: Process, facts: Mapping[str, Any] = _NO_FACTS) -> RunState:
    """Begin a process: its first step is current, the ticket is open."""
    nothing = RunState(process.id, process.version, StateCategory.OPEN, False, ())
    marking = _ran(process, ("begin",), Conditions(facts, {}), snapshot.begin)
    return _moved(process, nothing, (), marking)


def complete(
    process: Process,
    state: RunState,
    step: str,
    data: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] = _NO_FACTS,
) -> RunState:
    """Finish a current step and go on to the next.

    `data` (a JSON object) stays in the run under the step's name; conditions see it there.
    Raises UnknownStep, StepNotCurrent, StepDataInvalid, RunOfAnotherVersion, NoWayOn and, where
    a condition cannot be evaluated, ExpressionFailed.
    """
    require_current(process, state, step)
    known = {name: values for name, values in state.data.items() if name != step}
    known |= {step: plain_data(step, data)} if data else {}
    conditions = Conditions(facts, known)
    finish = partial(snapshot.finish_step, tokens=state.tokens, step=step)
    marking = _ran(process, ("finish", step, state.tokens), conditions, finish)
    category = _category_after(process, state, step)
    done = replace(state, done=state.done | {step}, data=known, state_category=category)
    return _moved(process, done, _left_with(process, step), marking)


def fire(
    process: Process, state: RunState, timer: str, facts: Mapping[str, Any] = _NO_FACTS
) -> RunState:
    """Let a timer fire: its step ends undone, or goes on with something beside it.

    Raises TimerNotActive, RunOfAnotherVersion, NoWayOn, ExpressionFailed.
    """
    _same_version(process, state)
    firing = next((each for each in active_timers(process, state) if each.name == timer), None)
    if firing is None:
        raise TimerNotActive(process, timer)
    conditions = Conditions(facts, state.data)
    fire_it = partial(snapshot.fire_timer, tokens=state.tokens, timer=timer)
    marking = _ran(process, ("fire", timer, state.tokens), conditions, fire_it)
    left = _left_with(process, firing.step) if firing.interrupting else (Token(timer),)
    return _moved(process, state, left, marking)


def send_back(
    process: Process,
    state: RunState,
    step: str,
    to: str,
    _facts: Mapping[str, Any] = _NO_FACTS,
) -> RunState:
    """Give a current step back to an earlier one that was done; what lay between is to be redone.

    Raises UnknownStep, StepNotCurrent, CannotSendBack, RunOfAnotherVersion.
    """
    require_current(process, state, step)
    if process.step(to) is None:
        raise UnknownStep(process, to)
    if to not in state.done or step not in process.flow.downstream(to):
        raise CannotSendBack(process, step, to)
    return _standing_again(process, state, to)


def answer_late(
    process: Process,
    state: RunState,
    step: str,
    data: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] = _NO_FACTS,
) -> RunState | None:
    """Answer a step that a timer ended without one, also in a run that is over.

    Nothing where the answer leads where silence has led, or where the run is to come to the
    step again. Raises as `complete` does.
    """
    _same_version(process, state)
    if process.step(step) is None or is_to_come(process, state, step):
        return None
    again = _standing_again(process, state, step)
    answered = complete(process, again, step, data, facts)
    for timer in active_timers(process, again):
        if timer.step == step and timer.interrupting:
            silent = fire(process, again, timer.name, facts)
            if _place_of(process, silent) == _place_of(process, answered):
                return None
    return answered


def is_to_come(process: Process, state: RunState, step: str) -> bool:
    """Tell whether a run stands at a step, or before it."""
    standing = set(progress(process, state).current)
    if step in standing:
        return True
    return bool(standing) and standing.isdisjoint(process.flow.downstream(step))


def withdraw(process: Process, state: RunState) -> RunState:
    """End a run where it stands: what was done stays done, nothing more comes, it is closed."""
    _same_version(process, state)
    return replace(state, state_category=StateCategory.CLOSED, is_finished=True, tokens=())


def require_current(process: Process, state: RunState, step: str) -> None:
    """Raise UnknownStep, StepNotCurrent or RunOfAnotherVersion unless it is the step's turn."""
    _same_version(process, state)
    if process.step(step) is None:
        raise UnknownStep(process, step)
    if Token(step) not in state.tokens:
        raise StepNotCurrent(process, step, progress(process, state).current)


def active_timers(process: Process, state: RunState) -> tuple[Timer, ...]:
    """The timers that may fire now, in flow order."""
    return tuple(timer for timer in process.timers if Token(timer.name) in state.tokens)


def progress(process: Process, state: RunState) -> Progress:
    """Where a run stands; reads the tokens only, the engine is not started."""
    _same_version(process, state)
    standing = {token.node for token in state.tokens}
    places = {token.came_from or token.node for token in state.tokens}
    ahead = {name for node in places for name in process.main_way.get(node, ())}

    def state_of(name: str) -> StepProgress | None:
        if name in standing:
            return StepProgress.CURRENT
        if name in state.done:
            return StepProgress.DONE
        return StepProgress.WAITING if name in ahead else None

    steps = ((step, state_of(step.name)) for step in process.steps)
    return Progress(
        steps=tuple(StepState(step.name, step.label, at) for step, at in steps if at is not None),
        is_finished=state.is_finished,
        state_category=state.state_category,
    )


def announcement(
    process: Process,
    before: RunState | None,
    after: RunState,
    facts: Mapping[str, str],
    timer: str | None = None,
    *,
    done: str | None = None,
) -> str:
    """What the customer is told about a change: what was done, then what begins; may be "".

    `before` is None for a run just started, `timer` the one that brought the change about;
    `done` is the step that was completed, told even where the run goes back.
    `facts` fill the placeholders of the texts. So does what was filled in: at the step itself
    for what was done there, anywhere that stays done for what begins.
    """
    was = set(progress(process, before).current) if before else set()
    now = set(progress(process, after).current)
    fired = process.timer(timer) if timer else None
    finished = ((was - now) & after.done) | ({done} if done else set())
    ended = [step for step in process.steps if step.name in finished]
    left = [fill(step.on_done, {**_words(after, step.name), **facts}) for step in ended]
    words = {**_words(after, *(name for name in after.data if name in after.done)), **facts}
    begins = [fill(step.on_enter, words) for step in process.steps if step.name in now - was]
    return "".join([*left, fill(fired.on_fire, facts) if fired else "", *begins])


def _words(state: RunState, *steps: str) -> dict[str, str]:
    """What was filled in at some steps, for texts: by field, and the last step's word counts."""
    values = (pair for name in steps for pair in state.data.get(name, {}).items())
    return {name: text for name, value in values if (text := _in_words(value))}


def _ran(
    process: Process,
    doing: tuple[Any, ...],
    conditions: Conditions,
    engine: Callable[..., Marking],
) -> Marking:
    """Let the engine work on a run of its own; what it cannot do is one of our errors.

    Where it asked no condition it comes to the same every time, and need not be started again.
    """
    key = (process.id, process.version, *doing)
    if key in _COME_TO:
        return _COME_TO[key]
    try:
        marking = engine(process.spec, conditions=conditions)
    except KeyError as error:
        raise RunUnreadable from error
    except SpiffWorkflowException as error:
        raise NoWayOn(process) from error
    if not marking.is_finished and not marking.tokens:
        raise NoWayOn(process)
    if not conditions.were_asked:
        if len(_COME_TO) >= _MOST_KEPT:
            _COME_TO.clear()
        _COME_TO[key] = marking
    return marking


def _moved(process: Process, state: RunState, left: Iterable[Token], marking: Marking) -> RunState:
    """The run at its new tokens; those it had and has not left are no new beginning.

    Where a step begins again that was done before, the ticket is open again.
    """
    going_on = frozenset(state.tokens).difference(left)
    begun = {token.node for token in marking.tokens if token not in going_on}
    anew = {step.name for step in process.steps if step.name in begun}
    undone = anew.union(*(process.flow.downstream(name) for name in anew))
    category = StateCategory.OPEN if anew & state.done else state.state_category
    moved = replace(
        state,
        state_category=category,
        tokens=marking.tokens,
        is_finished=marking.is_finished,
        done=state.done - undone,
        data={name: values for name, values in state.data.items() if name not in anew},
    )
    return replace(moved, state_category=_category(process, moved))


def _standing_again(process: Process, state: RunState, to: str) -> RunState:
    marking = Marking(tokens_after_going_back(process, state.tokens, to), is_finished=False)
    reopened = replace(state, state_category=StateCategory.OPEN)
    return _moved(process, reopened, (), marking)


def _place_of(process: Process, state: RunState) -> tuple[bool, tuple[str, ...]]:
    return state.is_finished, progress(process, state).current


def _left_with(process: Process, step: str) -> tuple[Token, ...]:
    timers = (Token(timer.name) for timer in process.timers if timer.step == step)
    return (Token(step), *timers)


def _category_after(process: Process, state: RunState, step: str) -> StateCategory:
    """What a step leaves behind; closing is for the end of the process alone."""
    done = process.step(step)
    if done is None or done.state_after in (None, StateCategory.CLOSED):
        return state.state_category
    return done.state_after or state.state_category


def _category(process: Process, state: RunState) -> StateCategory:
    """Closed when finished; else what the current steps want, else as it was.

    A ticket is paused only while everything about it is.
    """
    if state.is_finished:
        return StateCategory.CLOSED
    current = [step for step in process.steps if Token(step.name) in state.tokens]
    wanted = {step.state_on_enter for step in current}
    if wanted == {StateCategory.PAUSED}:
        return StateCategory.PAUSED
    if StateCategory.OPEN in wanted or state.state_category is StateCategory.PAUSED:
        return StateCategory.OPEN
    return StateCategory.RESOLVED if StateCategory.RESOLVED in wanted else state.state_category


def _in_words(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ""
    return f"{value:.2f}".removesuffix(".00") if isinstance(value, float) else str(value)


def _label(process: Process, name: str) -> str:
    step = process.step(name)
    return step.label if step else name[:64]


def _same_version(process: Process, state: RunState) -> None:
    if (state.process_id, state.process_version) != (process.id, process.version):
        raise RunOfAnotherVersion(state, process)
