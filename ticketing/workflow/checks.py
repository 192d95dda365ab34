"""What must hold of a drawing before we run it: one small check per promise, one table of them.

Every check takes a drawing and yields the problems it finds, in Chinese, for the person
who drew it. Checks lower in the table may rely on those above them having found nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ticketing.workflow.drawing import BPMN, CAMUNDA, FLOW_NODES, Drawing, Node
from ticketing.workflow.process import StateCategory, unknown_placeholders

ON_ENTER, ON_DONE, STATE_AFTER = "customer_on_enter", "customer_on_done", "state_after"
MAX_NODES, MAX_WAYS, MAX_LABEL, MAX_TEXT = 100, 64, 20, 200

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
_TAKEN_BY_ENGINE = frozenset({"Start", "End"})
_CONDITIONAL = frozenset(
    {"exclusiveGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"}
)
_CODE = frozenset(
    {"scriptTask", "script", "conditionExpression", "formalExpression", "serviceTask"}
    | {"businessRuleTask", "sendTask", "callActivity"}
)
_ALLOWED_BPMN = frozenset(
    FLOW_NODES
    | {"sequenceFlow", "incoming", "outgoing", "documentation", "extensionElements"}
    | {"laneSet", "lane", "flowNodeRef", "textAnnotation", "text", "association", "group"}
    | {"process", "collaboration", "participant"}
)
_ALLOWED_CAMUNDA = frozenset({"properties", "property"})


def problems_of(drawing: Drawing) -> list[str]:
    """Everything wrong with a drawing, of the first floor of checks that finds something."""
    for floor in FLOORS:
        problems = [problem for check in floor for problem in check(drawing)]
        if problems:
            return problems
    return []


def one_executable_process(drawing: Drawing) -> Iterator[str]:
    """A file holds one process, and it is meant to run."""
    if len(drawing.processes) != 1:
        yield f"文件应有且只有一个流程，现有 {len(drawing.processes)} 个"
        return
    if drawing.processes[0].get("isExecutable") != "true":
        yield "流程未标记为可执行（isExecutable）"
    if not _NAME.fullmatch(drawing.process_id):
        yield f"流程编号「{drawing.process_id}」应由小写字母、数字和下划线组成"


def nothing_but_known_elements(drawing: Drawing) -> Iterator[str]:
    """No code, and nothing whose meaning we would have to guess."""
    for element in drawing.elements:
        namespace, _, tag = element.tag.rpartition("}")
        where = element.get("id") or tag
        if f"{namespace}}}" == BPMN and tag in _CODE:
            yield f"「{where}」含有脚本或表达式（{tag}），流程中不能有代码"
        elif f"{namespace}}}" == BPMN and tag in _CONDITIONAL:
            yield f"网关「{where}」按条件分支（{tag}），流程中不能有条件表达式"
        elif f"{namespace}}}" == BPMN and tag not in _ALLOWED_BPMN:
            yield f"「{where}」的类型 {tag} 不支持"
        elif f"{namespace}}}" == CAMUNDA and tag not in _ALLOWED_CAMUNDA:
            yield f"扩展 camunda:{tag} 不支持"


def of_moderate_size(drawing: Drawing) -> Iterator[str]:
    """A process a person can read."""
    if len(drawing.nodes) > MAX_NODES:
        yield f"流程有 {len(drawing.nodes)} 个节点，最多 {MAX_NODES} 个"


def every_node_has_its_own_id(drawing: Drawing) -> Iterator[str]:
    """Ids are the step names of the API, and must not collide with the engine's own."""
    ids = [node.id for node in drawing.nodes]
    if len(set(ids)) != len(ids) or "" in ids:
        yield "有节点缺少编号或编号重复"
    for node in drawing.nodes:
        if node.id in _TAKEN_BY_ENGINE or "." in node.id:
            yield f"编号「{node.id}」是保留字"
        if node.tag == "userTask" and not _NAME.fullmatch(node.id):
            yield f"步骤编号「{node.id}」应由小写字母、数字和下划线组成"


def has_start_steps_and_end(drawing: Drawing) -> Iterator[str]:
    """One way in, something to do, a way out."""
    if len(drawing.ids_of("startEvent")) != 1:
        yield "流程应有且只有一个开始事件"
    if not drawing.ids_of("endEvent"):
        yield "流程没有结束事件"
    if not drawing.ids_of("userTask"):
        yield "流程没有任何步骤"


def branches_open_and_meet_at_parallel_gateways(drawing: Drawing) -> Iterator[str]:
    """Conditions would be code, and elsewhere two branches meeting would do a step twice."""
    followers = [after for node in drawing.nodes for after in drawing.flow.after[node.id]]
    for node in drawing.nodes:
        branches = len(drawing.flow.after[node.id])
        if node.tag != "parallelGateway" and branches > 1:
            yield f"「{_called(node)}」有 {branches} 条出路，分支请用并行网关"
        if node.tag in {"userTask", "startEvent"} and followers.count(node.id) > 1:
            yield f"「{_called(node)}」有多条来路，汇合请用并行网关"


def few_branches_and_no_way_back(drawing: Drawing) -> Iterator[str]:
    """The engine's own form doubles with every branching; a loop without a condition never ends."""
    if drawing.flow.ways > MAX_WAYS:
        yield f"流程的分支组合超过 {MAX_WAYS} 种"
    for node in drawing.flow.order:
        if drawing.flow.forward[node] != drawing.flow.after[node]:
            yield f"从「{node}」有回到前面的路，流程会无休止"


def every_node_is_on_a_way_to_the_end(drawing: Drawing) -> Iterator[str]:
    """Nothing is left over, and no ticket can get stuck."""
    reachable = frozenset(drawing.flow.order)
    safe = drawing.flow.leading_to(drawing.ids_of("endEvent"))
    for node in drawing.nodes:
        if node.id not in reachable:
            yield f"「{_called(node)}」从开始事件无法到达"
        elif node.id not in safe:
            yield f"从「{_called(node)}」无法到达结束事件"


def every_step_speaks_to_the_customer(drawing: Drawing) -> Iterator[str]:
    """A label for people, and two texts the customer reads."""
    for node in _steps(drawing):
        if not 0 < len(node.label) <= MAX_LABEL:
            yield f"步骤「{node.id}」缺少名称，或名称超过 {MAX_LABEL} 字"
        for key in (ON_ENTER, ON_DONE):
            text = node.properties.get(key, "")
            if not 0 < len(text) <= MAX_TEXT:
                yield f"步骤「{node.id}」缺少告知客户的话 {key}，或超过 {MAX_TEXT} 字"
            if unknown := unknown_placeholders(text):
                yield f"步骤「{node.id}」的 {key} 中有不认识的占位符：{'、'.join(unknown)}"


def only_the_last_step_closes(drawing: Drawing) -> Iterator[str]:
    """A ticket is closed exactly when its process is over."""
    names = frozenset(step.id for step in _steps(drawing))
    known = {category.value for category in StateCategory}
    for node in _steps(drawing):
        state = node.properties.get(STATE_AFTER, "")
        closing = not drawing.flow.next_among(node.id, names)
        if state not in known:
            yield f"步骤「{node.id}」的 {STATE_AFTER} 应为 {'、'.join(sorted(known))} 之一"
        elif closing and state != StateCategory.CLOSED:
            yield f"最后一步「{node.id}」完成后，工单应为 closed"
        elif not closing and state == StateCategory.CLOSED:
            yield f"步骤「{node.id}」之后还有步骤，工单不应为 closed"


FLOORS: tuple[tuple[Callable[[Drawing], Iterator[str]], ...], ...] = (
    (one_executable_process, nothing_but_known_elements),
    (of_moderate_size, every_node_has_its_own_id, has_start_steps_and_end),
    (branches_open_and_meet_at_parallel_gateways, every_node_is_on_a_way_to_the_end),
    (few_branches_and_no_way_back,),
    (every_step_speaks_to_the_customer, only_the_last_step_closes),
)


def _steps(drawing: Drawing) -> list[Node]:
    return [node for node in drawing.nodes if node.tag == "userTask"]


def _called(node: Node) -> str:
    return node.label or node.id
