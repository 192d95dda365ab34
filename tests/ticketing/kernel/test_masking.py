"""Numbers and names in messages and logs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.kernel.logs import masked
from ticketing.kernel.masking import mask


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("联系电话13812345678。", "联系电话138****5678。"),
        ("138-1234-5678", "138****5678"),
        ("网点电话010-87654321", "网点电话010****4321"),
        ("快递员：王小明，电话13812345678，正在派件", "快递员：王**，电话138****5678，正在派件"),
        ("派件员李刚正在为您派送", "派件员李**正在为您派送"),
        ("签收人: 赵六", "签收人: 赵**"),
        ("业务员陈大文(13812345678)", "业务员陈**(138****5678)"),
        ("快件已由欧阳锋签收", "快件已由欧阳**签收"),
        ("深圳南山部 刘洋 13812345678", "深圳南山部 刘** 138****5678"),
        ("收件人孙丽女士", "收件人孙**女士"),
    ],
)
def test_people_and_their_numbers_are_masked(text: str, safe: str) -> None:
    assert mask(text) == safe


@pytest.mark.parametrize(
    "text",
    [
        "身份：收件人\n情况：杯子碎了",
        "赔付金额：168.5元",
        "金额 158 元",
        "您是这票快递的收件人还是寄件人？",
        "请告诉我收件人或寄件人手机号的后四位。",
        "签收人：本人签收",
        "快递员正在派件",
        "已由驿站代收",
        "运单 YT8765432109876",
        "工单 T20261122000001 已登记",
        "运单 773012345678901",
        "客服热线 95338",
    ],
)
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert mask(text) == text


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.text(alphabet="，。 快递到了电话", max_size=9),
)
def test_no_mobile_number_survives_in_any_surroundings(number: str, around: str) -> None:
    assert number not in mask(around + number + around)


def test_a_log_line_is_masked_value_by_value() -> None:
    line = masked(None, "info", {"event": "call 13812345678", "count": 3})
    assert line == {"event": "call 138****5678", "count": 3}
