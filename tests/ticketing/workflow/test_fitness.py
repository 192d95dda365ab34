from __future__ import annotations

import pytest

from ticketing.forms.shipped import shipped as shipped_forms
from ticketing.workflow.definitions import shipped
from ticketing.workflow.drawing import ProcessInvalid
from ticketing.workflow.fitness import FACTS, KnownForms
from ticketing.workflow.loading import load_process
from ticketing.workflow.process import ROLES, Process
from ticketing.workflow.trial import judge

from .drawing_board import bpmn, framed, loop, step

FORMS: KnownForms = {"verify": frozenset({"confirmed"}), "ask": frozenset({"decision"})}


def refused(source: bytes, forms: KnownForms | None = None) -> list[str]:
    load_process(source)
    with pytest.raises(ProcessInvalid) as caught:
        judge(source, forms)
    return caught.value.problems


def with_step(drawn: str) -> bytes:
    flows = [("begin", "verify"), ("verify", "close"), ("close", "finish")]
    return bpmn(framed(drawn + step("close", state="closed")), flows)


@pytest.mark.parametrize("role", ROLES)
def test_every_department_may_do_a_step(role: str) -> None:
    assert judge(with_step(step("verify", role=role, form="verify")), FORMS).steps[0].role == role


@pytest.mark.parametrize("role", ["", "nobody", "Customer", "客服"])
def test_a_step_without_a_department_is_refused(role: str) -> None:
    assert any(
        "办理部门 role" in problem for problem in refused(with_step(step("verify", role=role)))
    )


def test_a_customer_answers_through_a_form() -> None:
    assert refused(with_step(step("verify", role="customer"))) == [
        "步骤「步骤」由客户办理，需要表单 form"
    ]


def test_nobody_waits_for_somebody_we_do_not_know() -> None:
    assert any("waits_for" in each for each in refused(with_step(step("verify", waits_for="moon"))))


def test_a_misspelt_property_is_told() -> None:
    assert refused(with_step(step("verify", time_alowed="PT4H"))) == [
        "步骤「步骤」的属性 time_alowed 没有含义"
    ]


@pytest.mark.parametrize("allowed", ["P1D", "P1DT2H", "P1W"])
def test_a_day_that_would_count_as_three_is_refused(allowed: str) -> None:
    assert refused(with_step(step("verify", time_allowed=allowed))) == [
        f"步骤「步骤」的 time_allowed 按工作时间计，请写小时，例如 PT14H，不要写 {allowed}"
    ]


@pytest.mark.parametrize("name", ["queue", "skill", "form"])
def test_names_are_of_moderate_length(name: str) -> None:
    assert any(
        "超过 40 字" in each for each in refused(with_step(step("verify", **{name: "x" * 41})))
    )


def test_a_form_nobody_made_is_refused() -> None:
    assert refused(with_step(step("verify", form="gone")), FORMS) == [
        "步骤「步骤」的表单 gone 不存在"
    ]


def test_of_forms_nothing_is_asked_where_nobody_knows_them() -> None:
    assert judge(with_step(step("verify", form="gone"))).steps[0].form == "gone"


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("phone_number = 1", "不认识的 phone_number"),
        ("nowhere.decision = 1", "不认识的 nowhere.decision"),
        ("ask = 1", "不认识的 ask"),
        ("close.decision = 1", "不在它之前"),
    ],
)
def test_a_condition_asks_only_for_what_can_be_known(condition: str, problem: str) -> None:
    assert any(problem in each for each in refused(loop(condition)))


def test_a_condition_asks_only_for_fields_of_the_form() -> None:
    asks = loop("ask.mood = 1").replace(
        b'<camunda:property name="role"',
        b'<camunda:property name="form" value="ask"/><camunda:property name="role"',
    )

    assert refused(asks, FORMS) == ["流向「g_draft」的条件用到 ask.mood，但表单 ask 没有这一项"]


@pytest.mark.parametrize("fact", sorted(FACTS))
def test_a_condition_may_ask_for_every_fact(fact: str) -> None:
    assert judge(loop(f"{fact} = 1")).id == "p"


@pytest.mark.parametrize("fact", ["previous_tickets", "hours_open", "step", "assignee_role"])
def test_a_condition_asks_for_nothing_that_only_tables_are_told(fact: str) -> None:
    assert any(f"不认识的 {fact}" in each for each in refused(loop(f"{fact} = 1")))


def test_a_step_is_not_called_like_a_fact() -> None:
    source = with_step(step("verify")).replace(b'"verify"', b'"priority"')

    assert any("与工单事实同名" in problem for problem in refused(source))


def test_everything_against_a_process_is_told_at_once() -> None:
    broken = step("verify", role="nobody", form="gone", waits_for="moon", typo="x")

    assert len(refused(with_step(broken), FORMS)) == 4


@pytest.mark.parametrize("process", shipped().processes, ids=lambda each: each.id)
def test_what_is_shipped_knows_its_forms_and_their_fields(process: Process) -> None:
    forms = {
        name: frozenset(field.key for field in form.fields)
        for name, form in shipped_forms().items()
    }

    assert judge(process.source, forms).id == process.id
    assert all(step.form for step in process.steps)
