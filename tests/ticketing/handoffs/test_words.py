"""Which messages ask for a person, and which only speak of one."""

from __future__ import annotations

import pytest

from ticketing.handoffs.words import (
    Match,
    Wording,
    Words,
    asks_for_a_person,
    asks_how_long,
    beside_taking_it_back,
    folded_text,
    is_angry,
    shipped,
    takes_it_back,
)

SHIPPED = Words.of(shipped())


@pytest.mark.parametrize(
    "text",
    [
        "转人工",
        "转人工！！！",
        "转 人 工",
        "ＺＨＵＡＮ 转人工",
        "我要找人工客服",
        "叫个真人来",
        "人工",
        "人工呢？",
        "人工客服",
        "客服在吗",
        "客服",
        "我要客服",
        "转人工吧",
        "给我转个人工",
        "能不能转人工",
        "可以帮我转人工吗",
        "特别想转人工",
        "麻烦转接人工客服",
        "转人工客服谢谢",
        "说不清楚 转人工",
        "不想跟你说 人工",
        "还是叫客服来吧",
        "我找人工",
        "能找个人工吗",
        "我的快递丢了，赶紧给我转人工",
        "算了 你转人工吧",
        "不用了转人工吧",
        "不用查了，转人工",
        "不要机器人转人工",
        "别说了，转人工",
        "不是说转人工吗",
        "要不转人工吧",
        "我不想再跟机器人说了，换人工",
    ],
)
def test_a_person_is_asked_for(text: str) -> None:
    assert asks_for_a_person(text, SHIPPED)


@pytest.mark.parametrize(
    "text",
    [
        "不要转人工",
        "不用转人工",
        "别转人工",
        "别给我转人工",
        "先不转人工",
        "不转人工",
        "我不想转人工",
        "暂时不用找客服",
        "不用给我转人工",
        "不用帮我转人工了",
        "不要 转人工",
        "不要人工",
        "不需要人工",
        "没要人工",
        "没让你转人工",
        "取消转人工",
        "转人工就不用了",
        "转人工不用了",
        "转人工的话就算了",
        "刚才转人工的时候说赔我五十",
        "昨天转人工等了半小时",
        "刚才客服怎么说的",
        "人工客服几点上班",
        "客服电话多少",
        "你是人工吗",
        "人工智能",
        "人工费多少",
        "谢谢客服",
        "快递到哪了",
        "派件员是个真人吗",
        "",
        "。。。",
    ],
)
def test_no_person_is_asked_for(text: str) -> None:
    assert not asks_for_a_person(text, SHIPPED)


def test_a_manager_decides_which_words_there_are() -> None:
    own = Words.of([Wording("老师傅", Match.CONTAINS), Wording("Help", Match.WHOLE)])
    assert asks_for_a_person("叫你们老师傅来", own)
    assert asks_for_a_person("ＨＥＬＰ", own)
    assert not asks_for_a_person("help me", own)
    assert not asks_for_a_person("不用叫老师傅", own)
    assert not asks_for_a_person("转人工", own)


def test_without_any_words_nobody_is_asked_for() -> None:
    assert not asks_for_a_person("转人工", Words.of([]))


def test_a_wish_after_a_denial_counts() -> None:
    assert asks_for_a_person("刚才说不要转人工，现在转人工", SHIPPED)
    assert asks_for_a_person("不要转人工是刚才说的,转人工", SHIPPED)


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("不用转人工了", True),
        ("算了", True),
        ("不等了", True),
        ("不用排队了", True),
        ("取消排队", True),
        ("不用了谢谢", True),
        ("还要等多久", False),
        ("人工怎么还不来", False),
        ("不是破损，是丢件", False),
        ("算了一下损失五十", False),
    ],
)
def test_who_waits_may_take_it_back(text: str, back: bool) -> None:
    assert takes_it_back(text) is back


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("不用转人工了", ""),
        ("不用转人工了，谢谢", ""),
        ("算了，不用转人工了，我自己看看", ""),
        ("不用人工了，已经收到了", ""),
        ("不想排队了，明天再说吧", ""),
        ("不用转人工了，帮我查一下快递到哪了", "帮我查一下快递到哪了"),
        ("不想排队了。麻烦帮我催一下件，谢谢", "麻烦帮我催一下件"),
        ("快递已经三天没动了，不想等人工了", "快递已经三天没动了"),
    ],
)
def test_what_is_said_beside_taking_it_back_is_not_lost(text: str, rest: str) -> None:
    assert takes_it_back(text)
    assert beside_taking_it_back(text) == rest


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("还要等多久", True),
        ("要等多久啊", True),
        ("还要多久", True),
        ("前面还有几个人", True),
        ("什么时候轮到我", True),
        ("排到第几了", True),
        ("我排第几", True),
        ("快递等了三天", False),
        ("什么时候能送到", False),
    ],
)
def test_who_waits_may_ask_how_long(text: str, asks: bool) -> None:
    assert asks_how_long(text) is asks


@pytest.mark.parametrize(
    ("text", "angry"),
    [
        ("一群骗子，转人工", True),
        ("转人工！！！", True),
        ("转人工", False),
        ("麻烦转人工", False),
    ],
)
def test_the_angry_are_known_by_their_words(text: str, angry: bool) -> None:
    assert is_angry(text) is angry


def test_texts_are_compared_without_blanks_and_widths() -> None:
    assert folded_text(" 转　人 工ＡＢ\n") == "转人工ab"


def test_the_shipped_words_are_chinese_and_named_once() -> None:
    texts = [wording.text for wording in shipped()]
    assert len(texts) == len(set(texts)) > 40
    assert all("人" in text or "客服" in text for text in texts)
    assert {wording.match for wording in shipped()} == set(Match)
