"""Where a message falls into parts, and where it must not."""

from __future__ import annotations

import pytest

from bot.components.clauses import MOST, Clause, clauses


def parts(text: str) -> list[str]:
    """The parts without the blanks around them."""
    return [clause.text.strip() for clause in clauses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("到哪了？运费多少！", ["到哪了", "运费多少"]),
        ("到哪了;运费多少", ["到哪了", "运费多少"]),
        ("到哪了\n运费多少", ["到哪了", "运费多少"]),
        ("到哪了……运费多少～～", ["到哪了", "运费多少"]),
        ("到哪了\u3000\u3000运费多少", ["到哪了", "运费多少"]),
        ("到哪了顺便问下运费多少", ["到哪了", "顺便问下运费多少"]),
        ("破了对了运费多少", ["破了", "对了运费多少"]),
        ("帮我查这个再查一下运费", ["帮我查这个", "再查一下运费"]),
        ("杯子碎了同时少了一个碗", ["杯子碎了", "同时少了一个碗"]),
        ("收到一箱坏了一箱没收到", ["收到一箱坏了", "一箱没收到"]),
    ],
)
def test_a_sign_a_gap_or_a_word_of_addition_begins_a_part(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "SF1234567890123 到哪了",
        "收件人电话 13800138000",
        "赔我1,280元",
        "赔我1，280元",
        "单号不对了怎么办",
        "地址写对了吗",
        "分不同时间段送可以吗",
        "在同时间到的",
        "别再问我了",
        "不再查了吧",
        "还有三天到期",
        "一个一个都坏了",
        "我另外那件到哪了",
        "iphone 15 pro",
    ],
)
def test_what_belongs_together_is_not_cut(text: str) -> None:
    assert len(parts(text)) == 1


@pytest.mark.parametrize("text", ["", " ", "，", "？！。", "\n\n", "啊", "啊，哦。", "\u3000"])
def test_where_nothing_is_said_there_are_no_parts(text: str) -> None:
    assert clauses(text) == []


def test_signs_alone_are_a_part_that_nobody_understands() -> None:
    assert parts("😀😀😀") == ["😀😀😀"]


@pytest.mark.parametrize(
    ("text", "adds"),
    [
        ("破了，另外运费多少", [False, True]),
        ("破了，运费多少", [False, False]),
        ("破了， 顺便问运费", [False, True]),
        ("再查一个", [True]),
        ("我再查一个运费", [True]),
    ],
)
def test_a_part_knows_whether_it_begins_with_a_word_of_addition(
    text: str, adds: list[bool]
) -> None:
    assert [clause.adds for clause in clauses(text)] == adds


@pytest.mark.parametrize(
    "text",
    [
        "  破了 ，  我要赔钱  ",
        "😀破了，😀运费多少",
        "一盒碎了一盒没到，另外我要改地址",
        "SF1234567890123破了,YT1234567890123没到",
        "破了" * 1000,
        "破了，" * 666,
        "一个破了" * 500,
        "，" * 2000,
        "另外" * 1000,
        "1,280," * 300,
    ],
)
def test_places_are_those_of_the_text_and_never_overlap(text: str) -> None:
    found = clauses(text)
    assert all(text[clause.start : clause.end] == clause.text for clause in found)
    ends = [0, *(clause.end for clause in found)]
    assert all(clause.start >= end for clause, end in zip(found, ends, strict=False))
    assert len(found) <= MOST


def test_the_first_parts_of_a_long_story_are_kept() -> None:
    found = clauses("，".join(f"第{number}件事" for number in range(20)))
    assert found[0] == Clause("第0件事", 0, 4, adds=False)
    assert found[-1].text == "第7件事"
