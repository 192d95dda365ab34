"""Schemas are read safely, and what is wrong with them is said in Chinese."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ticketing.forms.making import CHOICES, TRUTHS, component, form, refusal, schema
from ticketing.forms.errors import TOLD_AT_MOST, FormRefused
from ticketing.forms.form import FieldKind
from ticketing.forms.reading import DEEPEST, LARGEST, MOST_COMPONENTS, form_of, read_form

KINDS = {
    "textfield": FieldKind.TEXT,
    "textarea": FieldKind.LONG_TEXT,
    "number": FieldKind.NUMBER,
    "checkbox": FieldKind.YES_NO,
    "datetime": FieldKind.DATETIME,
    "filepicker": FieldKind.FILES,
}


@pytest.mark.parametrize(("kind", "expected"), KINDS.items())
def test_a_component_becomes_a_field_of_its_kind(kind: str, expected: FieldKind) -> None:
    field = form(component(kind)).fields[0]
    assert (field.key, field.label, field.kind) == ("answer", "回答", expected)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("radio", FieldKind.CHOICE),
        ("select", FieldKind.CHOICE),
        ("checklist", FieldKind.CHOICES),
        ("taglist", FieldKind.CHOICES),
    ],
)
def test_choices_keep_their_order_and_labels(kind: str, expected: FieldKind) -> None:
    field = form(component(kind, values=CHOICES)).fields[0]
    assert field.kind is expected
    assert [(c.value, c.label) for c in field.choices] == [("accept", "同意"), ("reject", "不同意")]


def test_true_and_false_to_choose_from_are_a_yes_or_no_question() -> None:
    field = form(component("radio", values=TRUTHS)).fields[0]
    assert field.kind is FieldKind.YES_NO
    assert [choice.label for choice in field.choices] == ["收到了", "还没收到"]


@pytest.mark.parametrize(
    ("subtype", "label", "expected"),
    [
        ("date", "dateLabel", FieldKind.DATE),
        ("time", "timeLabel", FieldKind.TIME),
        ("datetime", "dateLabel", FieldKind.DATETIME),
    ],
)
def test_days_and_times_have_labels_of_their_own(
    subtype: str, label: str, expected: FieldKind
) -> None:
    raw = {"type": "datetime", "key": "at", "subtype": subtype, label: "什么时候"}
    field = form(raw).fields[0]
    assert (field.kind, field.label) == (expected, "什么时候")


def test_limits_are_read_from_the_rules_of_a_component() -> None:
    rules = {"required": True, "minLength": 2, "maxLength": 9, "pattern": "^[a-z]+$"}
    field = form(component("textfield", validate=rules)).fields[0]
    assert field.required
    assert (field.limits.shortest, field.limits.longest) == (2, 9)
    assert field.limits.pattern is not None
    assert field.limits.pattern.matches("abc")


def test_numbers_may_be_bounded_by_texts_as_the_editor_writes_them() -> None:
    field = form(component("number", validate={"min": "0", "max": "10.5"})).fields[0]
    assert (field.limits.least, field.limits.most) == (0, 10.5)


def test_the_question_and_synonyms_stand_in_custom_properties() -> None:
    own = {"question": "您同意吗？", "hint": "回复就行", "synonyms.accept": "可以、好的"}
    field = form(component("radio", values=CHOICES, properties=own)).fields[0]
    assert (field.question, field.hint) == ("您同意吗？", "回复就行")
    assert field.choices[0].synonyms == ("可以", "好的")


def test_what_is_only_shown_is_no_field() -> None:
    shown = ["text", "image", "spacer", "separator", "button"]
    read = form(*({"type": kind} for kind in shown), component("textfield"))
    assert [field.key for field in read.fields] == ["answer"]


def test_fields_of_a_group_are_fields_of_the_form() -> None:
    group = {"type": "group", "label": "组", "components": [component("textfield", "inner")]}
    assert [field.key for field in form(group).fields] == ["inner"]


def test_the_condition_of_a_group_hides_what_is_in_it() -> None:
    inner = component("textfield", "inner")
    group = {"type": "group", "components": [inner], "conditional": {"hide": "=no = true"}}
    read = form(component("checkbox", "no"), group)
    field = read.field("inner")
    assert field is not None
    assert field.is_hidden({"no": True})
    assert not field.is_hidden({"no": None})


def test_a_disabled_or_readonly_field_is_not_asked() -> None:
    read = form(component("textfield", "a", disabled=True), component("number", "b", readonly=True))
    assert [field.fixed for field in read.fields] == [True, True]


def test_the_same_schema_written_differently_is_the_same_version() -> None:
    plain = schema(component("textfield"), title="标题")
    turned = dict(reversed(plain.items()))
    assert read_form("a", json.dumps(plain, indent=4)).version == form_of("a", turned).version


def test_another_label_is_another_version() -> None:
    assert (
        form(component("textfield")).version != form(component("textfield", label="别的")).version
    )


def test_the_schema_comes_back_as_it_was_given() -> None:
    given_schema = schema(
        component("textfield", layout={"row": "Row_1", "columns": 8}), id="Form_1"
    )
    assert form_of("test", given_schema).schema == given_schema


@pytest.mark.parametrize(
    "kind",
    ["html", "iframe", "table", "dynamiclist", "expression", "documentPreview", "script", ""],
)
def test_a_component_that_is_more_than_a_question_is_refused(kind: str) -> None:
    assert "不支持的组件类型" in refusal(component(kind))[0]["problem"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (component("textfield", "1a"), "key"),
        (component("textfield", "a.b"), "key"),
        (component("textfield", "__proto__x" * 10), "key"),
        (component("textfield", validate={"required": "yes"}), "required"),
        (component("textfield", validate=[1]), "validate"),
        (component("textfield", validate={"minLength": -1}), "minLength"),
        (component("textfield", validate={"minLength": 5, "maxLength": 3}), "minLength"),
        (component("textfield", validate={"maxLength": 1.5}), "maxLength"),
        (component("textfield", validate={"validationType": "js"}), "validationType"),
        (component("textfield", validate={"pattern": "("}), "正则"),
        (component("textfield", validate={"pattern": "(?=a)a"}), "正则"),
        (component("number", validate={"min": 5, "max": 3}), "min"),
        (component("number", validate={"min": "many"}), "min"),
        (component("number", validate={"max": 1e300}), "max"),
        (component("number", validate={"max": 10**400}), "max"),
        (component("number", decimalDigits=10**400), "decimalDigits"),
        (component("number", decimalDigits=-3), "decimalDigits"),
        (component("select"), "values"),
        (component("select", values=[]), "values"),
        (component("select", values=[{"label": "甲"}]), "value"),
        (component("select", values=[{"label": "甲", "value": 1}]), "value"),
        (component("select", values=[{"value": "a"}, {"value": "a"}]), "重复"),
        (component("select", values=[{"label": "x" * 201, "value": "a"}]), "label"),
        (component("select", values=CHOICES * 200), "values"),
        (component("select", values=CHOICES, valuesKey="list"), "valuesKey"),
        (component("select", values=CHOICES, valuesExpression="=list"), "valuesExpression"),
        (component("datetime", subtype="week"), "subtype"),
        (component("filepicker", accept="*"), "accept"),
        (component("filepicker", multiple="=true"), "multiple"),
        (component("textfield", label="=secret"), "表达式"),
        (component("textfield", label="{{secret}}"), "表达式"),
        (component("textfield", label="x" * 501), "label"),
        (component("textfield", readonly="=true"), "readonly"),
        (component("textfield", conditional={"hide": "true"}), "conditional"),
        (component("textfield", conditional="=true"), "conditional"),
        (component("textfield", conditional={"hide": "=__import__('os')"}), "条件"),
        (component("textfield", conditional={"hide": "=later = 1"}), "later"),
        (component("textfield", conditional={"hide": "=answer = 1"}), "answer"),
        ({"type": "group", "components": "none"}, "components"),
        ({"type": "group", "path": "a", "components": [component("textfield")]}, "path"),
        ({"type": "text", "text": "=secret"}, "表达式"),
        ({"type": "text", "text": "x" * 4001}, "text"),
        ({"type": "image", "source": "javascript:alert(1)"}, "图片"),
        ({"type": "image", "source": "http://plain"}, "图片"),
        ("not a component", "组件"),
        (None, "组件"),
        ({"type": ["textfield"]}, "组件"),
    ],
)
def test_what_is_wrong_with_a_component_is_said(raw: Any, words: str) -> None:
    told = refusal(raw)
    assert any(words in problem["problem"] for problem in told), told


def test_a_key_may_stand_only_once() -> None:
    assert refusal(component("textfield"), component("number"))[0]["problem"] == "key 重复"


def test_a_condition_may_not_look_at_files() -> None:
    hidden = component("textfield", "b", conditional={"hide": "=a = null"})
    assert "不是前面的字段" in refusal(component("filepicker", "a"), hidden)[0]["problem"]


def test_everything_wrong_is_told_at_once_and_where() -> None:
    told = refusal(component("html"), component("number", "amount", validate={"min": "x"}))
    assert [problem["where"] for problem in told] == ["components[0]", "amount"]


def test_no_more_is_told_than_anybody_reads() -> None:
    told = refusal(*(component("html") for _ in range(90)))
    assert len(told) == TOLD_AT_MOST


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"type": "other"}, "type"),
        ({"schemaVersion": "19"}, "schemaVersion"),
        ({"schemaVersion": True}, "schemaVersion"),
        ({"schemaVersion": 10**9}, "schemaVersion"),
        ({"title": 3}, "title"),
        ({"components": None}, "components"),
    ],
)
def test_what_is_wrong_with_the_schema_itself_is_said(more: dict[str, Any], words: str) -> None:
    assert words in refusal(component("textfield"), **more)[0]["problem"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "nothing",
        "[]",
        '"text"',
        "null",
        "[" * 5000 + "]" * 5000,
        '{"a":' * 3000 + "1" + "}" * 3000,
        '{"type": "default", "n": 1' + "0" * 5000 + "}",
        '{"type": "default", "n": NaN}',
        '{"type": "default", "n": 1e999}',
        '{"type": "default", "title": "\\u0000"}',
        '{"type": "default", "title": "\\ud800"}',
        '{"type": "default", "components": []}',
        "{" + " " * LARGEST + "}",
    ],
)
def test_nonsense_is_refused_and_breaks_nothing(text: str) -> None:
    with pytest.raises(FormRefused):
        read_form("test", text)


def test_a_form_has_so_many_components_and_no_more() -> None:
    many = [component("textfield", f"k{n}") for n in range(MOST_COMPONENTS)]
    assert len(form(*many).fields) == MOST_COMPONENTS
    told = refusal(*many, component("textfield", "more"))
    assert told == [{"where": "", "problem": f"表单最多 {MOST_COMPONENTS} 个组件"}]


def test_groups_may_be_nested_so_deep_and_no_deeper() -> None:
    raw = component("textfield")
    for _ in range(DEEPEST):
        raw = {"type": "group", "components": [raw]}
    assert "层" in refusal(raw)[0]["problem"]
    assert form(raw["components"][0]).fields


def test_a_schema_of_many_small_things_is_too_big() -> None:
    assert refusal(component("textfield"), extra=[0] * 6000)[0]["problem"] == "表单太大了"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
_NAMES = st.sampled_from(
    ["type", "key", "label", "validate", "values", "conditional", "components", "properties"]
)
_COMPONENT = st.dictionaries(_NAMES, _JSON, max_size=6)


@given(st.lists(_COMPONENT, max_size=4), st.sampled_from([*KINDS, "radio", "group", "text"]))
@settings(max_examples=300, deadline=None)
def test_any_json_is_read_or_refused(components: list[dict[str, Any]], kind: str) -> None:
    typed = [{"type": kind, "key": f"k{n}", **raw} for n, raw in enumerate(components)]
    refused = None
    try:
        assert form_of("test", schema(*typed)).fields
    except FormRefused as error:
        refused = error
    if refused is not None:
        assert refused.facts["problems"]
        json.dumps(refused.as_json(), ensure_ascii=False).encode()
