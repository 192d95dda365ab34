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
from ticketing.workflow.flow import Flow

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
MAX_BYTES = 512 * 1024
MAX_DEPTH = 32
FLOW_NODES = frozenset({"startEvent", "endEvent", "userTask", "parallelGateway"})


class ProcessInvalid(HouseError):
    """A BPMN file that is not, or not yet, a process we would run; `problems` says why."""

    status, code = 422, "process_invalid"

    def __init__(self, process: str, problems: list[str]) -> None:
        super().__init__(
            f"流程 {process} 不能使用：{'；'.join(problems)}", process=process, problems=problems
        )
        self.problems = problems


@dataclass(frozen=True)
class Node:
    """One flow node of the file as drawn, nothing checked; `tag` is the BPMN element name."""

    id: str
    tag: str
    label: str
    properties: Mapping[str, str]


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

    @cached_property
    def elements(self) -> tuple[ElementTree.Element, ...]:
        """Everything in the file below `definitions`, in its order."""
        return tuple(self.root.iter())[1:]

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The flow nodes in the file's order."""
        return tuple(
            Node(
                id=element.get("id") or "",
                tag=element.tag.removeprefix(BPMN),
                label=(element.get("name") or "").strip(),
                properties=_properties(element),
            )
            for element in self.elements
            if element.tag.removeprefix(BPMN) in FLOW_NODES
        )

    @cached_property
    def flow(self) -> Flow:
        """The nodes as a graph; flows to or from nothing are left out."""
        after: dict[str, tuple[str, ...]] = {node.id: () for node in self.nodes}
        for element in self.elements:
            source, target = element.get("sourceRef", ""), element.get("targetRef", "")
            if element.tag == f"{BPMN}sequenceFlow" and source in after and target in after:
                after[source] = (*after[source], target)
        return Flow(self.ids_of("startEvent"), after)

    def ids_of(self, tag: str) -> tuple[str, ...]:
        """The ids of all flow nodes of one kind."""
        return tuple(node.id for node in self.nodes if node.tag == tag)


def read_drawing(source: bytes) -> Drawing:
    """Parse a BPMN file; ProcessInvalid when it is too large, not UTF-8 XML, or has a DOCTYPE.

    Without a DOCTYPE there are no entities to expand or fetch. Everything behind this
    door, the engine's parser included, sees only the canonical form made here.
    """
    if len(source) > MAX_BYTES:
        raise ProcessInvalid("?", [f"文件超过 {MAX_BYTES // 1024} KB"])
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProcessInvalid("?", ["文件不是 UTF-8 编码"]) from error
    if "<!DOCTYPE" in text:
        raise ProcessInvalid("?", ["文件不能含有 DOCTYPE（实体声明）"])
    try:
        ElementTree.XMLParser(target=_Shallow()).feed(text)
        xml = ElementTree.canonicalize(text, strip_text=True)
        root = ElementTree.fromstring(xml)
    except (ElementTree.ParseError, ValueError) as error:
        raise ProcessInvalid("?", ["文件不是完整的 XML"]) from error
    if root.tag != f"{BPMN}definitions":
        raise ProcessInvalid("?", ["文件不是 BPMN 2.0（缺少 definitions）"])
    return Drawing(xml, root)


class _Shallow:
    """Stops a parser that goes too deep: canonicalising takes the square of the depth."""

    def __init__(self) -> None:
        self.depth = 0

    def start(self, _tag: str, _attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ProcessInvalid("?", [f"文件嵌套超过 {MAX_DEPTH} 层"])

    def end(self, _tag: str) -> None:
        self.depth -= 1


def _properties(element: ElementTree.Element) -> dict[str, str]:
    path = f"{BPMN}extensionElements/{CAMUNDA}properties/{CAMUNDA}property"
    return {
        found.get("name", ""): (found.get("value") or "").strip() for found in element.findall(path)
    }
