"""From the bytes of a BPMN file to a Process that may be run."""

from __future__ import annotations

from functools import lru_cache

from ticketing.workflow.checks import ON_DONE, ON_ENTER, ON_FIRE, problems_of
from ticketing.workflow.drawing import Drawing, Node, ProcessInvalid, read_drawing
from ticketing.workflow.durations import read_duration
from ticketing.workflow.process import Process, StateCategory, Step, Timer
from ticketing.workflow.translation import translate


@lru_cache(maxsize=512)
def load_process(source: bytes) -> Process:
    """Read, check and translate a BPMN file; ProcessInvalid with every problem found.

    Remembered per content, so that loading a process a second time costs nothing. Whether the
    process is fit to be used for new tickets is for `trial.judge` to say: versions of earlier
    releases are held to less.
    """
    drawing = read_drawing(source)
    if problems := problems_of(drawing):
        raise ProcessInvalid(drawing.process_id, problems)
    steps = _steps(drawing)
    return Process(
        id=drawing.process_id,
        name=drawing.processes[0].get("name") or drawing.process_id,
        version=drawing.version,
        steps=steps,
        timers=_timers(drawing),
        about=drawing.about,
        source=source,
        flow=drawing.flow,
        joins=_joins(drawing),
        main_way=_main_way(drawing, frozenset(step.name for step in steps)),
        spec=translate(drawing),
    )


def _steps(drawing: Drawing) -> tuple[Step, ...]:
    drawn = {node.id: node for node in drawing.nodes if node.tag == "userTask"}
    return tuple(_step(drawn[name]) for name in drawing.flow.order if name in drawn)


def _step(node: Node) -> Step:
    said = {key: value for key, value in node.properties.items() if value}
    allowed = said.get("time_allowed")
    return Step(
        name=node.id,
        label=node.label,
        on_enter=said.get(ON_ENTER, ""),
        on_done=said.get(ON_DONE, ""),
        state_after=_category(said.get("state_after")),
        role=said.get("role", "customer_service"),
        queue=said.get("queue"),
        form=said.get("form"),
        allowed=read_duration(allowed) if allowed else None,
        waits_for=said.get("waits_for"),
        state_on_enter=_category(said.get("state_on_enter")),
        skill=said.get("skill"),
    )


def _category(name: str | None) -> StateCategory | None:
    return StateCategory(name) if name else None


def _timers(drawing: Drawing) -> tuple[Timer, ...]:
    events = {node.id: node for node in drawing.nodes if node.tag == "boundaryEvent"}
    return tuple(
        Timer(
            name=name,
            step=events[name].attached_to,
            after=read_duration(events[name].after),
            interrupting=events[name].interrupting,
            label=events[name].label,
            on_fire=events[name].properties.get(ON_FIRE, ""),
        )
        for name in drawing.flow.order
        if name in events
    )


def _joins(drawing: Drawing) -> frozenset[str]:
    gateways = drawing.ids_of("parallelGateway")
    return frozenset(name for name in gateways if len(drawing.flow.before[name]) > 1)


def _main_way(drawing: Drawing, steps: frozenset[str]) -> dict[str, frozenset[str]]:
    timers = frozenset(drawing.ids_of("boundaryEvent"))
    flow, defaults = drawing.flow, drawing.defaults
    return {name: flow.main_way(name, defaults, aside=timers) & steps for name in steps}
