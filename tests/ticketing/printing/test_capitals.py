"""Sums of money in capitals, against a reader that knows only how they are read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.printing.capitals import LIMIT, in_capitals, in_figures

FEN = st.integers(0, int(LIMIT * 100) - 1)
DIGITS = {digit: number for number, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}
MYRIADS = {"亿": 10**8, "万": 10**4, "元": 1}


def read_aloud(text: str) -> Decimal:
    """The sum that somebody hears who is read the capitals."""
    yuan = group = digit = 0
    fen = 0
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS[sign]
        elif sign in PLACES:
            group, digit = group + digit * PLACES[sign], 0
        elif sign in MYRIADS:
            yuan, group, digit = yuan + (group + digit) * MYRIADS[sign], 0, 0
        elif sign in "角分":
            fen, digit = fen + digit * (10 if sign == "角" else 1), 0
    return yuan + Decimal(fen) / 100


@pytest.mark.parametrize(
    ("yuan", "capitals"),
    [
        ("120", "壹佰贰拾元整"),
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.30", "叁角整"),
        ("10", "壹拾元整"),
        ("15.5", "壹拾伍元伍角整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("100000", "壹拾万元整"),
        ("1000001", "壹佰万零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("100000000", "壹亿元整"),
        ("10203040.50", "壹仟零贰拾万叁仟零肆拾元伍角整"),
        ("2000000000.01", "贰拾亿元零壹分"),
    ],
)
def test_sums_are_written_as_banks_write_them(yuan: str, capitals: str) -> None:
    assert in_capitals(Decimal(yuan)) == capitals


def test_half_a_fen_is_rounded_up() -> None:
    assert in_capitals(Decimal("1.005")) == "壹元零壹分"
    assert in_figures(Decimal("1.005")) == "1.01"


def test_figures_have_two_decimals_and_commas() -> None:
    assert in_figures(Decimal("1234567.5")) == "1,234,567.50"


@pytest.mark.parametrize("yuan", [Decimal("-0.01"), LIMIT])
def test_what_no_parcel_is_worth_is_refused(yuan: Decimal) -> None:
    with pytest.raises(ValueError, match="sum of money"):
        in_capitals(yuan)


@given(FEN)
def test_every_sum_is_read_back_as_it_was(fen: int) -> None:
    yuan = Decimal(fen) / 100
    assert read_aloud(in_capitals(yuan)) == yuan


@given(FEN, FEN)
def test_two_sums_are_never_written_alike(one: int, other: int) -> None:
    same = in_capitals(Decimal(one) / 100) == in_capitals(Decimal(other) / 100)
    assert same == (one == other)


@given(FEN)
def test_no_zero_stands_twice_or_at_an_end(fen: int) -> None:
    capitals = in_capitals(Decimal(fen) / 100)
    assert "零零" not in capitals
    assert fen == 0 or not capitals.startswith("零")
    assert capitals[-1] in "整分"
