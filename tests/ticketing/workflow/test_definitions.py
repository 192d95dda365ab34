from __future__ import annotations

from pathlib import Path
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
from ticketing.workflow.process import Process, StateCategory

from .drawing_board import line

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"

each_process = pytest.mark.parametrize("process", shipped().processes, ids=lambda each: each.id)


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


def test_the_standard_process_is_accept_verify_handle_follow_up_close() -> None:
    steps = shipped().for_kind("?").steps

    assert [(step.name, step.label) for step in steps] == [
        ("accept", "受理"),
        ("verify", "核实"),
        ("handle", "处理"),
        ("follow_up", "回访"),
        ("close", "关闭"),
    ]


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("damage", "受理 核实 定损 处理 回访 关闭"),
        ("lost", "受理 核实 查找 理赔 回访 关闭"),
        ("urge", "受理 催派 关闭"),
        ("address_change", "受理 联系快递员改派 客户确认新路线 完成"),
        ("reschedule", "受理 联系快递员改约 按约派送 完成"),
        ("interception", "受理 拦截下发 退回中 已退回"),
        ("return_exchange", "申请 审核 寄回 验货 退款或换新 完成"),
        ("compensation", "受理 核定责任 定损 打款"),
        ("pickup", "受理 派单 上门取件 完成"),
        ("invoice", "受理 开票 发送"),
    ],
)
def test_some_kinds_go_their_own_way(kind: str, labels: str) -> None:
    assert " ".join(step.label for step in shipped().for_kind(kind).steps) == labels


@each_process
def test_a_shipped_process_is_named_after_its_file(process: Process) -> None:
    assert (SHIPPED / f"{process.id}.bpmn").read_bytes() == process.source


@each_process
def test_a_shipped_process_walks_to_its_end(process: Process) -> None:
    state = machine.start(process)
    walked = []
    while not state.is_finished:
        (current,) = machine.progress(process, state).current
        walked.append(current)
        state = machine.complete(process, state, current)

    assert walked == [step.name for step in process.steps]
    assert state.state_category is StateCategory.CLOSED


@each_process
def test_a_shipped_process_begins_with_accepting_and_ends_with_closing(process: Process) -> None:
    assert process.steps[0].name == "accept"
    assert process.steps[-1].state_after is StateCategory.CLOSED


@pytest.mark.parametrize(
    "process",
    [each for each in shipped().processes if each.steps[-1].name == "close"],
    ids=lambda each: each.id,
)
def test_a_process_whose_last_step_only_closes_is_resolved_before_it(process: Process) -> None:
    assert process.steps[-2].state_after is StateCategory.RESOLVED


@each_process
def test_no_word_to_the_customer_is_said_by_two_steps(process: Process) -> None:
    words = [text for step in process.steps for text in (step.on_enter, step.on_done)]
    assert len(set(words)) == len(words)


@each_process
def test_a_shipped_file_draws_every_node_and_every_flow(process: Process) -> None:
    root = ElementTree.fromstring(process.source)
    drawn = {each.get("bpmnElement") for each in root.iter() if each.tag.startswith(DI)}
    nodes = {node.id for node in read_drawing(process.source).nodes}
    flows = {flow.get("id") for flow in root.iter(f"{BPMN}sequenceFlow")}

    assert nodes | flows <= drawn


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
def test_every_word_to_the_customer_names_the_ticket_once_done(process: Process) -> None:
    assert all("{ticket_no}" in step.on_done for step in process.steps)


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
