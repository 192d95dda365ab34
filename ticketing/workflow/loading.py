"""From the bytes of a BPMN file to a Process that may be run."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser, BpmnValidator
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from ticketing.workflow.checks import ON_DONE, ON_ENTER, STATE_AFTER, problems_of
from ticketing.workflow.drawing import Drawing, ProcessInvalid, read_drawing
from ticketing.workflow.process import Process, StateCategory, Step
from ticketing.workflow.snapshot import new_run


@lru_cache(maxsize=512)
def load_process(source: bytes) -> Process:
    """Read, check and translate a BPMN file; ProcessInvalid with every problem found.

    Remembered per content, so that loading a process a second time costs nothing.
    """
    drawing = read_drawing(source)
    if problems := problems_of(drawing):
        raise ProcessInvalid(drawing.process_id, problems)
    spec = _translate(drawing)
    steps = _steps(drawing)
    _walk_to_the_end(spec, drawing.process_id, len(steps))
    names = frozenset(step.name for step in steps)
    return Process(
        id=drawing.process_id,
        name=drawing.processes[0].get("name") or drawing.process_id,
        version=drawing.version,
        steps=steps,
        source=source,
        downstream={name: drawing.flow.downstream(name) & names for name in names},
        spec=spec,
    )


@cache
def _bpmn_schema() -> Any:
    return BpmnValidator()


def _translate(drawing: Drawing) -> Any:
    parser = BpmnParser(validator=_bpmn_schema())
    try:
        parser.add_bpmn_str(drawing.xml)
        return parser.get_spec(drawing.process_id)
    except (ValidationException, SyntaxError) as error:
        raise ProcessInvalid(drawing.process_id, [f"不符合 BPMN 2.0：{error}"]) from error


def _steps(drawing: Drawing) -> tuple[Step, ...]:
    drawn = {node.id: node for node in drawing.nodes if node.tag == "userTask"}
    return tuple(
        Step(
            name=name,
            label=drawn[name].label,
            on_enter=drawn[name].properties[ON_ENTER],
            on_done=drawn[name].properties[ON_DONE],
            state_after=StateCategory(drawn[name].properties[STATE_AFTER]),
        )
        for name in drawing.flow.order
        if name in drawn
    )


def _walk_to_the_end(spec: Any, process_id: str, steps: int) -> None:
    """Try the process once in the engine: that we can read a file does not prove that it can."""
    try:
        run = new_run(spec)
        for _ in range(steps):
            run.get_next_task(state=TaskState.READY, manual=True).run()
            run.do_engine_steps()
    except (SpiffWorkflowException, AttributeError) as error:
        raise ProcessInvalid(process_id, ["流程试运行中断"]) from error
    if not run.is_completed():
        raise ProcessInvalid(process_id, ["流程试运行没有到达结束事件"])
