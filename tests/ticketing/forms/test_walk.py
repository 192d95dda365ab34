"""A form filled in as a talk, one question a message."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ticketing.forms.making import CHOICES, TRUTHS, component, form
from ticketing.forms.checking import validate
from ticketing.forms.form import Field, FieldKind, Form
from ticketing.forms.shipped import shipped
from ticketing.forms.walk import (
    AnswerNotUnderstood,
    Question,
    next_question,
    question_of,
    read_answer,
    summary,
)

TODAY = date(2026, 11, 22)
PHOTO = "00000000-0000-0000-0000-000000000001"


def question(raw: dict[str, Any]) -> Question:
    """The question of one component."""
    return question_of(form(raw).fields[0])


def heard(raw: dict[str, Any], text: str) -> Any:
    """What a message answers to a component."""
    return read_answer(question(raw), text, TODAY)


@pytest.fixture
def confirmation() -> Form:
    """The form in which a customer judges a solution."""
    return shipped()["confirm_solution"]


def test_the_first_question_comes_first(confirmation: Form) -> None:
    asked = next_question(confirmation, {})
    assert asked is not None
    assert (asked.key, asked.kind, asked.required) == ("decision", FieldKind.CHOICE, True)
    assert asked.text == "您同意这个方案吗？\n1. 同意\n2. 不同意\n（回复序号就行）"


def test_who_agrees_is_not_asked_why(confirmation: Form) -> None:
    assert next_question(confirmation, {"decision": "accept"}) is None


def test_who_disagrees_is_asked_why_and_then_no_more(confirmation: Form) -> None:
    asked = next_question(confirmation, {"decision": "reject"})
    assert asked is not None
    assert asked.key == "reason"
    assert asked.text.startswith("请说说哪里不满意")
    assert next_question(confirmation, {"decision": "reject", "reason": "太少了"}) is None


def test_a_question_passed_over_is_not_asked_again() -> None:
    two = form(component("textfield", "a"), component("textfield", "b"))
    asked = next_question(two, {"a": None})
    assert asked is not None
    assert asked.key == "b"


def test_only_what_must_be_answered_can_be_asked() -> None:
    two = form(
        component("textfield", "a"), component("textfield", "b", validate={"required": True})
    )
    asked = next_question(two, {}, required_only=True)
    assert asked is not None
    assert asked.key == "b"


def test_a_fixed_field_is_never_asked() -> None:
    read = form(component("textfield", "a", disabled=True))
    assert next_question(read, {}) is None


def test_an_optional_question_says_how_to_pass_it_over() -> None:
    assert question(component("textfield")).text == "请告诉我：回答\n（没有的话回复“跳过”）"


def test_a_question_of_the_forms_own_is_asked_in_its_words() -> None:
    own = component(
        "number", properties={"question": "大概值多少钱？"}, validate={"required": True}
    )
    assert question(own).text == "大概值多少钱？\n（写数字就行，例如 200）"


def test_a_checkbox_is_asked_as_yes_or_no() -> None:
    assert "是吗？（是、否）" in question(component("checkbox", label="需要加急")).text


RADIO = component("radio", values=CHOICES)
TRUTH = component("radio", values=TRUTHS, properties={"synonyms.false": "没收到"})
LIST = component("checklist", values=CHOICES)
PHONE = component("textfield", validate={"pattern": "^1[3-9][0-9]{9}$"})
MAIL = component("textfield", validate={"validationType": "email"})
PICTURES = component("filepicker", multiple=True)


@pytest.mark.parametrize(
    ("raw", "text", "expected"),
    [
        (component("textfield"), " 玻璃 茶壶 ", "玻璃 茶壶"),
        (component("textfield"), "跳过", None),
        (component("textfield"), "没有", None),
        (component("textarea"), "一\n二", "一\n二"),
        (PHONE, "13812345678", "13812345678"),
        (PHONE, "我的电话是13812345678。", "13812345678"),
        (MAIL, "发到 a.b@qq.com 吧", "a.b@qq.com"),
        (component("number"), "两百块", 200),
        (component("number"), "大概 99.5 元", 99.5),
        (component("number"), "不知道", None),
        (component("checkbox"), "嗯，加急", True),
        (component("checkbox"), "不用", False),
        (component("checkbox"), "跳过", None),
        (TRUTH, "收到了", True),
        (TRUTH, "2", False),
        (TRUTH, "没收到呢", False),
        (TRUTH, "是的", True),
        (RADIO, "不同意", "reject"),
        (RADIO, "第一个", "accept"),
        (RADIO, "跳过", None),
        (LIST, "都选", ["accept", "reject"]),
        (LIST, "没有", None),
        (component("datetime", subtype="date"), "昨天", "2026-11-21"),
        (component("datetime", subtype="date"), "11月3日", "2026-11-03"),
        (component("datetime", subtype="date", disallowPassedDates=True), "3号", "2026-12-03"),
        (component("datetime", subtype="time", timeLabel="几点"), "下午三点半", "15:30"),
        (component("datetime"), "昨天下午3点", "2026-11-21T15:00+08:00"),
        (PICTURES, "没有", None),
    ],
)
def test_an_answer_is_understood_as_people_write_it(
    raw: dict[str, Any], text: str, expected: Any
) -> None:
    value = heard(raw, text)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("raw", "text", "words"),
    [
        (component("textfield", validate={"required": True}), " ", "必须填写"),
        (component("textfield", validate={"maxLength": 3}), "太长太长", "最多 3 个字"),
        (PHONE, "13812345678 和 13912345678", "格式不对"),
        (PHONE, "没带手机", "格式不对"),
        (component("number"), "很多", "只写一个数字"),
        (component("number"), "200到300", "只写一个数字"),
        (component("number", validate={"max": 100}), "200", "不能大于 100"),
        (component("checkbox"), "什么意思", "“是”或“否”"),
        (component("checkbox", validate={"required": True}), "不", "勾选"),
        (TRUTH, "怎么了", "1. 收到了\n2. 还没收到"),
        (RADIO, "让我想想", "1. 同意\n2. 不同意"),
        (RADIO, "3", "1. 同意"),
        (LIST, "看情况", "可以多选"),
        (component("datetime", subtype="date"), "有空的时候", "2026-11-20"),
        (component("datetime", subtype="date", disallowPassedDates=True), "昨天", "不能早于今天"),
        (component("datetime", subtype="time", timeLabel="几点"), "下午", "几点"),
        (component("datetime"), "昨天", "哪天几点"),
        (PICTURES, "照片在手机里", "发到这里"),
    ],
)
def test_what_is_not_understood_is_asked_for_kindly(
    raw: dict[str, Any], text: str, words: str
) -> None:
    with pytest.raises(AnswerNotUnderstood) as caught:
        heard(raw, text)
    assert words in caught.value.detail
    assert caught.value.facts == {"key": "answer"}


def test_a_required_question_cannot_be_passed_over() -> None:
    required = component("radio", values=CHOICES, validate={"required": True})
    with pytest.raises(AnswerNotUnderstood):
        heard(required, "跳过")


def test_the_summary_says_what_was_answered_in_words(confirmation: Form) -> None:
    answers = {"decision": "reject", "reason": "太少了"}
    assert summary(confirmation, answers) == "您同意这个方案吗？：不同意\n不同意的原因：太少了"


def test_the_summary_leaves_out_what_is_hidden_or_passed_over() -> None:
    read = form(
        component("checkbox", "a", "加急"),
        component("textfield", "b", "原因", conditional={"hide": "=not(a = true)"}),
        component("number", "c", "金额"),
    )
    assert summary(read, {"a": False, "b": "忘了删", "c": None}) == "加急：否"


def test_the_summary_shows_each_kind_as_people_read_it() -> None:
    read = form(
        component("radio", "r", "收货", values=TRUTHS),
        component("checklist", "l", "情况", values=CHOICES),
        component("datetime", "at", "时间"),
        component("filepicker", "p", "照片", multiple=True),
        component("number", "n", "金额"),
        component("textarea", "t", "说明"),
    )
    answers = {
        "r": False,
        "l": ["accept", "reject"],
        "at": "2026-11-21T15:00+08:00",
        "p": [PHOTO, PHOTO],
        "n": 12.5,
        "t": "长" * 300,
    }
    assert summary(read, answers).splitlines() == [
        "收货：还没收到",
        "情况：同意、不同意",
        "时间：2026-11-21 15:00",
        "照片：2 个文件",
        "金额：12.5",
        "说明：" + "长" * 200 + "…",
    ]


def spoken(field: Field, draw: st.DataObject) -> str:
    """A message a sensible customer might answer with."""
    if not field.required and draw.draw(st.booleans()):
        return "跳过"
    if field.choices:
        number = draw.draw(st.integers(1, len(field.choices)))
        choice = field.choices[number - 1]
        return draw.draw(st.sampled_from([str(number), f"第{number}个", choice.label]))
    return draw.draw(st.sampled_from(_ANSWERS.get(_sort(field), ["浙江省杭州市西湖区文三路 1 号"])))


def _sort(field: Field) -> str:
    if field.limits.pattern:
        return field.key
    return str(field.limits.format or field.kind)


_ANSWERS = {
    "waybill_no": ["YT2700000000001", "单号 SF1234567890123"],
    "new_waybill_no": ["YT2700000000002"],
    "contact_phone": ["13812345678", "电话13812345678"],
    "phone": ["020-12345678", "13912345678"],
    "tax_no": ["91330100MA27XXXX0L"],
    "email": ["a@qq.com", "邮箱 b.c@163.com"],
    "number": ["1", "0.5", "1元", "一块"],
    "yes_no": ["是", "不"],
    "date": ["明天", "12月25日", "2027年1月5日"],
}


@given(st.sampled_from(sorted(shipped())), st.data())
@settings(max_examples=400, deadline=None)
def test_walking_any_shipped_form_ends_and_what_was_answered_is_valid(
    name: str, draw: st.DataObject
) -> None:
    walked = shipped()[name]
    answers: dict[str, Any] = {}
    for _ in walked.fields:
        asked = next_question(walked, answers)
        if asked is None:
            break
        assert asked.key not in answers
        if asked.kind is FieldKind.FILES:
            answers[asked.key] = [PHOTO]
        else:
            answers[asked.key] = read_answer(asked, spoken(asked.field, draw), TODAY)
    assert next_question(walked, answers) is None
    kept = validate(walked, answers, None, today=TODAY)
    assert kept == {key: value for key, value in answers.items() if value not in (None, [])}
    told = summary(walked, answers)
    assert all(field.label in told for field in walked.fields if field.key in kept)


@given(st.sampled_from(sorted(shipped())), st.text(max_size=60), st.data())
@settings(max_examples=400, deadline=None)
def test_whatever_is_said_a_walk_understands_it_or_says_how(
    name: str, text: str, draw: st.DataObject
) -> None:
    asked = question_of(draw.draw(st.sampled_from(shipped()[name].fields)))
    try:
        read_answer(asked, text, TODAY)
    except AnswerNotUnderstood as error:
        told = error.detail
    else:
        told = "understood"
    assert told
