"""One answer and its field: what is kept, and what is said when it does not fit."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ticketing.forms.making import CHOICES, TRUTHS, component, form
from ticketing.forms.values import Known, NotFit, value_of

PHOTO = "7d444840-9dc0-11d1-b245-5ffdce74fad2"
VIDEO = "6fa459ea-ee8a-3ca4-894e-db77e160355e"
KNOWN = Known({PHOTO: "image/jpeg", VIDEO: "video/mp4"}, date(2026, 11, 22))

TEXT = component("textfield", validate={"minLength": 2, "maxLength": 6})
LONG = component("textarea")
EMAIL = component("textfield", validate={"validationType": "email"})
PHONE = component("textfield", validate={"validationType": "phone"})
WAYBILL = component("textfield", validate={"pattern": "^[A-Z]{2}[0-9]{4}$"})
NUMBER = component("number", decimalDigits=2, validate={"min": 0, "max": 1000})
WHOLE = component("number", decimalDigits=0)
FINE_NUMBER = component("number", decimalDigits=4000)
ANY_NUMBER = component("number")
CHECK = component("checkbox")
TRUE_FALSE = component("radio", values=TRUTHS)
RADIO = component("radio", values=CHOICES)
LIST = component("checklist", values=CHOICES)
DAY = component("datetime", subtype="date")
COMING_DAY = component("datetime", subtype="date", disallowPassedDates=True)
TIME = component("datetime", subtype="time", timeLabel="几点")
MOMENT = component("datetime")
PICTURE = component("filepicker", accept=".jpg,.png")
PICTURES = component("filepicker", accept="image/*", multiple=True)
ANY_FILE = component("filepicker")


def kept(raw: dict[str, Any], answer: Any) -> Any:
    """What is kept of an answer."""
    return value_of(form(raw).fields[0], answer, KNOWN)


@pytest.mark.parametrize(
    ("raw", "answer", "expected"),
    [
        (TEXT, "  甲乙\n丙 ", "甲乙 丙"),
        (TEXT, "", None),
        (TEXT, "\x00\x07", None),
        (TEXT, "\u202a甲乙", "\u202a甲乙"),
        (LONG, "一行\n两行", "一行\n两行"),
        (EMAIL, "a.b+c@mail.example.com", "a.b+c@mail.example.com"),
        (PHONE, "13812345678", "13812345678"),
        (PHONE, "+86 138 1234 5678", "+86 138 1234 5678"),
        (PHONE, "020-12345678", "020-12345678"),
        (WAYBILL, "YT1234", "YT1234"),
        (FINE_NUMBER, "1.25", 1.25),
        (FINE_NUMBER, 10**12, 10**12),
        (NUMBER, 12, 12),
        (NUMBER, 12.0, 12),
        (NUMBER, "12.50", 12.5),
        (NUMBER, 0, 0),
        (NUMBER, "", None),
        (ANY_NUMBER, -3.25, -3.25),
        (CHECK, True, True),
        (CHECK, False, False),
        (TRUE_FALSE, False, False),
        (RADIO, "accept", "accept"),
        (RADIO, "", None),
        (LIST, ["reject", "accept"], ["reject", "accept"]),
        (LIST, [], None),
        (DAY, "2026-02-28", "2026-02-28"),
        (DAY, "", None),
        (COMING_DAY, "2026-11-22", "2026-11-22"),
        (TIME, "14:30", "14:30"),
        (TIME, "14:30:00+08:00", "14:30+08:00"),
        (MOMENT, "2026-11-22T14:30", "2026-11-22T14:30+08:00"),
        (MOMENT, "2026-11-22T06:30Z", "2026-11-22T14:30+08:00"),
        (PICTURE, PHOTO, [PHOTO]),
        (PICTURE, [f"files::{PHOTO.upper()}"], [PHOTO]),
        (PICTURES, [PHOTO, PHOTO], [PHOTO]),
        (PICTURES, [], None),
        (ANY_FILE, VIDEO, [VIDEO]),
        *((raw, None, None) for raw in (TEXT, NUMBER, CHECK, RADIO, LIST, DAY, PICTURE)),
    ],
)
def test_an_answer_that_fits_is_kept(raw: dict[str, Any], answer: Any, expected: Any) -> None:
    value = kept(raw, answer)
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("raw", "answer", "words"),
    [
        (TEXT, "甲", "至少 2 个字"),
        (TEXT, "甲" * 7, "最多 6 个字"),
        (TEXT, "甲" * 10**6, "最多 6 个字"),
        (TEXT, 5, "应为文字"),
        (TEXT, ["甲乙"], "应为文字"),
        (LONG, "甲" * 4001, "最多 4000 个字"),
        (EMAIL, "a@b", "邮箱"),
        (EMAIL, "a b@c.cn", "邮箱"),
        (PHONE, "call me", "电话"),
        (WAYBILL, "yt1234", "格式不对"),
        (NUMBER, -1, "不能小于 0"),
        (NUMBER, 1000.01, "不能大于 1000"),
        (NUMBER, 1.234, "最多 2 位小数"),
        (NUMBER, "12元", "应为数字"),
        (NUMBER, "1e3", "应为数字"),
        (NUMBER, True, "应为数字"),
        (NUMBER, [1], "应为数字"),
        (WHOLE, 1.5, "应为整数"),
        (ANY_NUMBER, float("nan"), "太大"),
        (ANY_NUMBER, float("inf"), "太大"),
        (ANY_NUMBER, 10**400, "太大"),
        (ANY_NUMBER, 1e300, "太大"),
        (CHECK, "true", "是或否"),
        (CHECK, 1, "是或否"),
        (RADIO, "maybe", "可选"),
        (RADIO, 1, "可选"),
        (RADIO, ["accept"], "可选"),
        (LIST, "accept", "列表"),
        (LIST, ["maybe"], "可选"),
        (LIST, ["accept", "accept"], "重复"),
        (LIST, [""], "为空"),
        (LIST, ["accept"] * 10**5, "列表"),
        (LIST, [["accept"]], "可选"),
        (DAY, "2026-02-30", "没有这一天"),
        (DAY, "20260228", "应为日期"),
        (DAY, "2026-W08-1", "应为日期"),
        (DAY, "0001-01-01", "年份"),
        (DAY, 20260228, "应为日期"),
        (COMING_DAY, "2026-11-21", "不能早于今天"),
        (TIME, "25:00", "没有这个时间"),
        (TIME, "14", "应为时间"),
        (MOMENT, "2026-11-22", "日期和时间"),
        (MOMENT, "2026-11-22T99:00", "没有这个时间"),
        (MOMENT, "0001-01-01T00:00+14:00", "没有这个时间"),
        (MOMENT, "9999-12-31T23:59-12:00", "没有这个时间"),
        (MOMENT, {"at": 1}, "日期和时间"),
        (PICTURE, VIDEO, "不适合"),
        (PICTURES, VIDEO, "不适合"),
        (PICTURE, [PHOTO, VIDEO], "最多 1 个"),
        (PICTURES, [PHOTO] * 10, "最多 9 个"),
        (PICTURE, "../../etc/passwd", "找不到"),
        (PICTURE, "00000000-0000-0000-0000-000000000000", "找不到"),
        (PICTURE, [5], "列表"),
        (PICTURE, {"id": PHOTO}, "列表"),
    ],
)
def test_an_answer_that_does_not_fit_says_why(raw: dict[str, Any], answer: Any, words: str) -> None:
    with pytest.raises(NotFit, match=words):
        kept(raw, answer)


@pytest.mark.parametrize("raw", [TEXT, LONG, NUMBER, TRUE_FALSE, RADIO, LIST, DAY, PICTURES])
@pytest.mark.parametrize("nothing", [None, "", []])
def test_a_required_answer_must_be_there(raw: dict[str, Any], nothing: Any) -> None:
    required = {**raw, "validate": {**raw.get("validate", {}), "required": True}}
    with pytest.raises(NotFit):
        kept(required, nothing)


def test_a_required_checkbox_must_be_ticked() -> None:
    with pytest.raises(NotFit, match="勾选"):
        kept(component("checkbox", validate={"required": True}), False)


def test_a_required_yes_or_no_may_be_no() -> None:
    assert kept(component("radio", values=TRUTHS, validate={"required": True}), False) is False


def test_without_known_files_every_id_is_taken_on_trust() -> None:
    assert value_of(form(PICTURE).fields[0], PHOTO, Known()) == [PHOTO]


def test_without_today_every_day_passes() -> None:
    assert value_of(form(COMING_DAY).fields[0], "2000-01-01", Known()) == "2000-01-01"


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
_FIELDS = [TEXT, EMAIL, PHONE, WAYBILL, NUMBER, CHECK, RADIO, LIST, DAY, TIME, MOMENT, PICTURES]


@given(st.sampled_from(_FIELDS), _ANYTHING)
@settings(max_examples=500, deadline=None)
def test_whatever_is_answered_is_kept_or_refused_and_kept_again_the_same(
    raw: dict[str, Any], answer: Any
) -> None:
    try:
        value = kept(raw, answer)
    except NotFit:
        return
    assert kept(raw, value) == value
