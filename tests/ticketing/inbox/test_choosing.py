"""What customers answer to a question with choices, and what only sounds like it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ticketing.forms import walk
from ticketing.forms.form import Choice
from ticketing.forms.shipped import shipped
from ticketing.forms.walk import Question
from ticketing.inbox.choosing import Chosen, choose


def asked(form: str) -> Question:
    question = walk.next_question(shipped()[form], {})
    assert question is not None
    return question


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        ("confirm_solution", "同意", "accept"),
        ("confirm_solution", "同意。", "accept"),
        ("confirm_solution", "同意的，谢谢", "accept"),
        ("confirm_solution", "不同意", "reject"),
        ("confirm_solution", "1", "accept"),
        ("confirm_solution", "选第二个", "reject"),
        ("confirm_solution", "可以", "accept"),
        ("confirm_solution", "好的", "accept"),
        ("confirm_solution", "ok", "accept"),
        ("confirm_solution", "不满意", "reject"),
        ("confirm_receipt", "收到了", True),
        ("confirm_receipt", "嗯", True),
        ("confirm_receipt", "还没收到", False),
        ("confirm_receipt", "没有", False),
    ],
)
def test_right_after_the_question_short_words_answer_it(form: str, text: str, value: Any) -> None:
    assert choose(asked(form), text, just_asked=True) == Chosen(value)


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("不同意，赔得太少了", Chosen("reject", "赔得太少了")),
        ("不满意，赔得太少了", Chosen("reject", "赔得太少了")),
        ("同意！快点打款", Chosen("accept", "快点打款")),
        ("太少了，我不同意", Chosen("reject", "太少了")),
        ("才赔这么点，我还是不接受，谢谢", Chosen("reject", "才赔这么点")),
        ("太少了吧", Chosen("reject")),
        ("那就这样，同意", Chosen("accept", "那就这样")),
    ],
)
def test_what_follows_a_choice_is_kept(text: str, chosen: Chosen) -> None:
    assert choose(asked("confirm_solution"), text, just_asked=True) == chosen


@pytest.mark.parametrize(
    "text",
    [
        *("要转人工", "能不能快点", "有人吗", "好慢啊", "是不是丢了", "没人管吗", "不要了退货吧"),
        *("他们不同意，怎么办", "同意和不同意有什么区别"),
        *("同意书在哪里下载", "可以查一下另一个快递吗", "收到了吗你们", "3", "我的快递到哪了"),
    ],
)
@pytest.mark.parametrize("just_asked", [True, False])
@pytest.mark.parametrize("form", ["confirm_solution", "confirm_receipt"])
def test_other_talk_is_no_answer(form: str, text: str, *, just_asked: bool) -> None:
    assert choose(asked(form), text, just_asked=just_asked) is None


@pytest.mark.parametrize("text", ["好的", "可以", "嗯", "1", "没有", "ok"])
def test_later_on_loose_words_may_mean_anything(text: str) -> None:
    assert choose(asked("confirm_solution"), text, just_asked=False) is None


@pytest.mark.parametrize(("text", "value"), [("同意", "accept"), ("不同意。", "reject")])
def test_later_on_the_words_of_the_button_still_count(text: str, value: str) -> None:
    assert choose(asked("confirm_solution"), text, just_asked=False) == Chosen(value)


@pytest.mark.parametrize(
    "text",
    [
        *("赔200块，我同意", "要是赔200，同意", "不要以为，我同意了", "太少了，算了，同意"),
        *(
            "加到300，可以",
            "再加五十，行",
            "帮我查一下 YT123，可以",
            "我问的是另一个单子，没问题吧",
        ),
        *("我想问一下，不同意，你们怎么办", "同意 不同意", "可以，就是太少", "可以，加到300"),
    ],
)
@pytest.mark.parametrize("just_asked", [True, False])
def test_terms_of_ones_own_and_other_matters_are_no_consent(text: str, *, just_asked: bool) -> None:
    assert choose(asked("confirm_solution"), text, just_asked=just_asked) is None


@pytest.mark.parametrize(
    "text",
    [
        *("快递显示签收了，还没收到", "YT123456，还没收到", "那个退款，还没收到", "短信，收到了"),
        *("收到了，其实还没收到", "另一个包裹，收到了"),
    ],
)
def test_what_has_come_or_not_may_be_said_of_anything(text: str) -> None:
    for just_asked in (True, False):
        assert choose(asked("confirm_receipt"), text, just_asked=just_asked) is None


def test_a_refusal_may_name_what_would_do() -> None:
    chosen = choose(asked("confirm_solution"), "我不同意，至少要300块", just_asked=True)
    assert chosen == Chosen("reject", "至少要300块")


@pytest.mark.parametrize("label", ["我要退款", "那就算了"])
def test_a_button_that_begins_like_small_talk_can_be_pressed(label: str) -> None:
    choices = (Choice("x", label), Choice("y", "不用"))
    question = replace(asked("confirm_solution"), choices=choices)
    assert choose(question, label, just_asked=False) == Chosen("x")


def test_later_on_they_count_among_other_clauses_too() -> None:
    chosen = choose(asked("confirm_solution"), "我想了想，还是不同意", just_asked=False)
    assert chosen == Chosen("reject", "我想了想")


def test_an_answer_to_another_question_is_left_to_it() -> None:
    assert choose(asked("confirm_receipt"), "同意", just_asked=False) is None
    assert choose(asked("confirm_receipt"), "不同意", just_asked=True) is None
