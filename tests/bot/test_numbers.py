"""Numbers, digits and the names of places, as customers write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.components.chinese_numbers import number, whole
from bot.components.divisions import Division, Divisions
from bot.components.other_numbers import other_numbers
from bot.components.spoken_digits import spelt


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("128", "128"),
        ("1,280.5", "1280.5"),
        ("1.2万", "12000"),
        ("3k", "3000"),
        ("2W", "20000"),
        ("三百五", "350"),
        ("三百零五", "305"),
        ("两万三", "23000"),
        ("一千零一", "1001"),
        ("十", "10"),
        ("十二", "12"),
        ("二十", "20"),
        ("两三百", "200"),
        ("三四", "3"),
        ("一二三四", "1234"),
        ("十万", "100000"),
        ("一万二千三百四十五", "12345"),
        ("贰佰伍拾", "250"),
        ("俩", "2"),
        ("仨", "3"),
        ("零", "0"),
        ("二〇二六", "2026"),
    ],
)
def test_a_number_is_read(written: str, value: str) -> None:
    assert number(written) == Decimal(value)


@pytest.mark.parametrize("written", ["", "快递", "三个", "1.2.3", "百度", " "])
def test_what_is_no_number_is_none(written: str) -> None:
    assert number(written) is None


@pytest.mark.parametrize(
    ("written", "value"), [("1.2万", 12000), ("1.5", None), ("三", 3), ("x", None)]
)
def test_a_whole_number_has_no_fraction(written: str, value: int | None) -> None:
    assert whole(written) == value


def test_digits_read_out_become_digits() -> None:
    assert spelt("幺三八洞洞幺三八零勾拐") == "13800138097"
    assert spelt("尾号六七八玖") == "尾号6789"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("订单号71625308837到哪了", "71625308837"),
        ("2026-11-22 14:05签收的", "2026-11-22 14:05"),
        ("打了400-811-1111没人接", "400-811-1111"),
        ("座机0571-88888888", "0571-88888888"),
        ("银行卡号: 6222020200012345678", "6222020200012345678"),
        ("取件码12345678", "12345678"),
        ("身份证330106199001011234", "330106199001011234"),
    ],
)
def test_a_number_that_is_said_to_be_something_else_is_found(text: str, found: str) -> None:
    assert found in {text[start:end] for start, end in other_numbers(text)}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "到哪了",
        "尾号6789",
        "快递单号71625308837123",
        "运单号：71625308837123",
        "SF1234567890123",
    ],
)
def test_a_waybill_number_is_nothing_else(text: str) -> None:
    assert other_numbers(text) == []


ROWS = [
    ("浙江省", Division("浙江省")),
    ("杭州市", Division("浙江省", "杭州市")),
    ("西湖区", Division("浙江省", "杭州市", "西湖区")),
    ("南昌市", Division("江西省", "南昌市")),
    ("西湖区", Division("江西省", "南昌市", "西湖区")),
    ("内蒙古自治区/内蒙古", Division("内蒙古自治区")),
]
DIVISIONS = Divisions(ROWS)


@pytest.mark.parametrize(
    ("text", "name", "whole_name"),
    [
        ("杭州市西湖区", "杭州市", True),
        ("杭州的", "杭州", False),
        ("内蒙古", "内蒙古", False),
        ("内蒙古自治区", "内蒙古自治区", True),
    ],
)
def test_the_longest_name_is_taken(text: str, name: str, whole_name: bool) -> None:
    named = DIVISIONS.at(text, 0)
    assert named is not None
    assert (text[named.start : named.end], named.whole) == (name, whole_name)


def test_a_name_that_two_cities_share_means_both() -> None:
    named = DIVISIONS.at("住在西湖区", 2)
    assert named is not None
    assert {each.city for each in named.meant} == {"杭州市", "南昌市"}


@pytest.mark.parametrize(
    ("text", "place"), [("", 0), ("杭", 0), ("上海", 0), ("杭州", 1), ("杭州", 9)]
)
def test_where_no_name_begins_there_is_none(text: str, place: int) -> None:
    assert DIVISIONS.at(text, place) is None


def test_a_sign_within_a_name_is_covered_by_it() -> None:
    assert DIVISIONS.covers("去杭州市", (2, 3))
    assert not DIVISIONS.covers("去杭州市", (0, 1))
    assert not DIVISIONS.covers("去杭州市", (1, 3))


def test_a_division_lies_within_those_above_it() -> None:
    county = Division("浙江省", "杭州市", "西湖区")
    assert county.within(Division("浙江省"))
    assert county.within(Division("浙江省", "杭州市"))
    assert not county.within(Division("江西省"))
    assert not Division("浙江省").within(county)
    assert [Division("a").level, Division("a", "b").level, county.level] == [0, 1, 2]
