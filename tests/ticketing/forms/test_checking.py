"""A whole form: only what is visible counts, and everything wrong is told."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ticketing.forms.making import CHOICES, component, form
from ticketing.forms.checking import examined, file_ids, validate, visible
from ticketing.forms.errors import FormDataInvalid
from ticketing.forms.form import Form
from ticketing.forms.shipped import shipped
from ticketing.forms.values import Known

PHOTO = str(uuid.UUID(int=1))


@pytest.fixture
def decision() -> Form:
    """Agree, or say why not."""
    return form(
        component("radio", "decision", "意见", values=CHOICES, validate={"required": True}),
        component(
            "textarea",
            "reason",
            "原因",
            validate={"required": True},
            conditional={"hide": '=not(decision = "reject")'},
        ),
        component("number", "amount", "金额"),
        title="确认",
    )


def problems_of(form: Form, data: dict[str, Any]) -> dict[str, str]:
    """What is wrong, by key."""
    with pytest.raises(FormDataInvalid) as caught:
        validate(form, data)
    return {problem["key"]: problem["problem"] for problem in caught.value.facts["problems"]}


def test_answers_to_visible_fields_are_kept(decision: Form) -> None:
    data = {"decision": "reject", "reason": " 太少 ", "amount": "20"}
    assert validate(decision, data) == {"decision": "reject", "reason": "太少", "amount": 20}


def test_an_answer_to_a_hidden_field_is_left_out(decision: Form) -> None:
    assert validate(decision, {"decision": "accept", "reason": "x"}) == {"decision": "accept"}


def test_nonsense_in_a_hidden_field_is_no_problem(decision: Form) -> None:
    assert validate(decision, {"decision": "accept", "reason": 7}) == {"decision": "accept"}


def test_a_required_field_that_becomes_visible_must_be_answered(decision: Form) -> None:
    assert problems_of(decision, {"decision": "reject"}) == {"reason": "这一项必须填写"}


def test_every_problem_is_told_with_its_label(decision: Form) -> None:
    with pytest.raises(FormDataInvalid) as caught:
        validate(decision, {"amount": "much"})
    told = caught.value.facts["problems"]
    assert [(p["key"], p["label"]) for p in told] == [("decision", "意见"), ("amount", "金额")]
    assert caught.value.detail == "「确认」有 2 处需要修改：意见：这一项必须填写"


def test_a_key_the_form_does_not_have_is_refused(decision: Form) -> None:
    assert problems_of(decision, {"decision": "accept", "admin": True}) == {
        "admin": "表单里没有这一项"
    }


def test_strange_keys_are_repeated_short_and_clean(decision: Form) -> None:
    strange = {"decision": "accept", "\ud800\x00" + "k" * 5000: 1}
    with pytest.raises(FormDataInvalid) as caught:
        validate(decision, strange)
    text = json.dumps(caught.value.as_json(), ensure_ascii=False)
    assert len(text.encode()) < 500


def test_ten_thousand_strange_keys_are_not_all_told(decision: Form) -> None:
    assert len(problems_of(decision, {f"k{n}": n for n in range(10_000)})) < 20


def test_a_field_that_hides_another_hides_only_while_it_is_there_itself() -> None:
    chain = form(
        component("checkbox", "a"),
        component("checkbox", "b", conditional={"hide": "=a = true"}),
        component("textfield", "c", conditional={"hide": "=b = true"}),
    )
    assert validate(chain, {"a": True, "b": True, "c": "甲"}) == {"a": True, "c": "甲"}
    assert validate(chain, {"a": False, "b": True, "c": "甲"}) == {"a": False, "b": True}


def test_an_answer_that_does_not_fit_decides_nothing(decision: Form) -> None:
    told = problems_of(decision, {"decision": "perhaps", "reason": 7})
    assert told == {"decision": "不在可选的范围内"}


def test_a_condition_that_cannot_be_answered_hides_nothing() -> None:
    odd = form(
        component("textfield", "a"),
        component("textfield", "b", conditional={"hide": "=a > 5"}),
    )
    assert validate(odd, {"a": "x", "b": "y"}) == {"a": "x", "b": "y"}


def test_a_fixed_field_takes_no_answer() -> None:
    fixed = form(component("textfield", "a", readonly=True), component("textfield", "b"))
    assert validate(fixed, {"a": "changed", "b": "x"}) == {"b": "x"}


def test_files_must_be_known() -> None:
    photos = form(component("filepicker", "photos", multiple=True, accept="image/*"))
    assert validate(photos, {"photos": [PHOTO]}, {PHOTO: "image/png"}) == {"photos": [PHOTO]}
    with pytest.raises(FormDataInvalid):
        validate(photos, {"photos": [PHOTO]}, {})


def test_the_files_that_are_named_can_be_looked_up_beforehand() -> None:
    photos = form(component("filepicker", "photos", multiple=True), component("textfield", "t"))
    assert file_ids(photos, {"photos": [f"files::{PHOTO}", "nonsense", 5], "t": PHOTO}) == {PHOTO}
    assert file_ids(photos, {"photos": PHOTO}) == {PHOTO}
    assert file_ids(photos, {}) == set()


def test_the_visible_fields_are_told_in_order(decision: Form) -> None:
    seen = [field.key for field in visible(decision, {"decision": "reject"})]
    assert seen == ["decision", "reason", "amount"]


_VALUES = (
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(
        ["accept", "reject", "wrong_item", "company", "甲乙丙", "2026-12-01", "a@b.cn", ""]
    )
)


@given(st.sampled_from(sorted(shipped())), st.data())
@settings(max_examples=300, deadline=None)
def test_what_was_kept_passes_again_unchanged(name: str, data: st.DataObject) -> None:
    chosen = shipped()[name]
    answers = {f.key: data.draw(_VALUES) for f in chosen.fields}
    kept, problems = examined(chosen, answers, Known())
    labels = {field.key: field.label for field in chosen.fields}
    assert all(labels[problem.key] == problem.label for problem in problems)
    assert examined(chosen, {**answers, **kept}, Known()) == (kept, problems)
    assert kept.keys() <= {field.key for field in visible(chosen, kept)}
