"""Waybill numbers inside what customers write."""

from __future__ import annotations

import pytest

from bot.components.waybill import WaybillExtractor

extractor = WaybillExtractor({})


def values(text: str, entity: str = "waybill_no") -> list[str]:
    """The numbers found in a text."""
    return [found.value for found in extractor.find(text, []) if found.entity == entity]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("SF1234567890123", "SF1234567890123"),
        ("sf1234567890123", "SF1234567890123"),
        ("查SF1234567890123到哪了", "SF1234567890123"),
        ("单号是SF1234567890123，谢谢", "SF1234567890123"),
        ("单号：yt1234567890123。", "YT1234567890123"),
        ("ＳＦ１２３４５６７８９０１２３到哪了", "SF1234567890123"),
        ("ｙｔ1234567890123", "YT1234567890123"),
        ("SF 1234567890123", "SF1234567890123"),
        ("SF 1234 5678 90123 到哪", "SF1234567890123"),
        ("SF-1234-5678-90123", "SF1234567890123"),
        ("SF－1234－5678－90123", "SF1234567890123"),
        ("YT 1234 5678 90123呢", "YT1234567890123"),
        ("圆通YT123456789012345", "YT123456789012345"),
        ("圆通快递YT123456789012345678怎么样", "YT123456789012345678"),
        ("JT1234567890123到哪里了啊", "JT1234567890123"),
        ("JT123456789012345", "JT123456789012345"),
        ("申通773012345678901", "773012345678901"),
        ("773012345 678901", "773012345678901"),
        ("中通78123456789012在哪", "78123456789012"),
        ("7812 3456 7890 12", "78123456789012"),
        ("韵达432123456789012", "432123456789012"),
        ("4321-2345-6789-012", "432123456789012"),
        ("yd1234567890123", "YD1234567890123"),
        ("京东JDVA12345678901", "JDVA12345678901"),
        ("JD12345678901234", "JD12345678901234"),
        ("德邦DPK123456789012", "DPK123456789012"),
        ("邮政EA123456789CN到了没", "EA123456789CN"),
        ("ea 123456789 cn", "EA123456789CN"),
        ("LP12345678901234", "LP12345678901234"),
        ("顺丰123456789012", "123456789012"),
        ("我的快递是123456789012麻烦看下", "123456789012"),
        ("zto123456789012", "ZTO123456789012"),
        ("申通sto773012345678901", "773012345678901"),
        ("【YT1234567890123】", "YT1234567890123"),
        ("单号SF1234567890123什么时候到", "SF1234567890123"),
        ("運單SF1234567890123去到邊", "SF1234567890123"),
        ("SF1234567890123😂", "SF1234567890123"),
        ("SF1234567890123，尾号6789", "SF1234567890123"),
        ("SF1234567890123 2件", "SF1234567890123"),
    ],
)
def test_one_number_is_found_and_normalised(text: str, number: str) -> None:
    assert values(text) == [number]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("SF1234567890123 YT1234567890123", ["SF1234567890123", "YT1234567890123"]),
        ("SF1234567890123和YT1234567890123", ["SF1234567890123", "YT1234567890123"]),
        ("SF1234567890123，SF1234567890124", ["SF1234567890123", "SF1234567890124"]),
        ("123456789012 773012345678901", ["123456789012", "773012345678901"]),
        ("SF1234567890123 sf1234567890123", ["SF1234567890123"]),
        ("一个是JT1234567890123\n另一个YT 1234567890123", ["JT1234567890123", "YT1234567890123"]),
    ],
)
def test_several_numbers_are_found_once_each(text: str, numbers: list[str]) -> None:
    assert values(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "",
        "到哪了",
        "13800138000",
        "我电话158 1234 5678",
        "尾号6789",
        "2026年11月22日",
        "100块",
        "😂",
    ],
)
def test_other_numbers_are_no_waybills(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize("text", ["ABC12345678901234567", "单号XX99887766554433"])
def test_a_long_number_of_no_carrier_is_only_like_one(text: str) -> None:
    assert values(text) == []
    assert len(values(text, "waybill_like")) == 1


def test_offsets_are_those_of_the_customers_text() -> None:
    text = "查ＳＦ 1234 5678 90123到哪了"
    found = extractor.find(text, [])[0]
    assert text[found.start : found.end] == "ＳＦ 1234 5678 90123"


def test_what_another_component_took_is_left_alone() -> None:
    assert extractor.find("SF1234567890123", [(0, 15)]) == []


def test_the_patterns_come_from_the_catalog_and_enter_the_fingerprint(tmp_path) -> None:  # type: ignore[no-untyped-def]
    catalog = tmp_path / "catalog.yml"
    catalog.write_text("carriers: [{code: X, waybill_patterns: ['QQ[0-9]{6}']}]", encoding="utf-8")
    config = {"catalog": str(catalog)}
    assert WaybillExtractor(config).find("件QQ123456", [])[0].value == "QQ123456"
    before = WaybillExtractor.fingerprint_addon(config)
    catalog.write_text("carriers: []", encoding="utf-8")
    assert WaybillExtractor.fingerprint_addon(config) != before
