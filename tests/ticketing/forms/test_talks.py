"""Whole talks through shipped forms, in customers' own words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from ticketing.forms.checking import validate
from ticketing.forms.form import FieldKind
from ticketing.forms.shipped import shipped
from ticketing.forms.walk import AnswerNotUnderstood, next_question, read_answer, summary

TODAY = date(2026, 11, 22)
PHOTO = "00000000-0000-0000-0000-000000000001"
Talk = Sequence[tuple[str, str]]


def talked(name: str, talk: Talk) -> dict[str, Any]:
    """Walk a form with these answers by key, in order; return what is kept of them.

    An answer beginning with `?` is one the walk is to ask back about, `#` sends a photo.
    """
    form = shipped()[name]
    answers: dict[str, Any] = {}
    for key, said in talk:
        asked = next_question(form, answers)
        assert asked is not None, f"nothing is asked any more, {key} was to be"
        assert asked.key == key
        if said.startswith("?"):
            with pytest.raises(AnswerNotUnderstood):
                read_answer(asked, said[1:], TODAY)
        elif said == "#":
            assert asked.kind is FieldKind.FILES
            answers[key] = [PHOTO]
        else:
            answers[key] = read_answer(asked, said, TODAY)
    assert next_question(form, answers) is None
    assert summary(form, answers)
    return validate(form, answers, {PHOTO: "image/jpeg"}, today=TODAY)


def test_a_broken_teapot() -> None:
    kept = talked(
        "complaint_damage",
        [
            ("waybill_no", "?忘了"),
            ("waybill_no", "单号是YT2700000000001"),
            ("role", "收件人"),
            ("item", "玻璃茶壶一套"),
            ("damage", "外箱挤压变形，内件破碎"),
            ("noticed", "签收后"),
            ("description", "打开发现茶壶碎了，箱子也瘪了"),
            ("photo_outer", "?等一下发"),
            ("photo_outer", "#"),
            ("photo_label", "跳过"),
            ("photo_inner", "#"),
            ("declared_value", "三百六"),
            ("insured", "保价了"),
            ("insured_value", "500元"),
            ("loss_amount", "大概 200 块"),
            ("contact_phone", "13812345678"),
        ],
    )
    assert kept["damage"] == ["crushed", "broken"]
    assert (kept["declared_value"], kept["insured_value"], kept["loss_amount"]) == (360, 500, 200)
    assert kept["insured"] is True
    assert kept["photo_outer"] == kept["photo_inner"] == [PHOTO]
    assert "photo_label" not in kept


def test_what_was_not_insured_is_not_asked_for_how_much() -> None:
    kept = talked(
        "complaint_lost",
        [
            ("waybill_no", "SF1234567890123"),
            ("role", "1"),
            ("item", "手机"),
            ("extent", "整件丢失"),
            ("description", "物流停在武汉一周了"),
            ("declared_value", "1,299"),
            ("insured", "没有保价"),
            ("proof", "#"),
            ("contact_phone", "跳过"),
        ],
    )
    assert kept["declared_value"] == 1299
    assert kept["insured"] is False
    assert "insured_value" not in kept


@pytest.mark.parametrize(
    ("problem", "asked"),
    [
        ("送错地址了", ("place", "隔壁小区")),
        ("2", ("received_item", "别人的鞋")),
        ("少件", ("missing_item", "一只杯子")),
    ],
)
def test_a_parcel_gone_wrong_is_asked_about_in_its_own_way(
    problem: str, asked: tuple[str, str]
) -> None:
    rest = [
        ("photo_label", "#"),
        ("photo_inner", "没有"),
        ("wish", "退款"),
        ("contact_phone", "无"),
    ]
    opening = [("waybill_no", "YT2700000000001"), ("role", "收件人"), ("problem", problem)]
    kept = talked(
        "complaint_misdelivery", [*opening, asked, ("description", "和我买的不一样"), *rest]
    )
    assert kept[asked[0]] == asked[1]


def test_a_company_wants_an_invoice() -> None:
    kept = talked(
        "complaint_invoice",
        [
            ("waybill_no", "没有"),
            ("title_type", "公司"),
            ("title", "杭州某某贸易有限公司"),
            ("tax_no", "?不记得"),
            ("tax_no", "税号 91330100MA27XXXX0L"),
            ("email", "?没有邮箱"),
            ("email", "发到 kuaiji@example.com 谢谢"),
            ("amount", "128.5元"),
            ("description", "跳过"),
            ("contact_phone", "跳过"),
        ],
    )
    assert kept["tax_no"] == "91330100MA27XXXX0L"
    assert kept["email"] == "kuaiji@example.com"
    assert kept["amount"] == 128.5


def test_a_person_who_wants_an_invoice_is_not_asked_for_a_tax_number() -> None:
    talk = [("waybill_no", "跳过"), ("title_type", "个人"), ("title", "张三"), ("email", "a@b.cn")]
    rest = [("amount", "跳过"), ("description", "没有"), ("contact_phone", "没有")]
    assert "tax_no" not in talked("complaint_invoice", [*talk, *rest])


def test_a_pickup_is_arranged() -> None:
    kept = talked(
        "complaint_pickup",
        [
            ("address", "?杭州"),
            ("address", "浙江省杭州市西湖区文三路 1 号"),
            ("phone", "?我的手机"),
            ("phone", "0571-87654321"),
            ("item", "两箱书"),
            ("weight", "二十公斤"),
            ("pickup_on", "?昨天"),
            ("pickup_on", "后天"),
            ("time_slot", "下午"),
            ("destination", "北京"),
            ("fragile", "不易碎"),
            ("description", "没有"),
        ],
    )
    assert kept["pickup_on"] == "2026-11-24"
    assert (kept["weight"], kept["time_slot"], kept["fragile"]) == (20, "afternoon", False)


def test_a_delivery_is_put_off() -> None:
    kept = talked(
        "complaint_reschedule",
        [
            ("waybill_no", "YT2700000000001"),
            ("deliver_on", "?有空的时候"),
            ("deliver_on", "下周五"),
            ("time_slot", "都可以"),
            ("place", "放驿站或快递柜"),
            ("description", "跳过"),
            ("contact_phone", "跳过"),
        ],
    )
    assert (kept["deliver_on"], kept["time_slot"], kept["place"]) == (
        "2026-11-27",
        "any",
        "station",
    )


def test_a_solution_is_turned_down_with_a_reason() -> None:
    kept = talked(
        "confirm_solution",
        [
            ("decision", "?再说吧"),
            ("decision", "不接受"),
            ("reason", "?  "),
            ("reason", "赔得太少了，我要按购买价赔"),
        ],
    )
    assert kept == {"decision": "reject", "reason": "赔得太少了，我要按购买价赔"}


@pytest.mark.parametrize("said", ["同意", "可以的", "行", "OK", "1", "好的，没问题", "我接受"])
def test_a_solution_is_accepted_in_many_words(said: str) -> None:
    assert talked("confirm_solution", [("decision", said)]) == {"decision": "accept"}


@pytest.mark.parametrize("said", ["不同意", "不行", "我不满意", "2", "拒绝这个方案", "不可以"])
def test_a_solution_is_turned_down_in_many_words(said: str) -> None:
    talk = [("decision", said), ("reason", "太少了")]
    assert talked("confirm_solution", talk)["decision"] == "reject"


@pytest.mark.parametrize("said", ["地址没错", "对的", "没错", "1", "不用改"])
def test_an_address_is_confirmed_in_many_words(said: str) -> None:
    assert talked("confirm_address", [("decision", said)]) == {"decision": "same"}


@pytest.mark.parametrize("said", ["地址要改", "不对", "要改一下", "2", "地址错了"])
def test_a_changed_address_is_asked_for(said: str) -> None:
    talk = [("decision", said), ("address", "?3栋"), ("address", "上海市浦东新区世纪大道 8 号")]
    assert talked("confirm_address", talk)["address"] == "上海市浦东新区世纪大道 8 号"


@pytest.mark.parametrize("said", ["收到了", "已经收到", "是的", "1", "拿到了"])
def test_a_parcel_has_come_in_many_words(said: str) -> None:
    assert talked("confirm_receipt", [("received", said)]) == {"received": True}


@pytest.mark.parametrize("said", ["还没收到", "没收到", "没有", "2", "没有收到呢"])
def test_a_parcel_has_not_come_in_many_words(said: str) -> None:
    kept = talked("confirm_receipt", [("received", said), ("reason", "还在广州")])
    assert kept == {"received": False, "reason": "还在广州"}
