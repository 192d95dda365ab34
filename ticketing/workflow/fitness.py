"""What must hold of a drawing before new tickets follow it, beyond being runnable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ticketing.expressions.service import compile_expression
from ticketing.workflow.checks import Check, called
from ticketing.workflow.drawing import Drawing, Node
from ticketing.workflow.process import ROLES, WAITS_FOR

KnownForms = Mapping[str, frozenset[str]]
"""Form name → the keys of its fields."""

FACTS = frozenset(
    {"intent", "kind", "severity", "priority", "urgent", "vip", "red_flag", "role", "state"}
    | {"carrier_code", "region", "channel", "mood", "declared_value", "insured_value", "fee"}
    | {"loss_ratio", "amount", "item", "perishable", "fragile", "queue", "approval_role", "cap"}
)
"""What conditions may know of a ticket, by plain name: what tickets tell a process, no more.

`approval_role` and `cap` are known where the step before was done with an amount.
"""

MAX_NAME = 40
_PROPERTIES = frozenset(
    {"customer_on_enter", "customer_on_done", "state_after", "state_on_enter", "time_allowed"}
    | {"role", "queue", "skill", "form", "waits_for"}
)


def fitness_floors(forms: KnownForms | None) -> tuple[tuple[Check, ...], ...]:
    """Return the checks, floor by floor; `forms` None when nobody knows which there are."""
    with_forms: tuple[Check, ...] = ()
    if forms is not None:
        with_forms = (
            lambda drawing: forms_are_known(drawing, forms),
            lambda drawing: fields_are_known(drawing, forms),
        )
    plain = (
        steps_say_who_does_them,
        properties_mean_something,
        times_are_working_hours,
        conditions_know_their_names,
    )
    return ((*plain, *with_forms),)


def steps_say_who_does_them(drawing: Drawing) -> Iterator[str]:
    """A department we know, and a form where it is the customer who answers."""
    for node in _steps(drawing):
        role, waits_for = node.properties.get("role", ""), node.properties.get("waits_for", "")
        if role not in ROLES:
            yield f"步骤「{called(node)}」没有写明办理部门 role（{'、'.join(ROLES)}）"
        if waits_for and waits_for not in WAITS_FOR:
            yield f"步骤「{called(node)}」的 waits_for 应为 {'、'.join(sorted(WAITS_FOR))}"
        if role == "customer" and not node.properties.get("form"):
            yield f"步骤「{called(node)}」由客户办理，需要表单 form"


def times_are_working_hours(drawing: Drawing) -> Iterator[str]:
    """The time a step has is written in hours: a day would count 24 of them, about three days."""
    for node in _steps(drawing):
        if "D" in (allowed := node.properties.get("time_allowed", "")) or "W" in allowed:
            yield (
                f"步骤「{called(node)}」的 time_allowed 按工作时间计，请写小时，"
                f"例如 PT14H，不要写 {allowed[:MAX_NAME]}"
            )


def properties_mean_something(drawing: Drawing) -> Iterator[str]:
    """No misspelt property, no endless name, no step that conditions take for a fact."""
    for node in _steps(drawing):
        for name in sorted(node.properties.keys() - _PROPERTIES):
            yield f"步骤「{called(node)}」的属性 {name[:MAX_NAME]} 没有含义"
        if node.id in FACTS:
            yield f"步骤编号「{node.id}」与工单事实同名，条件会分不清"
        for name in ("queue", "skill", "form"):
            if len(node.properties.get(name, "")) > MAX_NAME:
                yield f"步骤「{called(node)}」的 {name} 超过 {MAX_NAME} 字"


def forms_are_known(drawing: Drawing, forms: KnownForms) -> Iterator[str]:
    """A step is done with a form there is."""
    for node in _steps(drawing):
        form = node.properties.get("form")
        if form and form not in forms:
            yield f"步骤「{called(node)}」的表单 {form} 不存在"


def conditions_know_their_names(drawing: Drawing) -> Iterator[str]:
    """A condition asks for facts of the ticket, or for what a step before it was done with."""
    for flow_id, gateway, names in _asked(drawing):
        before = drawing.flow.leading_to([gateway])
        for name in names:
            step, _, field = name.partition(".")
            if field and step in drawing.ids_of("userTask"):
                if step not in before:
                    yield f"流向「{flow_id}」的条件用到 {name}，但步骤「{step}」不在它之前"
            elif name not in FACTS:
                yield f"流向「{flow_id}」的条件用到不认识的 {name}"


def fields_are_known(drawing: Drawing, forms: KnownForms) -> Iterator[str]:
    """A condition asks for a field the step's form has."""
    form_of = {node.id: node.properties.get("form", "") for node in _steps(drawing)}
    for flow_id, _, names in _asked(drawing):
        for name in names:
            step, _, field = name.partition(".")
            if form_of.get(step) in forms and field not in forms[form_of[step]]:
                yield f"流向「{flow_id}」的条件用到 {name}，但表单 {form_of[step]} 没有这一项"


def _asked(drawing: Drawing) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the id of each condition's flow, its gateway and the names it asks for."""
    for flow in drawing.sequence_flows:
        if flow.condition is not None:
            names = compile_expression(flow.condition.strip()).names
            yield flow.id, flow.source, sorted(names)


def _steps(drawing: Drawing) -> Iterator[Node]:
    return (node for node in drawing.nodes if node.tag == "userTask")
