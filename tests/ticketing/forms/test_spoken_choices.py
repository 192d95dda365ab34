"""Choices are understood by words, synonyms and numbers; a denied word is not chosen."""

from __future__ import annotations

import pytest

from ticketing.forms.form import Choice
from ticketing.forms.spoken_choices import pick, pick_several, skips, yes_or_no

SOLUTION = (
    Choice("accept", "同意", ("可以", "接受", "满意")),
    Choice("reject", "不同意", ("不行", "不接受", "拒绝")),
)
PACKAGING = (
    Choice("intact", "完好"),
    Choice("broken", "破损"),
    Choice("wet", "受潮"),
    Choice("opened", "被拆过（封箱带不对）"),
)
INSURED = (Choice("yes", "有保价"), Choice("no", "没有保价"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("同意", "accept"),
        ("不同意", "reject"),
        ("我不同意", "reject"),
        ("同意。", "accept"),
        ("好的，我同意这个方案", "accept"),
        ("不接受这个金额", "reject"),
        ("不满意", None),
        ("接受", "accept"),
        ("拒绝", "reject"),
        ("accept", "accept"),
        ("1", "accept"),
        ("2", "reject"),
        ("2.", "reject"),
        ("第一个", "accept"),
        ("第2个", "reject"),
        ("选二", "reject"),
        ("我选第二项", "reject"),
        ("B", "reject"),
        ("选a", "accept"),
        ("最后一个", "reject"),
        ("３", None),
        ("0", None),
        ("99999", None),
        ("", None),
        ("让我想想", None),
        ("同意不同意都行", None),
    ],
)
def test_one_of_two_opposites_is_picked(text: str, expected: str | None) -> None:
    picked = pick(SOLUTION, text)
    assert (picked.value if picked else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("没有保价", "no"),
        ("有保价", "yes"),
        ("没保价", None),
        ("我有保价的", "yes"),
    ],
)
def test_a_longer_label_wins_over_one_within_it(text: str, expected: str | None) -> None:
    picked = pick(INSURED, text)
    assert (picked.value if picked else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("外箱破损了", "broken"),
        ("被拆过", "opened"),
        ("没有破损", None),
        ("不是受潮，是破损", "broken"),
        ("破损和受潮", None),
        ("4", "opened"),
        ("四", "opened"),
    ],
)
def test_a_choice_is_found_within_a_sentence(text: str, expected: str | None) -> None:
    picked = pick(PACKAGING, text)
    assert (picked.value if picked else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1、3", ["intact", "wet"]),
        ("1，3", ["intact", "wet"]),
        ("3 2", ["broken", "wet"]),
        ("2和3", ["broken", "wet"]),
        ("破损、受潮", ["broken", "wet"]),
        ("破损还有受潮", ["broken", "wet"]),
        ("又破损又受潮了", ["broken", "wet"]),
        ("受潮", ["wet"]),
        ("2", ["broken"]),
        ("全部", ["intact", "broken", "wet", "opened"]),
        ("都没有", []),
        ("没有", []),
        ("看不出来", None),
        ("1、9", None),
    ],
)
def test_several_are_picked(text: str, expected: list[str] | None) -> None:
    picked = pick_several(PACKAGING, text)
    assert (None if picked is None else [choice.value for choice in picked]) == expected


@pytest.mark.parametrize("text", ["是", "是的", "对", "好的", "嗯嗯", "可以", "没问题", "YES", "1"])
def test_yes_is_understood(text: str) -> None:
    assert yes_or_no(text) is True


@pytest.mark.parametrize(
    "text", ["否", "不是", "不", "没有", "不用了", "不可以", "No", "2", "还没"]
)
def test_no_is_understood(text: str) -> None:
    assert yes_or_no(text) is (None if text == "还没" else False)


@pytest.mark.parametrize("text", ["", "也许", "为什么要问这个", "是" * 40])
def test_what_is_neither_is_not_guessed(text: str) -> None:
    assert yes_or_no(text) is None


def test_a_question_is_passed_over_in_many_words_or_firmly_in_few() -> None:
    assert skips("没有")
    assert skips("不知道。")
    assert skips("跳过", firmly=True)
    assert not skips("没有", firmly=True)
    assert not skips("没有签收")
