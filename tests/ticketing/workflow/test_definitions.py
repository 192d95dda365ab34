from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from ticketing.tickets.kinds import ticket_kinds
from ticketing.workflow import machine
from ticketing.workflow.definitions import (
    SHIPPED,
    KindTableInvalid,
    Library,
    ProcessUnknown,
    shipped,
)
from ticketing.workflow.drawing import BPMN, ProcessInvalid, read_drawing
from ticketing.workflow.loading import load_process
from ticketing.workflow.process import ROLES, Process, StateCategory

from .drawing_board import line

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"

each_process = pytest.mark.parametrize("process", shipped().processes, ids=lambda each: each.id)


def walked_through(
    process: Process, answers: dict[str, dict[str, Any]], facts: dict[str, Any] | None = None
) -> set[str]:
    """The steps done when those are answered like that, and all others with nothing."""
    state, done = machine.start(process), set[str]()
    while not state.is_finished:
        (name, *_) = machine.progress(process, state).current
        state = machine.complete(process, state, name, answers.get(name), facts or {})
        done.add(name)
    return done


def write(folder: Path, table: str, **files: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "kinds.yml").write_text(table, "utf-8")
    for name, source in files.items():
        (folder / f"{name}.bpmn").write_bytes(source)
    return folder


def test_every_kind_of_ticket_is_listed_with_its_process() -> None:
    assert set(shipped().kinds) == set(ticket_kinds())


def test_a_kind_nobody_listed_follows_the_standard_process() -> None:
    assert shipped().for_kind("新的类型").id == "standard"


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("?", "受理 核实 处理 客户确认 回访 关闭"),
        ("damage", "受理 客服初审 仓库核实 网点举证 理赔定责 客户确认方案 财务打款 回访"),
        ("compensation", "受理 核定责任 定损 客户确认方案 财务打款 回访"),
        ("return_exchange", "申请 审核 寄回 验货 退款 关闭"),
        ("misdelivery", "受理 核实 追回 重派 客户确认收到 回访 关闭"),
        ("lost", "受理 核实 查找 快递公司答复 理赔定责 客户确认方案 财务打款 回访"),
        ("delay", "受理 核实 催办快递公司 跟踪到货 回访 关闭"),
        ("urge", "受理 催件 确认派送"),
        ("signed_not_received", "受理 核实 快递员说明 调取签收底单 找件 客户确认收到 回访"),
        ("address_check", "快递员核址 客户确认地址 重新派送 完成"),
        ("address_change", "受理 新路线与费用 客户确认新路线 快递员改派 完成"),
        ("reschedule", "受理 联系快递员改约 按约派送 完成"),
        ("interception", "受理 拦截下发 退回中 已退回"),
        ("complaint", "受理 责任部门核实 方案 客户确认方案 回访 关闭"),
        ("pickup", "受理 派单 上门取件 完成"),
        ("invoice", "受理 开票 发送 客户核对发票"),
    ],
)
def test_each_kind_goes_its_own_way(kind: str, labels: str) -> None:
    process = shipped().for_kind(kind)
    shown = machine.progress(process, machine.start(process)).steps

    assert " ".join(step.label for step in shown) == labels
    assert walked_through(process, {}) == {step.step for step in shown}


@pytest.mark.parametrize(
    ("kind", "answers", "steps"),
    [
        ("return_exchange", {"review": {"wish": "exchange"}}, {"exchange"}),
        ("return_exchange", {"review": {"wish": "refund"}}, {"refund"}),
        ("return_exchange", {"review": {"decision": "reject"}}, {"close"}),
        ("return_exchange", {"inspect": {"passed": False}}, {"solution", "confirm"}),
        ("misdelivery", {"verify": {"problem": "missing_item"}}, {"resend"}),
        ("misdelivery", {"retrieve": {"found": False}}, {"retrieve", "resend"}),
        ("lost", {"search": {"found": True}}, {"redeliver"}),
        ("signed_not_received", {"locate": {"found": False}}, {"liability", "confirm", "pay"}),
        (
            "address_check",
            {"confirm_address": {"decision": "changed"}, "quote": {"fee": 8}},
            {"confirm"},
        ),
        (
            "address_check",
            {"confirm_address": {"decision": "changed"}, "quote": {"fee": 0}},
            {"quote"},
        ),
        ("address_change", {"quote": {"possible": False}}, {"quote", "close"}),
        ("interception", {"intercept": {"success": False}}, {"solution", "confirm", "returned"}),
        ("complaint", {"handle": {"amount": 20}}, {"pay"}),
        ("delay", {"chase": {"outcome": "lost"}}, {"solution", "confirm"}),
        (
            "delay",
            {"chase": {"outcome": "lost"}, "solution": {"amount": 20}},
            {"confirm", "pay", "follow_up"},
        ),
        (
            "interception",
            {"intercept": {"success": False}, "solution": {"amount": 20}},
            {"confirm", "pay", "returned"},
        ),
        ("standard", {"handle": {"amount": 20}}, {"confirm", "pay", "follow_up"}),
    ],
)
def test_what_was_answered_decides_the_way(
    kind: str, answers: dict[str, dict[str, Any]], steps: set[str]
) -> None:
    assert steps <= walked_through(shipped().for_kind(kind), answers)


TO_THE_MONEY: dict[str, dict[str, Any]] = {
    "delay": {"chase": {"outcome": "lost"}},
    "interception": {"intercept": {"success": False}},
    "return_exchange": {"inspect": {"passed": False}},
    "signed_not_received": {"locate": {"found": False}},
}
"""The answers by which a process comes to where an amount is decided."""


@pytest.mark.parametrize(
    "kind",
    ["damage", "compensation", "lost", "complaint", "standard", *TO_THE_MONEY],
)
@pytest.mark.parametrize(
    ("approval_role", "approved_at"),
    [
        *((None, set()), ("customer_service", set())),
        *(("lead", {"approve"}), ("finance", {"approve_finance"})),
    ],
)
def test_an_amount_is_approved_by_whose_limit_it_is_within(
    kind: str, approval_role: str | None, approved_at: set[str]
) -> None:
    process = shipped().for_kind(kind)
    facts = {"approval_role": approval_role}
    done = walked_through(process, TO_THE_MONEY.get(kind, {}), facts)

    assert done & {"approve", "approve_finance"} == approved_at
    assert process.step("approve").role == "lead"  # type: ignore[union-attr]
    assert process.step("approve_finance").role == "finance"  # type: ignore[union-attr]


@each_process
def test_who_promises_money_has_it_approved_and_pays_it(process: Process) -> None:
    """Where a customer is asked about an amount, there are gates before it and a way to pay."""
    asks = [step for step in process.steps if "{amount}" in step.on_enter]

    for step in asks:
        before = process.flow.leading_to([step.name])
        assert {"approve", "approve_finance"} <= set(before)
        after = process.flow.downstream(step.name)
        assert [each for each in process.steps if each.form == "payment" and each.name in after]


@pytest.mark.parametrize(
    ("follows", "step"),
    [("refund", "refund"), ("exchange", "exchange"), ("return", "return_goods")],
)
@pytest.mark.parametrize("wish", ["refund", "exchange"])
def test_a_solution_after_a_failed_inspection_says_what_follows(
    follows: str, step: str, wish: str
) -> None:
    process = shipped().for_kind("return_exchange")
    answers: dict[str, dict[str, Any]] = {
        "review": {"wish": wish},
        "inspect": {"passed": False},
        "solution": {"follows": follows},
    }
    done = walked_through(process, answers)

    assert done & {"refund", "exchange", "return_goods"} == {step}


@pytest.mark.parametrize(
    ("kind", "step", "answer", "back_to"),
    [
        ("damage", "confirm", {"decision": "reject", "reason": "不够"}, "liability"),
        ("compensation", "confirm", {"decision": "reject", "reason": "不够"}, "assess"),
        ("lost", "confirm", {"decision": "reject", "reason": "不够"}, "liability"),
        ("complaint", "confirm", {"decision": "reject", "reason": "不够"}, "handle"),
        ("complaint", "follow_up", {"satisfied": False}, "handle"),
        ("standard", "confirm", {"decision": "reject", "reason": "不够"}, "handle"),
        ("invoice", "confirm", {"decision": "reject", "reason": "抬头错"}, "issue"),
        ("address_change", "confirm", {"decision": "reject", "reason": "太贵"}, "quote"),
        ("misdelivery", "confirm_receipt", {"received": False}, "verify"),
        ("signed_not_received", "confirm_receipt", {"received": False}, "locate"),
        ("delay", "watch", {"delivered": False}, "chase"),
        ("pickup", "collect", {"collected": False}, "dispatch"),
        ("reschedule", "redeliver", {"delivered": False}, "arrange"),
    ],
)
def test_what_was_rejected_goes_back(
    kind: str, step: str, answer: dict[str, Any], back_to: str
) -> None:
    process = shipped().for_kind(kind)
    state = machine.start(process)
    while step not in machine.progress(process, state).current:
        state = machine.complete(process, state, machine.progress(process, state).current[0])
    state = machine.complete(process, state, step, answer)

    assert machine.progress(process, state).current == (back_to,)
    assert state.state_category is StateCategory.OPEN


@pytest.mark.parametrize("process", shipped().processes, ids=lambda each: each.id)
def test_who_keeps_us_waiting_has_a_clock_of_their_own(process: Process) -> None:
    """But for the carrier bringing a parcel back, which nobody can hurry."""
    timed = {timer.step for timer in process.timers}
    waiting = {step.name for step in process.steps if step.waits_for} - {"returning"}

    assert waiting <= timed


@each_process
def test_every_step_says_who_does_it_with_which_form_and_in_what_time(process: Process) -> None:
    for step in process.steps:
        assert step.role in ROLES
        assert step.form
        assert step.allowed
        assert step.role != "customer" or step.waits_for == "customer"
        assert "confirm" not in step.name or step.role == "customer"


@each_process
def test_a_shipped_process_is_named_after_its_file(process: Process) -> None:
    assert (SHIPPED / f"{process.id}.bpmn").read_bytes() == process.source


@each_process
def test_a_shipped_process_begins_with_accepting_and_ends_closed(process: Process) -> None:
    assert process.steps[0].name == "accept"
    assert process.steps[0].on_enter.startswith("工单 {ticket_no} 已登记，")


@each_process
def test_no_word_to_the_customer_is_said_by_two_steps(process: Process) -> None:
    said = [text for step in process.steps for text in (step.on_enter, step.on_done) if text]
    usual = {"工单 {ticket_no} 收到您的答复，谢谢。"}

    assert len(set(said) - usual) == len([text for text in said if text not in usual])


@each_process
def test_a_shipped_file_draws_every_node_and_every_flow(process: Process) -> None:
    root = ElementTree.fromstring(process.source)
    drawn = {each.get("bpmnElement") for each in root.iter() if each.tag.startswith(DI)}
    nodes = {node.id for node in read_drawing(process.source).nodes}
    flows = {flow.get("id") for flow in root.iter(f"{BPMN}sequenceFlow")}

    assert nodes | flows == drawn - {process.id, None}


@each_process
def test_a_shipped_process_is_found_by_its_version(process: Process) -> None:
    assert shipped().version(process.id, process.version) is process


def test_no_shipped_version_is_ever_lost() -> None:
    """A changed file moves its old content to `processes/retired/`; both versions are listed."""
    table = Path(__file__).with_name("shipped_versions.yml").read_text("utf-8")
    ever_shipped: dict[str, list[str]] = yaml.safe_load(table)

    assert {key: versions[-1] for key, versions in ever_shipped.items()} == {
        process.id: process.version for process in shipped().processes
    }
    for key, versions in ever_shipped.items():
        assert [shipped().version(key, version).version for version in versions] == versions


@each_process
def test_what_the_customer_hears_names_the_ticket_and_is_short(process: Process) -> None:
    told = [step.on_done for step in process.steps] + [timer.on_fire for timer in process.timers]

    assert all("{ticket_no}" in text for text in told if text)
    for step in process.steps:
        assert len(step.on_enter) <= 80
        assert not set("！") & set(step.on_done + step.on_enter)
        for text in (step.on_enter, step.on_done):
            assert text == "" or text[-1] in "。？"


def test_a_version_nobody_kept_is_unknown() -> None:
    with pytest.raises(ProcessUnknown) as caught:
        shipped().version("damage", "0000")

    assert caught.value.status == 404
    assert caught.value.facts == {"process": "damage", "version": "0000"}


def test_a_retired_version_is_kept_for_running_tickets_but_not_given_to_new_ones(
    tmp_path: Path,
) -> None:
    folder = write(tmp_path, "default: p\nkinds: {}", p=line("accept", "verify"))
    (folder / "retired").mkdir()
    (folder / "retired" / "p-1.bpmn").write_bytes(line("accept"))

    library = Library.load(folder)
    old = load_process(line("accept"))

    assert [step.name for step in library.for_kind("x").steps] == ["accept", "verify", "close"]
    assert [step.name for step in library.version(old.id, old.version).steps] == ["accept", "close"]


@pytest.mark.parametrize(
    "table", ["default: p\nkinds: {lost: search}", "kinds: {lost: p}", "default: q"]
)
def test_a_table_that_points_nowhere_is_refused(tmp_path: Path, table: str) -> None:
    with pytest.raises(KindTableInvalid) as caught:
        Library.load(write(tmp_path, table, p=line("accept")))

    assert caught.value.facts["missing"]


def test_one_bad_file_refuses_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ProcessInvalid):
        Library.load(write(tmp_path, "default: p", p=line("accept"), q=b"<no/>"))
