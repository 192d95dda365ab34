"""Whether a process is fit to be used for new tickets: walked in the engine, every way there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from SpiffWorkflow.exceptions import SpiffWorkflowException

from ticketing.workflow import snapshot
from ticketing.workflow.checks import first_problems
from ticketing.workflow.drawing import Drawing, ProcessInvalid, read_drawing
from ticketing.workflow.fitness import KnownForms, fitness_floors
from ticketing.workflow.loading import load_process
from ticketing.workflow.process import Process
from ticketing.workflow.snapshot import Marking

MAX_MARKINGS, MAX_OUTCOMES = 300, 64

_TOO_MANY = f"流程的走法超过 {MAX_MARKINGS} 种，请拆小"


def judge(source: bytes, forms: KnownForms | None = None) -> Process:
    """Return the process if new tickets may follow it; ProcessInvalid with what speaks against.

    `forms` are the known forms with their fields; nothing is asked of forms without.
    """
    process = load_process(source)
    drawing = read_drawing(source)
    problems = first_problems(fitness_floors(forms), drawing) or _walked(drawing, process)
    if problems:
        raise ProcessInvalid(process.id, problems)
    return process


def _walked(drawing: Drawing, process: Process) -> list[str]:
    try:
        return list(_Walk(process, _beside(drawing)).problems())
    except _TooManyOutcomes:
        return [_TOO_MANY]
    except (SpiffWorkflowException, AttributeError, KeyError) as error:
        return [f"流程试运行中断（{type(error).__name__}）"]


def _beside(drawing: Drawing) -> frozenset[str]:
    """The nodes that only timers which end nothing lead to: beside the main line."""
    timers = (node for node in drawing.nodes if node.tag == "boundaryEvent")
    quiet = frozenset(node.id for node in timers if not node.interrupting)
    (start,) = drawing.flow.starts
    everything = frozenset(drawing.flow.order) - {start}
    return everything - drawing.flow.reached_without(start, quiet)


class _TooManyOutcomes(Exception):
    """More gateways stand in a row than we would try."""


class _Guess:
    """Answers the conditions of one walk: first as told, then with no; remembers what it said."""

    def __init__(self, told: tuple[bool, ...]) -> None:
        self._told = told
        self.said: tuple[bool, ...] = ()

    def evaluate(self, _task: Any, _condition: str, **_context: Any) -> bool:
        place = len(self.said)
        self.said = (*self.said, self._told[place] if place < len(self._told) else False)
        return self.said[-1]


class _Walk:
    """All markings a process can come to, and which leads to which."""

    def __init__(self, process: Process, beside: frozenset[str]) -> None:
        self._process = process
        self._beside = beside
        self._steps = frozenset(step.name for step in process.steps)
        self._before: dict[Marking, set[Marking]] = {}

    def problems(self) -> Iterator[str]:
        """Walk every way, and yield what is wrong with where it leads."""
        edge = list(_outcomes(partial(snapshot.begin, self._process.spec)))
        self._before = {marking: set() for marking in edge}
        while edge and len(self._before) <= MAX_MARKINGS:
            here = edge.pop()
            for after in self._after(here):
                if after not in self._before:
                    edge.append(after)
                self._before.setdefault(after, set()).add(here)
        if edge:
            yield _TOO_MANY
            return
        yield from self._meeting_badly()
        yield from self._stuck() or self._never_reached()

    def _after(self, here: Marking) -> Iterator[Marking]:
        for token in here.tokens:
            if not token.came_from:
                act = snapshot.finish_step if token.node in self._steps else snapshot.fire_timer
                yield from _outcomes(partial(act, self._process.spec, here.tokens, token.node))

    def _meeting_badly(self) -> Iterator[str]:
        for name in sorted(frozenset().union(*(each.twice for each in self._before))):
            if name not in self._beside:
                yield f"「{self._called(name)}」会被并行的分支重复走到，请先用并行网关汇合"

    def _stuck(self) -> list[str]:
        """Name the place no way on leads from, else a circle no way leads out of."""
        safe: set[Marking] = set()
        edge = [marking for marking in self._before if marking.is_finished]
        while edge:
            here = edge.pop()
            if here not in safe:
                safe.add(here)
                edge.extend(self._before[here])
        stuck = sorted(self._before.keys() - safe, key=lambda each: (_is_alive(each), each))
        return [f"走到「{self._where(marking)}」之后流程到不了结束事件" for marking in stuck[:1]]

    def _where(self, marking: Marking) -> str:
        return "、".join(self._called(token.node) for token in marking.tokens)

    def _never_reached(self) -> list[str]:
        stood = {token.node for marking in self._before for token in marking.tokens}
        names = sorted(self._steps - stood)
        return [f"步骤「{self._called(name)}」永远不会轮到" for name in names]

    def _called(self, name: str) -> str:
        step = self._process.step(name)
        return step.label if step else name


def _outcomes(act: Callable[[_Guess], Marking]) -> Iterator[Marking]:
    """Yield where an act leads, for every way its conditions can turn out."""
    ways: list[tuple[bool, ...]] = [()]
    for _ in range(MAX_OUTCOMES):
        if not ways:
            return
        told = ways.pop()
        guess = _Guess(told)
        yield act(guess)
        ways += [(*guess.said[:place], True) for place in range(len(told), len(guess.said))]
    raise _TooManyOutcomes


def _is_alive(marking: Marking) -> bool:
    return any(not token.came_from for token in marking.tokens)
