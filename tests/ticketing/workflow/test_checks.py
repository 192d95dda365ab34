from __future__ import annotations

import pytest

from ticketing.workflow.drawing import ProcessInvalid
from ticketing.workflow.loading import load_process

from .drawing_board import bpmn, fork, framed, line, step

CLOSE = step("close", state="closed")
FLOWS = [("begin", "close"), ("close", "finish")]


def refused(source: bytes) -> list[str]:
    with pytest.raises(ProcessInvalid) as caught:
        load_process(source)
    assert (caught.value.status, caught.value.code) == (422, "process_invalid")
    return caught.value.problems


def with_node(node: str, name: str) -> bytes:
    flows = [("begin", name), (name, "close"), ("close", "finish")]
    return bpmn(framed(node + CLOSE), flows)


def test_a_line_of_steps_is_accepted_in_the_order_of_its_flows() -> None:
    assert [each.name for each in load_process(line("b", "a")).steps] == ["b", "a", "close"]


def test_parallel_branches_are_accepted_in_the_order_of_the_file() -> None:
    process = load_process(fork("b", "a"))

    assert [each.name for each in process.steps] == ["b", "a", "close"]
    assert process.downstream["b"] == {"close"}


@pytest.mark.parametrize(
    "node",
    [
        '<bpmn:scriptTask id="x"><bpmn:script>import os</bpmn:script></bpmn:scriptTask>',
        '<bpmn:serviceTask id="x" />',
        '<bpmn:businessRuleTask id="x" />',
        '<bpmn:callActivity id="x" calledElement="y" />',
    ],
)
def test_code_is_refused(node: str) -> None:
    assert any("不能有代码" in problem for problem in refused(with_node(node, "x")))


def test_a_condition_on_a_flow_is_refused() -> None:
    condition = "<bpmn:conditionExpression>__import__('os')</bpmn:conditionExpression>"
    extra = f'<bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b">{condition}</bpmn:sequenceFlow>'

    assert any("conditionExpression" in problem for problem in refused(bpmn(extra, [])))


@pytest.mark.parametrize(
    ("node", "hint"),
    [
        ('<bpmn:exclusiveGateway id="x" />', "按条件分支"),
        ('<bpmn:subProcess id="x" />', "subProcess 不支持"),
        ('<bpmn:manualTask id="x" />', "manualTask 不支持"),
        (
            '<bpmn:intermediateCatchEvent id="x"><bpmn:timerEventDefinition />'
            "</bpmn:intermediateCatchEvent>",
            "timerEventDefinition 不支持",
        ),
    ],
)
def test_what_we_cannot_run_yet_is_refused(node: str, hint: str) -> None:
    assert any(hint in problem for problem in refused(with_node(node, "x")))


def test_a_listener_in_the_extensions_is_refused() -> None:
    listener = '<camunda:executionListener event="start" expression="${x}" />'
    source = line("a").replace(b"<camunda:properties>", listener.encode() + b"<camunda:properties>")

    assert "扩展 camunda:executionListener 不支持" in refused(source)


def test_an_end_that_cannot_be_reached_is_refused() -> None:
    source = bpmn(framed(step("a") + CLOSE), [("begin", "a"), ("close", "finish")])

    assert set(refused(source)) >= {"从「步骤」无法到达结束事件", "「步骤」从开始事件无法到达"}


def test_a_process_without_an_end_is_refused() -> None:
    assert "流程没有结束事件" in refused(bpmn(f'<bpmn:startEvent id="begin" />{CLOSE}', FLOWS[:1]))


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (f'<bpmn:startEvent id="second" />{CLOSE}', "只有一个开始事件"),
        ("", "没有任何步骤"),
    ],
)
def test_a_process_without_a_clear_frame_is_refused(body: str, hint: str) -> None:
    assert any(hint in problem for problem in refused(bpmn(framed(body), FLOWS)))


def test_a_way_back_without_a_condition_is_refused() -> None:
    gateways = '<bpmn:parallelGateway id="g" /><bpmn:parallelGateway id="h" />'
    flows = [("begin", "g"), ("g", "a"), ("a", "h"), ("h", "g"), ("h", "close")]

    problems = refused(bpmn(framed(gateways + step("a") + CLOSE), [*flows, FLOWS[1]]))

    assert problems == ["从「h」有回到前面的路，流程会无休止"]


def test_branches_without_a_gateway_are_refused() -> None:
    flows = [("begin", "a"), ("begin", "close"), ("a", "close"), ("close", "finish")]

    assert refused(bpmn(framed(step("a") + CLOSE), flows)) == [
        "「begin」有 2 条出路，分支请用并行网关",
        "「步骤」有多条来路，汇合请用并行网关",
    ]


def test_branches_beyond_measure_are_refused() -> None:
    assert any("分支组合" in problem for problem in refused(fork(*(f"s{i}" for i in range(65)))))


def test_nodes_beyond_measure_are_refused() -> None:
    assert refused(line(*(f"s{index}" for index in range(500)))) == [
        "流程有 503 个节点，最多 100 个"
    ]


@pytest.mark.parametrize(
    ("broken", "hint"),
    [
        (step("a", label=""), "缺少名称"),
        (step("a", label="很" * 21), "超过 20 字"),
        (step("a", on_enter=""), "customer_on_enter"),
        (step("a", on_done="  "), "customer_on_done"),
        (step("a", on_done="字" * 201), "超过 200 字"),
        (step("a", on_done="{phone}"), "不认识的占位符：phone"),
        (step("a", on_done="{ticket_no.__class__}"), "不认识的占位符"),
        (step("a", state="done"), "state_after"),
        (step("a", state="closed"), "之后还有步骤"),
    ],
)
def test_a_step_must_have_a_name_texts_and_a_state(broken: str, hint: str) -> None:
    assert any(hint in problem for problem in refused(with_node(broken, "a")))


def test_the_last_step_must_close_the_ticket() -> None:
    source = bpmn(framed(step("close", state="resolved")), FLOWS)

    assert refused(source) == ["最后一步「close」完成后，工单应为 closed"]


@pytest.mark.parametrize("name", ["Start", "End", "p.EndJoin", "Verify", "受理", "a-b"])
def test_a_step_id_is_lower_snake_and_not_the_engines_own(name: str) -> None:
    assert any("编号" in problem for problem in refused(with_node(step(name), name)))


def test_one_id_is_given_once() -> None:
    assert "有节点缺少编号或编号重复" in refused(with_node(step("a") + step("a"), "a"))


def test_the_process_must_be_meant_to_run_and_well_named() -> None:
    assert refused(bpmn(framed(CLOSE), FLOWS, process="P 1", executable="false")) == [
        "流程未标记为可执行（isExecutable）",
        "流程编号「P 1」应由小写字母、数字和下划线组成",
    ]


def test_a_file_holds_one_process() -> None:
    assert refused(line("a").replace(b"bpmn:process", b"bpmn:category")) == [
        "文件应有且只有一个流程，现有 0 个",
        "「p」的类型 category 不支持",
    ]


def test_all_problems_of_a_kind_are_told_at_once_and_by_name() -> None:
    source = with_node(step("a", label="", on_done=""), "a")

    with pytest.raises(ProcessInvalid, match="流程 p 不能使用") as caught:
        load_process(source)

    assert len(caught.value.facts["problems"]) == 2
