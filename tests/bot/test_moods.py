"""Anger and threats in customers' words."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.moods import MoodExtractor, pattern_of

extractor = MoodExtractor({})


def moods(text: str) -> set[str]:
    """The moods found in a text."""
    return {found.value for found in extractor.find(text, [])}


@pytest.mark.parametrize(
    "text",
    [
        "他妈的到底送不送",
        "妈的，又没到",
        "你们这帮骗子",
        "什么垃圾快递",
        "气死我了，杯子全碎",
        "傻 逼快递",
        "煞笔客服",
        "什么态度啊这是",
        "SB公司",
        "ｓｂ快递",
        "tmd还不到",
        "太过分了吧",
        "再等我火大了",
        "真他妈服了",
        "媽的",
    ],
)
def test_anger_is_heard(text: str) -> None:
    assert moods(text) == {"anger"}


@pytest.mark.parametrize(
    "text",
    [
        "我要投诉到邮政局",
        "再不到我打12305",
        "已经在12315投诉了",
        "我去消协告你们",
        "明天就曝光你们",
        "我要发抖音",
        "等着收律师函吧",
        "报警了啊",
        "黑猫投诉见",
        "１２３１５见",
        "跟你们没完",
    ],
)
def test_threats_are_heard(text: str) -> None:
    assert moods(text) == {"threat"}


@pytest.mark.parametrize(
    "text",
    [
        "太慢了",
        "怎么还没到啊",
        "急死人了",
        "我有点着急",
        "差评",
        "我要投诉",
        "快递员态度不好",
        "给他妈妈签收的",
        "查一下我妈的快递",
        "不会操作",
        "我操作错了",
        "USB线到了吗",
        "寄的是报警器",
        "寄给律师的文件",
        "起诉状寄到了吗",
        "相机曝光不足要退",
        "送到工商局门口",
        "今日你们送吗",
        "放垃圾桶旁边",
        "SF1231512305123",
        "尾号1230",
        "谢谢！！！",
        "什么时候到？？？",
        "东西还没完全坏",
        "",
    ],
)
def test_mild_words_and_other_meanings_are_no_mood(text: str) -> None:
    assert moods(text) == set()


@pytest.mark.parametrize("text", ["垃圾！！！！", "人呢!!!", "差评 ！ ！ ！", "给个说法！！！"])
def test_a_shout_makes_milder_words_angry(text: str) -> None:
    assert moods(text) == {"anger"}
    assert moods(text.replace("！", "").replace("!", "")) == set()


def test_both_moods_may_be_in_one_message() -> None:
    assert moods("骗子公司，我去12315告你们") == {"anger", "threat"}


def test_a_mood_says_where_it_stands_and_takes_no_other_entity_away() -> None:
    message = Message.build("骗子快递")
    message.set("entities", [{"entity": "carrier", "value": "x", "start": 0, "end": 4}])
    extractor.process([message])
    carrier, mood = message.get("entities")
    assert carrier["entity"] == "carrier"
    assert (mood["entity"], mood["value"], mood["start"], mood["end"]) == ("mood", "anger", 0, 2)


def test_no_phrases_match_nothing() -> None:
    assert pattern_of([]).search("他妈的") is None
