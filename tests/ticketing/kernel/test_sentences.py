"""Values in sentences: how they are spaced, and that a missing one leaves no hole."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.kernel.sentences import put_in


@pytest.mark.parametrize(
    ("template", "value", "said"),
    [
        ("预计 {x} 送达", "后天下午", "预计后天下午送达"),
        ("预计{x}送达", "2026-11-25", "预计 2026-11-25 送达"),
        ("预计 {x} 送达", "11月25日", "预计 11月25日送达"),
        ("预计 {x} 送达", None, "预计送达"),
        ("预计 {x} 送达", "", "预计送达"),
        ("已经催{x}派送", "EMS", "已经催 EMS 派送"),
        ("已经催 {x} 派送", "顺丰速运", "已经催顺丰速运派送"),
        ("处理结果：{x}。", "A 仓补发", "处理结果：A 仓补发。"),
        ("工单 {x}：已受理", "T1", "工单 T1：已受理"),
        ("工单{x}", "T1", "工单 T1"),
        ("{x} 分", 5, "5 分"),
        ("{x}", " 明天 ", "明天"),
        ("没有空格的话", "谁", "没有空格的话"),
        ("", "谁", ""),
    ],
)
def test_a_value_stands_as_it_should_among_its_neighbours(
    template: str, value: str | int | None, said: str
) -> None:
    assert put_in(template, {"x": value}) == said


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("顺丰速运", "SF1", "顺丰速运 SF1：到了"),
        ("顺丰速运", "", "顺丰速运：到了"),
        ("", "SF1", "SF1：到了"),
        ("EMS", "SF1", "EMS SF1：到了"),
        ("", "", "：到了"),
    ],
)
def test_two_blanks_side_by_side_are_spaced_by_what_fills_them(
    one: str, other: str, said: str
) -> None:
    assert put_in("{a} {b}：到了", {"a": one, "b": other}) == said


def test_what_is_put_in_is_not_read_again() -> None:
    assert put_in("{a}和{b}", {"a": "{b}", "b": "乙"}) == "{b}和乙"


def test_a_word_nobody_fills_leaves_nothing_behind() -> None:
    assert put_in("预计 {eta} 送达", {}) == "预计送达"


HAN = st.text("我们已经把包裹送到了。，", max_size=6)


@given(before=HAN, value=HAN, after=HAN, gaps=st.tuples(*[st.sampled_from(["", " ", "  "])] * 2))
def test_no_space_comes_between_chinese_and_chinese(
    before: str, value: str, after: str, gaps: tuple[str, str]
) -> None:
    said = put_in(f"{before}{gaps[0]}{{x}}{gaps[1]}{after}", {"x": value})
    assert said == before + value + after


@given(value=st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True), gap=st.sampled_from(["", " ", "  "]))
def test_one_space_comes_between_chinese_and_a_number(value: str, gap: str) -> None:
    said = put_in(f"工单{gap}{{x}}{gap}已受理", {"x": value})
    assert said == f"工单 {value} 已受理"
    assert not re.search("  ", said)
