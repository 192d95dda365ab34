"""What must hold of a drawing before we run it: one small check per promise, tables of them.

Every check takes a drawing and yields the problems it finds, in Chinese, for the person
who drew it. Checks lower in a table may rely on those above them having found nothing.
What must hold of one that is to be used for new tickets as well is in `fitness`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from ticketing.expressions.service import ExpressionRefused, compile_expression
from ticketing.workflow.drawing import BPMN, CAMUNDA, FLOW_NODES, Drawing, Node
from ticketing.workflow.durations import read_duration
from ticketing.workflow.process import StateCategory, unknown_placeholders

ON_ENTER, ON_DONE, ON_FIRE = "customer_on_enter", "customer_on_done", "customer_on_fire"
STATE_AFTER, STATE_ON_ENTER = "state_after", "state_on_enter"
MAX_NODES, MAX_WAYS, MAX_LABEL, MAX_TEXT = 100, 12, 20, 200
MAX_ABOUT = 500

Check = Callable[[Drawing], Iterator[str]]

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_TAKEN_BY_ENGINE = frozenset({"Start", "End"})
_CODE = frozenset(
    {"scriptTask", "script", "serviceTask", "businessRuleTask", "sendTask", "callActivity"}
)
_ALLOWED_BPMN = frozenset(
    FLOW_NODES
    | {"sequenceFlow", "incoming", "outgoing", "documentation", "extensionElements"}
    | {"conditionExpression", "timerEventDefinition", "timeDuration", "terminateEventDefinition"}
    | {"laneSet", "lane", "flowNodeRef", "textAnnotation", "text", "association", "group"}
    | {"process", "collaboration", "participant"}
)
_ALLOWED_CAMUNDA = frozenset({"properties", "property"})
_AFTER = frozenset({StateCategory.OPEN, StateCategory.RESOLVED, StateCategory.CLOSED})
_ON_ENTER = frozenset({StateCategory.OPEN, StateCategory.PAUSED, StateCategory.RESOLVED})


def problems_of(drawing: Drawing) -> list[str]:
    """Everything wrong with a drawing, of the first floor of checks that finds something."""
    return first_problems(FLOORS, drawing)


def first_problems(floors: Iterable[Iterable[Check]], drawing: Drawing) -> list[str]:
    """The problems found by the first floor that finds any."""
    for floor in floors:
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
        yield f"流程编号「{drawing.process_id[:64]}」应由小写字母、数字和下划线组成，不超过 40 个"
    if len(drawing.about) > MAX_ABOUT:
        yield f"流程说明超过 {MAX_ABOUT} 字"


def nothing_but_known_elements(drawing: Drawing) -> Iterator[str]:
    """No code, and nothing whose meaning we would have to guess."""
    for element in drawing.elements:
        namespace, _, tag = element.tag.rpartition("}")
        where = element.get("id") or tag
        if f"{namespace}}}" == BPMN and tag in _CODE:
            yield f"「{where}」含有脚本或外部调用（{tag}），流程中不能有代码"
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
    ids = [element.get("id") for element in drawing.elements if element.get("id")]
    if len(set(ids)) != len(ids) or any(not node.id for node in drawing.nodes):
        yield "有节点缺少编号或编号重复"
    for node in drawing.nodes:
        if node.id in _TAKEN_BY_ENGINE or "." in node.id:
            yield f"编号「{node.id}」是保留字"
        if node.tag in {"userTask", "boundaryEvent"} and not _NAME.fullmatch(node.id):
            yield f"步骤编号「{node.id}」应由小写字母、数字和下划线组成，不超过 40 个"


def has_start_steps_and_end(drawing: Drawing) -> Iterator[str]:
    """One way in, something to do, a way out."""
    if len(drawing.ids_of("startEvent")) != 1:
        yield "流程应有且只有一个开始事件"
    if not drawing.ids_of("endEvent"):
        yield "流程没有结束事件"
    if not drawing.ids_of("userTask"):
        yield "流程没有任何步骤"


def only_gateways_branch(drawing: Drawing) -> Iterator[str]:
    """A step with two ways out would be left by both; between two nodes one arrow is enough."""
    ways = Counter(flow.source for flow in drawing.sequence_flows)
    for node in drawing.nodes:
        if node.tag not in {"parallelGateway", "exclusiveGateway"} and ways[node.id] > 1:
            yield f"「{called(node)}」有 {ways[node.id]} 条出路，分支请用网关"
    pairs = Counter((flow.source, flow.target) for flow in drawing.sequence_flows)
    for (source, target), count in pairs.items():
        if count > 1:
            yield f"从「{source}」到「{target}」画了 {count} 条线，应只有一条"


def conditions_stand_at_exclusive_gateways(drawing: Drawing) -> Iterator[str]:
    """Where a choice is made, each way but the default has a condition, and nowhere else."""
    nodes = {node.id: node for node in drawing.nodes}
    defaults = {node.default for node in drawing.nodes if node.default}
    ways = Counter(flow.source for flow in drawing.sequence_flows)
    for flow in drawing.sequence_flows:
        source = nodes[flow.source]
        chooses = source.tag == "exclusiveGateway" and ways[source.id] > 1
        if flow.condition is not None and (not chooses or flow.id in defaults):
            yield f"流向「{flow.id}」不应有条件：条件只能放在排他网关的非默认出路上"
        if flow.condition is None and chooses and flow.id not in defaults:
            yield f"网关「{called(source)}」的出路「{flow.id}」既没有条件，也不是默认出路"
    for node in drawing.nodes:
        if node.tag == "exclusiveGateway" and ways[node.id] > 1 and node.id not in drawing.defaults:
            yield f"网关「{called(node)}」没有默认出路"


def conditions_are_expressions(drawing: Drawing) -> Iterator[str]:
    """A condition is an expression of our own language; no other is evaluated."""
    for flow in drawing.sequence_flows:
        if flow.condition is not None:
            try:
                compile_expression(flow.condition.strip())
            except ExpressionRefused as error:
                yield f"流向「{flow.id}」的条件不能使用：{error.detail}"


def timers_stand_at_steps(drawing: Drawing) -> Iterator[str]:
    """An event at a boundary is a timer with a duration, and has a way out."""
    steps = frozenset(drawing.ids_of("userTask"))
    for node in drawing.nodes:
        if node.tag != "boundaryEvent":
            continue
        if node.attached_to not in steps:
            yield f"边界事件「{called(node)}」应附在一个步骤上"
        try:
            read_duration(node.after)
        except ValueError:
            yield f"定时「{called(node)}」的时长应是 ISO 8601，例如 PT24H 或 P3D，最长 366 天"
        if not drawing.flow.after[node.id]:
            yield f"定时「{called(node)}」没有出路"


def timers_stand_nowhere_else(drawing: Drawing) -> Iterator[str]:
    """A definition of an event at another event would change its meaning."""
    inside = {f"{BPMN}timerEventDefinition": "boundaryEvent"}
    inside[f"{BPMN}terminateEventDefinition"] = "endEvent"
    for element in drawing.elements:
        for child in element:
            wanted = inside.get(child.tag)
            if wanted and element.tag != f"{BPMN}{wanted}":
                yield f"「{element.get('id')}」上的 {child.tag.removeprefix(BPMN)} 不支持"
        definitions = [child for child in element if child.tag in inside]
        if element.tag == f"{BPMN}boundaryEvent" and len(definitions) != 1:
            yield f"边界事件「{element.get('id')}」应有且只有一个定时"


def every_node_is_on_a_way_to_the_end(drawing: Drawing) -> Iterator[str]:
    """Nothing is left over, and no ticket can get stuck."""
    reachable = frozenset(drawing.flow.order)
    safe = drawing.flow.leading_to(drawing.ids_of("endEvent"))
    for node in drawing.nodes:
        if node.id not in reachable:
            yield f"「{called(node)}」从开始事件无法到达"
        elif node.id not in safe:
            yield f"从「{called(node)}」无法到达结束事件"


def few_branches(drawing: Drawing) -> Iterator[str]:
    """The engine's own form doubles with every parallel branching."""
    if drawing.branches.ways > MAX_WAYS:
        yield f"流程的并行分支组合超过 {MAX_WAYS} 种"


def a_way_back_passes_a_step(drawing: Drawing) -> Iterator[str]:
    """Gateways that lead to each other in a circle would turn for ever."""
    steps = frozenset(drawing.ids_of("userTask"))
    for name in drawing.flow.order:
        if name not in steps and name in drawing.flow.reached_without(name, steps):
            yield f"从「{name}」有不经过任何步骤就回到自己的路，流程会无休止"


def steps_are_well_described(drawing: Drawing) -> Iterator[str]:
    """A label for people, texts of moderate length that name known facts, a known state."""
    for node in drawing.nodes:
        if node.tag == "userTask":
            yield from _step_problems(node)
        if node.tag == "boundaryEvent":
            yield from _text_problems(node, ON_FIRE)


def _step_problems(node: Node) -> Iterator[str]:
    if not 0 < len(node.label) <= MAX_LABEL:
        yield f"步骤「{node.id}」缺少名称，或名称超过 {MAX_LABEL} 字"
    yield from _text_problems(node, ON_ENTER)
    yield from _text_problems(node, ON_DONE)
    for key, known in ((STATE_AFTER, _AFTER), (STATE_ON_ENTER, _ON_ENTER)):
        if node.properties.get(key, "open") not in known:
            yield f"步骤「{node.id}」的 {key} 应为 {'、'.join(sorted(known))} 之一"
    if allowed := node.properties.get("time_allowed"):
        try:
            read_duration(allowed)
        except ValueError:
            yield f"步骤「{node.id}」的 time_allowed 应是 ISO 8601 时长，例如 PT4H"


def _text_problems(node: Node, key: str) -> Iterator[str]:
    text = node.properties.get(key, "")
    if len(text) > MAX_TEXT:
        yield f"「{node.id}」告知客户的话 {key} 超过 {MAX_TEXT} 字"
    if unknown := unknown_placeholders(text):
        yield f"「{node.id}」的 {key} 中有不认识的占位符：{'、'.join(unknown)}"


def only_the_last_step_closes(drawing: Drawing) -> Iterator[str]:
    """A ticket is closed exactly when its process is over."""
    names = frozenset(drawing.ids_of("userTask"))
    for node in drawing.nodes:
        closes = node.properties.get(STATE_AFTER) == StateCategory.CLOSED
        if node.tag == "userTask" and closes and drawing.flow.next_among(node.id, names):
            yield f"步骤「{node.id}」之后还可能有步骤，工单不应为 closed"


FLOORS: tuple[tuple[Check, ...], ...] = (
    (one_executable_process, nothing_but_known_elements),
    (of_moderate_size, every_node_has_its_own_id, has_start_steps_and_end),
    (
        only_gateways_branch,
        conditions_stand_at_exclusive_gateways,
        conditions_are_expressions,
        timers_stand_at_steps,
        timers_stand_nowhere_else,
        every_node_is_on_a_way_to_the_end,
        steps_are_well_described,
    ),
    (few_branches, a_way_back_passes_a_step, only_the_last_step_closes),
)


def called(node: Node) -> str:
    """What people call a node: its label, else its id."""
    return node.label or node.id
