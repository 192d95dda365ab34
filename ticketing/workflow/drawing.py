"""Read a BPMN file that a stranger may have sent, without trusting it.

Source of the format: BPMN 2.0 (OMG formal/2011-01-03); `camunda:properties` as Camunda
Modeler writes them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from xml.etree import ElementTree

from ticketing.kernel.errors import HouseError
from ticketing.kernel.xml import XmlRefused, read_xml
from ticketing.workflow.flow import Flow

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
TIMER = f"{BPMN}timerEventDefinition"
MAX_BYTES = 512 * 1024
MAX_PROBLEM, MAX_PROBLEMS = 400, 100
FLOW_NODES = frozenset(
    {"startEvent", "endEvent", "userTask", "parallelGateway", "exclusiveGateway", "boundaryEvent"}
)


class ProcessInvalid(HouseError):
    """A BPMN file that is not, or not yet, a process we would run; `problems` says why."""

    status, code = 422, "process_invalid"

    def __init__(self, process: str, problems: list[str]) -> None:
        told = [problem[:MAX_PROBLEM] for problem in problems[:MAX_PROBLEMS]]
        name = process[:64]
        super().__init__(f"流程 {name} 不能使用：{'；'.join(told)}", process=name, problems=told)
        self.problems = told


@dataclass(frozen=True)
class Node:
    """One flow node of the file as drawn, nothing checked; `tag` is the BPMN element name.

    `default` is the id of a gateway's default flow; `attached_to`, `interrupting` and `after`
    (its timer's duration, as written) are a boundary event's.
    """

    id: str
    tag: str
    label: str
    properties: Mapping[str, str]
    default: str = ""
    attached_to: str = ""
    interrupting: bool = True
    after: str = ""


@dataclass(frozen=True)
class SequenceFlow:
    """An arrow of the file as drawn; `condition` is None where there is none."""

    id: str
    source: str
    target: str
    condition: str | None


@dataclass(frozen=True)
class Drawing:
    """What a BPMN file says, before anybody judged it. `xml` is its canonical form."""

    xml: str
    root: ElementTree.Element

    @property
    def version(self) -> str:
        """16 hex digits of the content's SHA-256; indentation and comments do not count."""
        return hashlib.sha256(self.xml.encode()).hexdigest()[:16]

    @cached_property
    def processes(self) -> tuple[ElementTree.Element, ...]:
        """The process elements of the file; we run files with exactly one."""
        return tuple(self.root.iter(f"{BPMN}process"))

    @property
    def process_id(self) -> str:
        """The id of the process, or "?" where there is none."""
        return next((process.get("id") or "?" for process in self.processes), "?")

    @property
    def about(self) -> str:
        """What the documentation of the process says; "" where there is none."""
        said = (process.findtext(f"{BPMN}documentation") for process in self.processes)
        return next((text.strip() for text in said if text), "")

    @cached_property
    def elements(self) -> tuple[ElementTree.Element, ...]:
        """Everything in the file below `definitions`, in its order."""
        return tuple(self.root.iter())[1:]

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The flow nodes in the file's order."""
        return tuple(
            _node(element)
            for element in self.elements
            if element.tag.removeprefix(BPMN) in FLOW_NODES
        )

    @cached_property
    def sequence_flows(self) -> tuple[SequenceFlow, ...]:
        """The arrows in the file's order; those to or from nothing are left out."""
        ids = {node.id for node in self.nodes}
        flows = (_flow(each) for each in self.elements if each.tag == f"{BPMN}sequenceFlow")
        return tuple(flow for flow in flows if {flow.source, flow.target} <= ids)

    @cached_property
    def flow(self) -> Flow:
        """The nodes as a graph; from a step a way leads to each event at its boundary."""
        after: dict[str, tuple[str, ...]] = {node.id: () for node in self.nodes}
        for flow in self.sequence_flows:
            after[flow.source] = (*after[flow.source], flow.target)
        for node in self.nodes:
            if node.attached_to in after:
                after[node.attached_to] = (*after[node.attached_to], node.id)
        return Flow(self.ids_of("startEvent"), after)

    @cached_property
    def branches(self) -> Flow:
        """The graph without choices: each exclusive gateway goes its default way."""
        after = {
            node: ways if self.defaults.get(node) not in ways else (self.defaults[node],)
            for node, ways in self.flow.after.items()
        }
        return Flow(self.flow.starts, after)

    @cached_property
    def defaults(self) -> Mapping[str, str]:
        """Gateway → the node behind its default flow."""
        wanted = {node.default for node in self.nodes if node.default}
        return {flow.source: flow.target for flow in self.sequence_flows if flow.id in wanted}

    def ids_of(self, tag: str) -> tuple[str, ...]:
        """The ids of all flow nodes of one kind."""
        return tuple(node.id for node in self.nodes if node.tag == tag)


def read_drawing(source: bytes) -> Drawing:
    """Parse a BPMN file; ProcessInvalid when it is too large, not UTF-8 XML, or has a DOCTYPE.

    Everything behind this door, the engine's parser included, sees only the canonical form
    made here.
    """
    try:
        read_xml(source, MAX_BYTES)
        xml = ElementTree.canonicalize(source.decode("utf-8-sig"), strip_text=True)
        root = ElementTree.fromstring(xml)
    except XmlRefused as error:
        raise ProcessInvalid("?", [error.reason]) from error
    except (ElementTree.ParseError, ValueError) as error:
        raise ProcessInvalid("?", ["文件不是完整的 XML"]) from error
    if root.tag != f"{BPMN}definitions":
        raise ProcessInvalid("?", ["文件不是 BPMN 2.0（缺少 definitions）"])
    return Drawing(xml, root)


def _node(element: ElementTree.Element) -> Node:
    return Node(
        id=element.get("id") or "",
        tag=element.tag.removeprefix(BPMN),
        label=(element.get("name") or "").strip(),
        properties=_properties(element),
        default=element.get("default") or "",
        attached_to=element.get("attachedToRef") or "",
        interrupting=element.get("cancelActivity", "true").lower() != "false",
        after=element.findtext(f"{TIMER}/{BPMN}timeDuration") or "",
    )


def _flow(element: ElementTree.Element) -> SequenceFlow:
    source, target = element.get("sourceRef") or "", element.get("targetRef") or ""
    condition = element.findtext(f"{BPMN}conditionExpression")
    return SequenceFlow(element.get("id") or "", source, target, condition)


def _properties(element: ElementTree.Element) -> dict[str, str]:
    path = f"{BPMN}extensionElements/{CAMUNDA}properties/{CAMUNDA}property"
    return {
        found.get("name", ""): (found.get("value") or "").strip() for found in element.findall(path)
    }
