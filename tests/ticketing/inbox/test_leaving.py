"""What is understood of a message that is left after hours."""

from __future__ import annotations

import pytest

from ticketing.inbox.leaving import Left, matters, phone_in, read

NOTHING = Left()


@pytest.mark.parametrize(
    "text",
    [
        "算了",
        "不用了",
        "不用了谢谢",
        "算了吧",
        "不留了",
        "那算了",
        "好吧，算了",
        "明天再说",
        "不需要",
    ],
)
def test_who_wants_to_leave_nothing_says_so(text: str) -> None:
    found = read(text, NOTHING, just_asked=True)
    assert found is not None
    assert found.is_given_up


def test_later_the_same_words_are_about_something_else() -> None:
    assert read("算了", NOTHING, just_asked=False) is None


def test_a_matter_and_a_phone_in_one_message() -> None:
    found = read("快递淋湿了，打 138 1234 5678", NOTHING, just_asked=True)
    assert found is not None
    assert (found.phone, found.about) == ("13812345678", ("快递淋湿了，打 138 1234 5678",))


@pytest.mark.parametrize(
    "text", ["13812345678", "电话13812345678", "我的手机号是：13812345678", "请打 0571-87654321"]
)
def test_a_bare_phone_says_nothing_of_the_matter(text: str) -> None:
    found = read(text, NOTHING, just_asked=True)
    assert found is not None
    assert found.about == ()
    assert found.phone is not None


def test_what_was_said_before_is_kept() -> None:
    before = Left(about=("包裹破了",))
    found = read("13812345678", before, just_asked=True)
    assert found == Left(about=("包裹破了",), phone="13812345678")
    assert Left.of(found.as_json()) == found


@pytest.mark.parametrize("text", ["就在这里", "在这里联系我就行", "不方便留电话"])
def test_some_want_to_be_reached_in_the_chat(text: str) -> None:
    found = read(text, Left(about=("破了",)), just_asked=True)
    assert found is not None
    assert (found.is_here, found.phone, found.about) == (True, None, ("破了",))


@pytest.mark.parametrize("text", ["查快递", "你好", "SF1234567890123", "几点上班？", "谢谢"])
def test_what_is_for_the_bot_is_left_to_it(text: str) -> None:
    assert read(text, NOTHING, just_asked=True) is None


def test_a_question_with_a_phone_is_left_for_people() -> None:
    found = read("我的快递怎么还没到？打13812345678", NOTHING, just_asked=True)
    assert found is not None
    assert found.phone == "13812345678"


def test_a_phone_counts_even_later() -> None:
    assert read("13812345678", NOTHING, just_asked=False) is not None
    assert read("包裹破了", NOTHING, just_asked=False) is None


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("138-1234-5678", "13812345678"),
        ("0571-87654321", "057187654321"),
        ("SF1381234567890", None),
        ("12345678901", None),
        ("1381234567", None),
    ],
)
def test_phones_are_told_from_other_numbers(text: str, phone: str | None) -> None:
    assert phone_in(text) == phone


def test_of_earlier_words_those_that_tell_something_count() -> None:
    assert matters(["你好", "我的快递被雨淋湿了", "好的", "嗯"]) == ("我的快递被雨淋湿了",)
