"""Draw small processes for tests: as few words as possible around what a test is about."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"

Flows = Sequence[tuple[str, ...]]
"""Source, target and, where there is one, the condition; `"default"` marks the default flow."""


def step(
    name: str,
    *,
    label: str = "步骤",
    state: str = "open",
    role: str = "customer_service",
    **more: str,
) -> str:
    """A user task with its texts; `on_enter=""` and the like leave one out."""
    said = {"on_enter": "{ticket_no} 开始。", "on_done": "{ticket_no} 完成。"}
    texts = {f"customer_{key}": more.pop(key, text) for key, text in said.items()}
    properties = {**texts, "state_after": state, "role": role, **more}
    return (
        f"<bpmn:userTask id={quoteattr(name)} name={quoteattr(label)}>"
        f"{_properties(properties)}</bpmn:userTask>"
    )


def timer(
    name: str, at: str, after: str = "P1D", *, interrupting: bool = True, fire: str = ""
) -> str:
    """A timer at a step's boundary."""
    ends = "" if interrupting else ' cancelActivity="false"'
    said = _properties({"customer_on_fire": fire}) if fire else ""
    return (
        f'<bpmn:boundaryEvent id="{name}" name="定时" attachedToRef="{at}"{ends}>{said}'
        f'<bpmn:timerEventDefinition id="{name}_timer"><bpmn:timeDuration>{after}'
        "</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )


def choice(name: str, default: str = "") -> str:
    """An exclusive gateway; `default` is the node its default flow leads to."""
    ways = f' default="{name}_{default}"' if default else ""
    return f'<bpmn:exclusiveGateway id="{name}"{ways} />'


def parallel(*names: str) -> str:
    """Parallel gateways."""
    return "".join(f'<bpmn:parallelGateway id="{name}" />' for name in names)


def end(name: str, *, terminate: bool = False) -> str:
    """An end event."""
    inside = "<bpmn:terminateEventDefinition />" if terminate else ""
    return f'<bpmn:endEvent id="{name}">{inside}</bpmn:endEvent>'


def bpmn(body: str, flows: Flows, *, process: str = "p", executable: str = "true") -> bytes:
    """A whole file around a body of nodes."""
    lines = "".join(_flow(*flow) for flow in flows)
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
    flows = [("begin", "split"), ("join", "close"), ("close", "finish")]
    for branch in branches:
        flows += [("split", branch), (branch, "join")]
    return bpmn(framed(parallel("split", "join") + body), flows)


def loop(condition: str = 'ask.decision = "reject"') -> bytes:
    """Start, `draft`, `ask`, back to `draft` under a condition, else `close`, end."""
    body = step("draft") + step("ask") + choice("g", "close") + step("close", state="closed")
    flows = [("begin", "draft"), ("draft", "ask"), ("ask", "g"), ("g", "draft", condition)]
    return bpmn(framed(body), [*flows, ("g", "close"), ("close", "finish")])


def parallel_loop(back_to: str) -> bytes:
    """A gateway `merge`, parallel `a` and `b`, a join, `again`, and back when it is urgent."""
    body = parallel("split", "join") + "".join(map(step, ["a", "b", "again"]))
    body += choice("merge") + choice("g", "close") + step("close", state="closed")
    flows: list[tuple[str, ...]] = [("begin", "merge"), ("merge", "split"), ("split", "a")]
    flows += [("split", "b"), ("a", "join"), ("b", "join"), ("join", "again"), ("again", "g")]
    return bpmn(
        framed(body), [*flows, ("g", back_to, "urgent"), ("g", "close"), ("close", "finish")]
    )


def waiting(*, interrupting: bool = True, after: str = "P3D", terminate: bool = True) -> bytes:
    """Start, `ask` with a timer `silent` that leads to `remind`; `close`, end.

    An interrupting one goes on to `close` after that, another ends beside.
    """
    body = step("ask", waits_for="customer", state_on_enter="paused") + step("remind")
    body += timer("silent", "ask", after, interrupting=interrupting, fire="{ticket_no} 久等。")
    body += step("close", state="closed") + end("aside")
    flows = [("begin", "ask"), ("ask", "close"), ("silent", "remind"), ("close", "finish")]
    flows.append(("remind", "close") if interrupting else ("remind", "aside"))
    body = body.replace(end("aside"), "") if interrupting else body
    begin = '<bpmn:startEvent id="begin" />'
    return bpmn(begin + body + end("finish", terminate=terminate), flows)


def framed(body: str) -> str:
    """A body with a start event `begin` and an end event `finish`."""
    return f'<bpmn:startEvent id="begin" />{body}{end("finish")}'


def _flow(source: str, target: str, condition: str = "") -> str:
    inside = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>"
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inside if condition else ''}</bpmn:sequenceFlow>"
    )


def _properties(properties: dict[str, str]) -> str:
    inside = "".join(
        f"<camunda:property name={quoteattr(key)} value={quoteattr(value)} />"
        for key, value in properties.items()
    )
    return (
        "<bpmn:extensionElements><camunda:properties>"
        f"{inside}</camunda:properties></bpmn:extensionElements>"
    )
