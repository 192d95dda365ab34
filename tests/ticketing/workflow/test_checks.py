from __future__ import annotations

from datetime import timedelta

import pytest

from ticketing.workflow.drawing import ProcessInvalid
from ticketing.workflow.loading import load_process
from ticketing.workflow.process import Timer

from .drawing_board import bpmn, choice, end, fork, framed, line, loop, step, timer, waiting

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
    assert process.main_way["b"] == {"close"}
    assert process.joins == {"join"}


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


@pytest.mark.parametrize(
    "condition",
    [
        "__import__('os').system('true')",
        "().__class__.__bases__",
        "${execution.setVariable('x', 1)}",
        "#{task}",
        "ask.decision == ",
        "9**9**9",
        "[x for x in (1,)]",
        "x" * 600,
    ],
)
def test_a_condition_in_another_language_is_refused(condition: str) -> None:
    assert any("流向「g_draft」的条件不能使用" in problem for problem in refused(loop(condition)))


@pytest.mark.parametrize("definition", ["timeDate", "timeCycle"])
def test_a_timer_with_a_date_or_a_cycle_is_refused(definition: str) -> None:
    source = waiting().replace(b"timeDuration", definition.encode())

    assert any(f"{definition} 不支持" in problem for problem in refused(source))


@pytest.mark.parametrize("after", ["", "soon", "P1Y", "R3/PT1H", "2026-11-22T00:00:00Z"])
def test_a_timer_without_a_duration_is_refused(after: str) -> None:
    assert any("ISO 8601" in problem for problem in refused(waiting(after=after)))


def test_a_timer_stands_at_a_step() -> None:
    source = waiting().replace(b'attachedToRef="ask"', b'attachedToRef="begin"')

    assert any("应附在一个步骤上" in problem for problem in refused(source))


def test_a_timer_leads_somewhere() -> None:
    flows = [("begin", "close"), ("close", "finish")]

    assert "定时「定时」没有出路" in refused(bpmn(framed(CLOSE + timer("t", "close")), flows))


@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ("timerEventDefinition", "startEvent"),
        ("timerEventDefinition", "endEvent"),
        ("terminateEventDefinition", "startEvent"),
    ],
)
def test_an_event_of_another_kind_is_refused(inside: str, outside: str) -> None:
    name = {"startEvent": "begin", "endEvent": "finish"}[outside]
    drawn = bpmn(framed(CLOSE), FLOWS).decode()
    plain = f'<bpmn:{outside} id="{name}" />' if outside == "startEvent" else end(name)
    changed = f'<bpmn:{outside} id="{name}"><bpmn:{inside} /></bpmn:{outside}>'

    assert any(
        f"「{name}」上的 {inside}" in each
        for each in refused(drawn.replace(plain, changed).encode())
    )


def test_a_boundary_event_is_one_timer() -> None:
    two = b'<bpmn:timerEventDefinition id="x"/></bpmn:boundaryEvent>'
    source = waiting().replace(b"</bpmn:boundaryEvent>", two)

    assert any("只有一个定时" in problem for problem in refused(source))


def test_a_choice_needs_a_default() -> None:
    source = loop().replace(b' default="g_close"', b"")

    assert refused(source) == [
        "网关「g」的出路「g_close」既没有条件，也不是默认出路",
        "网关「g」没有默认出路",
    ]


def test_each_other_way_of_a_choice_needs_a_condition() -> None:
    flows: list[tuple[str, ...]] = [("begin", "g"), ("g", "a"), ("g", "close")]
    source = bpmn(
        framed(choice("g", "close") + step("a") + CLOSE), [*flows, ("a", "close"), FLOWS[1]]
    )

    assert refused(source) == ["网关「g」的出路「g_a」既没有条件，也不是默认出路"]


@pytest.mark.parametrize("target", ["close", "draft"])
def test_a_condition_where_nothing_is_chosen_is_refused(target: str) -> None:
    condition = b"<bpmn:conditionExpression>urgent</bpmn:conditionExpression>"
    flow = {"close": b'id="g_close"', "draft": b'id="begin_draft"'}[target]
    before, after = loop().split(flow)
    source = before + flow + after.replace(b">", b">" + condition, 1)

    assert any("不应有条件" in problem for problem in refused(source))


def test_two_flows_between_the_same_nodes_are_refused() -> None:
    flows: list[tuple[str, ...]] = [("begin", "g"), ("g", "close", "urgent"), ("g", "close")]
    source = bpmn(framed(choice("g", "close") + CLOSE), [*flows, FLOWS[1]])

    assert any(
        "画了 2 条线" in problem
        for problem in refused(source.replace(b'Flow id="g_close"', b'Flow id="x"', 1))
    )


@pytest.mark.parametrize(
    ("node", "hint"),
    [
        ('<bpmn:inclusiveGateway id="x" />', "inclusiveGateway 不支持"),
        ('<bpmn:complexGateway id="x" />', "complexGateway 不支持"),
        ('<bpmn:eventBasedGateway id="x" />', "eventBasedGateway 不支持"),
        ('<bpmn:subProcess id="x" />', "subProcess 不支持"),
        ('<bpmn:manualTask id="x" />', "manualTask 不支持"),
        (
            '<bpmn:intermediateCatchEvent id="x"><bpmn:timerEventDefinition />'
            "</bpmn:intermediateCatchEvent>",
            "intermediateCatchEvent 不支持",
        ),
    ],
)
def test_what_we_cannot_run_yet_is_refused(node: str, hint: str) -> None:
    assert any(hint in problem for problem in refused(with_node(node, "x")))


def test_a_listener_in_the_extensions_is_refused() -> None:
    listener = '<camunda:executionListener event="start" expression="${x}" />'
    source = line("a").replace(b"<camunda:properties>", listener.encode() + b"<camunda:properties>")

    assert "扩展 camunda:executionListener 不支持" in refused(source)


def test_a_step_says_who_does_it_how_long_and_whom_it_waits_for() -> None:
    more = {"queue": "华南", "skill": "英语", "form": "quote", "waits_for": "carrier"}
    drawn = step("a", role="dispatch", time_allowed="PT4H", **more)
    read = load_process(with_node(drawn, "a")).steps[0]

    assert (read.role, read.queue, read.skill, read.form) == ("dispatch", "华南", "英语", "quote")
    assert (read.allowed, read.waits_for) == (timedelta(hours=4), "carrier")


def test_a_timer_says_where_it_stands_and_what_it_does() -> None:
    (timer_read,) = load_process(waiting(interrupting=False)).timers

    assert timer_read == Timer(
        "silent", "ask", timedelta(days=3), False, "定时", "{ticket_no} 久等。"
    )


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


def test_a_way_back_that_passes_no_step_is_refused() -> None:
    flows: list[tuple[str, ...]] = [("begin", "m"), ("m", "g"), ("g", "m", "urgent")]
    body = choice("m") + choice("g", "close") + CLOSE

    problems = refused(bpmn(framed(body), [*flows, ("g", "close"), FLOWS[1]]))

    assert [problem.partition("有")[0] for problem in problems] == ["从「m」", "从「g」"]


def test_a_way_back_under_a_condition_is_accepted() -> None:
    assert [each.name for each in load_process(loop()).steps] == ["draft", "ask", "close"]


def test_branches_without_a_gateway_are_refused() -> None:
    flows = [("begin", "a"), ("begin", "close"), ("a", "close"), ("close", "finish")]

    assert refused(bpmn(framed(step("a") + CLOSE), flows)) == ["「begin」有 2 条出路，分支请用网关"]


def test_branches_beyond_measure_are_refused() -> None:
    assert any("分支组合" in problem for problem in refused(fork(*(f"s{i}" for i in range(13)))))


def test_nodes_beyond_measure_are_refused() -> None:
    assert refused(line(*(f"s{index}" for index in range(500)))) == [
        "流程有 503 个节点，最多 100 个"
    ]


@pytest.mark.parametrize(
    ("broken", "hint"),
    [
        (step("a", label=""), "缺少名称"),
        (step("a", label="很" * 21), "超过 20 字"),
        (step("a", time_allowed="4 hours"), "time_allowed"),
        (step("a", state_on_enter="closed"), "state_on_enter"),
        (step("a", state="paused"), "state_after"),
        (step("a", on_done="字" * 201), "超过 200 字"),
        (step("a", on_done="{phone}"), "不认识的占位符：phone"),
        (step("a", on_done="{ticket_no.__class__}"), "不认识的占位符"),
        (step("a", state="done"), "state_after"),
        (step("a", state="closed"), "之后还可能有步骤"),
    ],
)
def test_a_step_must_have_a_name_and_sensible_texts_times_and_states(
    broken: str, hint: str
) -> None:
    assert any(hint in problem for problem in refused(with_node(broken, "a")))


def test_a_step_need_not_bother_the_customer() -> None:
    quiet = load_process(with_node(step("a", on_enter="", on_done=""), "a")).steps[0]

    assert (quiet.on_enter, quiet.on_done) == ("", "")


def test_what_a_timer_says_names_known_facts() -> None:
    source = waiting().replace("{ticket_no} 久等".encode(), b"{phone}")

    assert any("「silent」的 customer_on_fire" in problem for problem in refused(source))


@pytest.mark.parametrize("name", ["Start", "End", "p.EndJoin", "Verify", "受理", "a-b"])
def test_a_step_id_is_lower_snake_and_not_the_engines_own(name: str) -> None:
    assert any("编号" in problem for problem in refused(with_node(step(name), name)))


def test_one_id_is_given_once() -> None:
    assert "有节点缺少编号或编号重复" in refused(with_node(step("a") + step("a"), "a"))


def test_the_process_must_be_meant_to_run_and_well_named() -> None:
    assert refused(bpmn(framed(CLOSE), FLOWS, process="P 1", executable="false")) == [
        "流程未标记为可执行（isExecutable）",
        "流程编号「P 1」应由小写字母、数字和下划线组成，不超过 40 个",
    ]


def test_a_file_holds_one_process() -> None:
    assert refused(line("a").replace(b"bpmn:process", b"bpmn:category")) == [
        "文件应有且只有一个流程，现有 0 个",
        "「p」的类型 category 不支持",
    ]


def test_all_problems_of_a_kind_are_told_at_once_and_by_name() -> None:
    source = with_node(step("a", label="", on_done="{x}"), "a")

    with pytest.raises(ProcessInvalid, match="流程 p 不能使用") as caught:
        load_process(source)

    assert len(caught.value.facts["problems"]) == 2
