"""Choosing the topic of a question."""

import pytest

from actions.faq import GENERAL, faq, is_question, topic_for
from actions.kinds import kinds


def chosen(intent: str, text: str) -> str:
    """The topic's name."""
    topic = topic_for(intent, text)
    return topic.topic if topic else "none"


@pytest.mark.parametrize(
    ("intent", "text", "topic"),
    [
        ("ask_sendable", "两瓶白酒能寄吗", "alcohol_tobacco"),
        ("ask_sendable", "充电宝可以寄不", "batteries"),
        ("ask_sendable", "酒精能寄吗", "dangerous"),
        ("ask_sendable", "烟花能不能寄", "dangerous"),
        ("ask_sendable", "奶粉寄得了吗", "powder"),
        ("ask_sendable", "苹果手机能寄吗", "electronics"),
        ("ask_sendable", "猫粮能寄吗", "food"),
        ("ask_sendable", "小狗能寄吗", "live_animals"),
        ("ask_sendable", "这个能寄不", GENERAL),
        ("ask_fee", "到付多少钱", "collect_on_delivery"),
        ("ask_fee", "退货的运费谁出", "return_fee"),
        ("ask_fee", "多少钱啊", GENERAL),
        ("schedule_pickup", "什么是上门取件", "what_is_it"),
        ("schedule_pickup", "上门取件要钱吗", "fee"),
        ("schedule_pickup", "约好的怎么没人来取", "nobody_came"),
        ("pickup_code_locker", "能帮我取吗，让朋友代取", "someone_else"),
        ("pickup_code_locker", "柜子里放多久会超时", "expired"),
        ("ask_carrier", "DHL和UPS哪个便宜", "international"),
        ("coverage", "我们村里送不送", "village"),
        ("escalate", "我要打12315", "consumer"),
        ("escalate", "我要去邮政局告你们", GENERAL),
    ],
)
def test_the_topic_that_covers_most_of_the_message_wins(intent: str, text: str, topic: str) -> None:
    assert chosen(intent, text) == topic


def test_an_intent_without_topics_has_no_answer() -> None:
    assert topic_for("report_damage", "碎了") is None


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("我要寄快递", "pickup"),
        ("上门取件", "pickup"),
        ("能帮我取件吗", None),
        ("取件要钱吗", None),
    ],
)
def test_a_pickup_begins_unless_it_is_asked_about(text: str, begins: str | None) -> None:
    topic = topic_for("schedule_pickup", text)
    assert topic is not None
    assert topic.begins(text) == begins


def test_in_a_form_an_answer_asks_nothing_of_its_own() -> None:
    topic = topic_for("ask_fee", "多少钱啊")
    assert topic is not None
    assert topic.answer.endswith("？")
    assert topic.fact.endswith("。")
    assert topic.answer.startswith(topic.fact)


@pytest.mark.parametrize(
    "text",
    ["能寄吗", "多少钱", "怎么寄?", "為什麼？", "咋整", "你们能来取件不", "到货没啊", "给送不"],
)
def test_a_question_is_known_by_its_words(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize("text", ["明天下午来我家取件", "不", "还没", "我不要了"])
def test_a_wish_is_no_question(text: str) -> None:
    assert not is_question(text)


def test_every_offer_and_beginning_is_a_kind_that_can_be_filed() -> None:
    named = {
        kind for topics in faq().values() for topic in topics for kind in (topic.offer, topic.begin)
    }
    assert named - {None} <= kinds().keys()
