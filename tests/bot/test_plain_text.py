"""The text as the intent classifier reads it."""

from __future__ import annotations

import pytest

from bot.components.plain_text import plain


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("我的快遞怎麼還沒到", "我的快递怎么还没到"),
        ("查ＳＦ１２３４５６７８９０１２３到哪了", "查\ue003到哪了"),
        ("SF1234567890123 到哪了", "\ue003 到哪了"),
        ("尾号6789", "尾号0"),
        ("工单T20261122000001怎么样了", "工单\ue001怎么样了"),
        ("电话13800138000", "电话\ue002"),
        ("赔我128.50元", "赔我0元"),
        ("太慢了！！！！！", "太慢了!!"),
        ("哈哈哈哈哈哈哈", "哈哈"),
        ("  还没  到 ", "还没 到"),
        ("还没到 京东快递(移动端)", "还没到"),
    ],
)
def test_what_does_not_change_the_wish_is_folded_away(written: str, read: str) -> None:
    assert plain(written) == read


def test_an_order_glued_on_by_the_shop_leaves_the_words_alone() -> None:
    glued = "怎么还没到 咨询订单号:71625308837 订单金额:59元 下单时间:7月3日 13时"
    assert plain(glued) == "怎么还没到"


def test_words_right_behind_an_order_number_are_kept() -> None:
    assert plain("[咨询订单号:71625308837什么时候到") == "什么时候到"
    assert plain("咨询订单号：71625308837 什么时候到") == "什么时候到"


@pytest.mark.parametrize(
    "text",
    [
        "我的快遞怎麼還沒到!!!",
        "SF1234567890123到哪了",
        "赔我128.50元",
        "哈哈哈哈哈",
        "ＡＢＣ　是啥",
    ],
)
def test_reading_a_plain_text_again_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_a_message_that_is_only_a_tag_keeps_it() -> None:
    assert plain("京东快递(移动端)") == "京东快递(移动端)"


@pytest.mark.parametrize("text", ["", " ", "？", "\u200b", "😀😀😀", "a" * 5000, "1" * 3000])
def test_odd_texts_are_read_without_an_error(text: str) -> None:
    assert len(plain(text)) <= len(text)
