"""From a drawing to the engine's own form of it, leaving behind what the engine must not see."""

from __future__ import annotations

from functools import cache
from typing import Any
from xml.etree import ElementTree

from SpiffWorkflow.bpmn.parser import BpmnParser, BpmnValidator
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from ticketing.workflow.drawing import BPMN, TIMER, Drawing, ProcessInvalid

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_UNSEEN = frozenset({_DI, f"{BPMN}extensionElements", f"{BPMN}documentation"})


def translate(drawing: Drawing) -> Any:
    """Return the engine's specification; ProcessInvalid when the file breaks BPMN's schema.

    The engine sees no clock: each timer becomes a signal named after its event, and it is us
    who send it. Nor does it see the picture, by whose heights it would order conditions.
    """
    parser = BpmnParser(validator=_bpmn_schema())
    try:
        parser.add_bpmn_str(_without_clock(drawing))
        spec = parser.get_spec(drawing.process_id)
    except (ValidationException, SyntaxError) as error:
        raise ProcessInvalid(drawing.process_id, [f"不符合 BPMN 2.0：{error}"]) from error
    return spec


@cache
def _bpmn_schema() -> Any:
    return BpmnValidator()


def _without_clock(drawing: Drawing) -> bytes:
    root = ElementTree.fromstring(drawing.xml)
    for parent in list(root.iter()):
        for child in [each for each in parent if each.tag in _UNSEEN]:
            parent.remove(child)
        parent.attrib.pop(_TYPE, None)
    for event in list(root.iter(f"{BPMN}boundaryEvent")):
        for timer in event.findall(TIMER):
            signal = f"signal.{event.get('id')}"
            event.remove(timer)
            ElementTree.SubElement(event, f"{BPMN}signalEventDefinition", signalRef=signal)
            ElementTree.SubElement(root, f"{BPMN}signal", id=signal, name=signal)
    return bytes(ElementTree.tostring(root, "utf-8"))
