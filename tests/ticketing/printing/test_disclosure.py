"""A paper says of a person what it is for, and no more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.printing.disclosure import Personal, masked_address, masked_words, told

NOTHING: frozenset[Personal] = frozenset()


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("phone", "13812345678", "138****5678"),
        ("contact_phone", "13812345678", "138****5678"),
        ("address", "广东省深圳市南山区科技路1号", "广东省深圳市南山区****"),
        ("new_address", "苏州市园区路3号", "苏州市****"),
        ("account", "6222021234567890123", "****0123"),
        ("bank_card", "6222021234567890123", "****0123"),
        ("item", "陶瓷茶具", "陶瓷茶具"),
        ("receiver", "王小明", "王**"),
        ("email", "wang.xm@qq.com", "w***@qq.com"),
        ("reason", "打13812345678找我", "打138****5678找我"),
    ],
)
def test_a_detail_is_masked_unless_it_is_needed(name: str, value: str, shown: str) -> None:
    assert told(name, value, NOTHING) == shown


@pytest.mark.parametrize(
    ("need", "name", "value"),
    [
        (Personal.PHONE, "phone", "13812345678"),
        (Personal.ADDRESS, "new_address", "广东省深圳市南山区科技路1号"),
        (Personal.ACCOUNT, "account", "6222021234567890123"),
    ],
)
def test_what_a_paper_needs_is_said_whole(need: Personal, name: str, value: str) -> None:
    assert told(name, value, frozenset({need})) == value
    assert told(name, value, frozenset(Personal) - {need}) != value


def test_cards_and_identity_numbers_in_words_are_masked() -> None:
    assert (
        masked_words("身份证44030119900101123X，卡6222021234567890123")
        == "身份证****123X，卡****0123"
    )


@pytest.mark.parametrize("number", ["YT2700000000001", "773012345678901", "SF1234567890123"])
def test_waybill_numbers_are_no_secrets(number: str) -> None:
    assert masked_words(f"运单{number}") == f"运单{number}"


@given(st.from_regex(r"[一-龥]{0,10}(路|街|村)[0-9]{1,4}号[0-9]{1,3}室", fullmatch=True))
def test_no_masked_address_finds_a_door(address: str) -> None:
    door = address[-5:]
    assert door not in masked_address(f"广东省深圳市南山区{address}")
