"""Draw small processes for tests: as few words as possible around what a test is about."""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import quoteattr

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"

Flows = list[tuple[str, str]]


def step(name: str, *, label: str = "步骤", state: str = "open", **texts: str) -> str:
    """A user task with its texts; `on_enter=""` and the like leave one out."""
    said = {"on_enter": "{ticket_no} 开始", "on_done": "{ticket_no} 完成", **texts}
    properties = {f"customer_{key}": text for key, text in said.items()} | {"state_after": state}
    inside = "".join(
        f"<camunda:property name={quoteattr(key)} value={quoteattr(value)} />"
        for key, value in properties.items()
    )
    return (
        f"<bpmn:userTask id={quoteattr(name)} name={quoteattr(label)}><bpmn:extensionElements>"
        f"<camunda:properties>{inside}</camunda:properties>"
        "</bpmn:extensionElements></bpmn:userTask>"
    )


def bpmn(body: str, flows: Flows, *, process: str = "p", executable: str = "true") -> bytes:
    """A whole file around a body of nodes."""
    lines = "".join(
        f'<bpmn:sequenceFlow id="flow_{index}" sourceRef="{source}" targetRef="{target}" />'
        for index, (source, target) in enumerate(flows)
    )
    return (
        f'<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:camunda="{CAMUNDA}" id="d" '
        f'targetNamespace="t"><bpmn:process id="{process}" isExecutable="{executable}">'
        f"{body}{lines}</bpmn:process></bpmn:definitions>"
    ).encode()


def line(*steps: str, process: str = "p") -> bytes:
    """Start, some open steps one after the other, `close`, end."""
    nodes = ["begin", *steps, "close", "finish"]
    body = "".join(map(step, steps)) + step("close", state="closed")
    return bpmn(framed(body), list(pairwise(nodes)), process=process)


def fork(*branches: str) -> bytes:
    """Start, parallel steps, a join, `close`, end."""
    body = "".join(map(step, branches)) + step("close", state="closed")
    gateways = '<bpmn:parallelGateway id="split" /><bpmn:parallelGateway id="join" />'
    flows = [("begin", "split"), ("join", "close"), ("close", "finish")]
    for branch in branches:
        flows += [("split", branch), (branch, "join")]
    return bpmn(framed(gateways + body), flows)


def framed(body: str) -> str:
    """A body with a start event `begin` and an end event `finish`."""
    return f'<bpmn:startEvent id="begin" />{body}<bpmn:endEvent id="finish" />'
