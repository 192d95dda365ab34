"""Numbers are understood as people write them, and only when there is one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.forms.spoken_numbers import chinese_number, in_digits, number_in

SAID = {
    "200": "200",
    "200元": "200",
    "200块": "200",
    "200 块钱": "200",
    "¥200": "200",
    "￥200.50": "200.50",
    "1,200.5元": "1200.5",
    "12,345,678": "12345678",
    "大概500左右": "500",
    "五百": "500",
    "两百五": "250",
    "一千二": "1200",
    "一千零二": "1002",
    "三万五": "35000",
    "十五": "15",
    "二十": "20",
    "一百一十": "110",
    "三点五": "3.5",
    "1.5万": "15000",
    "3万": "30000",
    "2k": "2000",
    "3W": "30000",
    "5块5": "5.5",
    "12元5角": "12.5",
    "５００": "500",
    "-5": "-5",
    "0": "0",
    "零": "0",
    "一共两百块": "200",
    "我花了 89.9": "89.9",
    "买的时候 300 元": "300",
    "200元，共200": "200",
    "2件，一共 300 元": "300",
}


@pytest.mark.parametrize(("text", "expected"), SAID.items())
def test_a_number_is_understood(text: str, expected: str) -> None:
    assert number_in(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text", ["", "不知道", "很多", "200到300", "200-300元", "100元或200元", "3和5", "万", "百"]
)
def test_no_number_or_more_than_one_is_not_guessed(text: str) -> None:
    assert number_in(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("二零二六", 2026), ("九万八千七百六十五", 98765), ("一亿零三", 100000003), ("十万", 100000)],
)
def test_a_chinese_number_is_read(text: str, expected: int) -> None:
    assert chinese_number(text) == expected


@pytest.mark.parametrize("text", ["", "百", "零百", "一点"])
def test_what_is_no_chinese_number_is_none_or_whole(text: str) -> None:
    assert chinese_number(text) in (None, 1)


def test_chinese_numbers_before_a_sign_become_digits() -> None:
    assert in_digits("十一月二十号下午三点", "月号点") == "11月20号下午3点"


def in_chinese(number: int) -> str:
    """A slow way to write a number below ten thousand."""
    digits = "零一二三四五六七八九"
    written = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            written += digits[digit] + name
        elif written and not written.endswith("零"):
            written += "零"
    return written.rstrip("零") or "零"


@given(st.integers(0, 9999))
def test_every_number_below_ten_thousand_is_read_back(number: int) -> None:
    assert chinese_number(in_chinese(number)) == number


@given(st.integers(0, 10**12), st.sampled_from(["", "元", "块", " 块钱", "公斤"]))
def test_every_number_in_digits_is_read_back(number: int, unit: str) -> None:
    assert number_in(f"{number}{unit}") == number
    assert number_in(f"{number:,}{unit}") == number


@given(st.text(alphabet="零一二三四五六七八九十百千万亿两点0123456789.,-元块角到 ", max_size=60))
def test_any_mixture_is_understood_or_not_but_never_breaks(text: str) -> None:
    value = number_in(text)
    assert value is None or value.is_finite()
