"""Ticket numbers, phone numbers, last four digits and names."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.phone import PhoneExtractor
from bot.components.phone_tail import PhoneTailExtractor
from bot.components.phrase_patterns import carrier_patterns
from bot.components.spacy_phrases import SpacyPhraseExtractor
from bot.components.ticket_number import TicketNumberExtractor
from bot.components.waybill import WaybillExtractor

tickets, phones, tails = TicketNumberExtractor({}), PhoneExtractor({}), PhoneTailExtractor({})
phrases = SpacyPhraseExtractor({})


@pytest.mark.parametrize(
    "text",
    [
        "T20261122000001",
        "t20261122000001处理得怎么样",
        "工单T20261122000001呢",
        "Ｔ２０２６１１２２００００01",
        "T 20261122000001",
        "T-20261122-000001",
    ],
)
def test_a_ticket_number_is_found(text: str) -> None:
    assert [found.value for found in tickets.find(text, [])] == ["T20261122000001"]


@pytest.mark.parametrize("text", ["T2026112200000", "T202611220000012", "YT20261122000001", "工单"])
def test_other_numbers_are_no_tickets(text: str) -> None:
    assert tickets.find(text, []) == []


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "电话13800138000找我",
        "138 0013 8000",
        "138-0013-8000",
        "+86 13800138000",
        "8613800138000",
        "１３８００１３８０００",
    ],
)
def test_a_phone_number_is_found(text: str) -> None:
    assert [found.value for found in phones.find(text, [])] == ["13800138000"]


@pytest.mark.parametrize("text", ["12800138000", "1380013800", "138001380001", "SF13800138000", ""])
def test_other_numbers_are_no_phones(text: str) -> None:
    assert phones.find(text, []) == []


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("6789", "6789"),
        ("６７８９", "6789"),
        ("尾号6789", "6789"),
        ("尾号是6789", "6789"),
        ("手机后四位是6789", "6789"),
        ("后4位：0012", "0012"),
        ("最后四位 6789", "6789"),
        ("末四位6789", "6789"),
        ("6789是我手机尾号", "6789"),
        ("六七八九", "6789"),
        ("尾号幺二三四", "1234"),
        ("手机尾号应该是 6 7 8 9", "6789"),
        ("是6789", "6789"),
        ("6789吧", "6789"),
        ("嗯 6789。", "6789"),
        ("零零洞两", "0002"),
    ],
)
def test_the_last_four_digits_are_found_for_sure(text: str, digits: str) -> None:
    found = tails.find(text, [])[0]
    assert (found.value, found.confidence) == (digits, 1.0)


def test_four_digits_among_other_words_are_only_likely() -> None:
    assert tails.find("我的应该写的6789那个", [])[0].confidence < 0.9


@pytest.mark.parametrize("text", ["2026年", "1500块", "12345", "678", "SF1234567890123", "一二三"])
def test_other_digits_are_no_tail(text: str) -> None:
    assert tails.find(text, []) == []


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("顺丰的件", "carrier", "SF"),
        ("我寄的是极兔", "carrier", "JTSD"),
        ("圆通速递什么时候到", "carrier", "YTO"),
        ("我是收件人", "role", "receiver"),
        ("寄件人", "role", "sender"),
        ("我是卖家", "role", "sender"),
        ("帮朋友问的", "role", "other"),
        ("里面的玻璃杯碎了", "item", "杯子"),
        ("改描述", "field", "description"),
        ("单号写错了", "field", "waybill_no"),
        ("再查一个单", "another", "another"),
        ("放蜂巢了", "place", "locker"),
        ("放门卫", "place", "guard"),
        ("四通一达", "carrier", "several"),
    ],
)
def test_names_are_found_without_word_boundaries(text: str, entity: str, value: str) -> None:
    assert (entity, value) in {(found.entity, found.value) for found in phrases.find(text, [])}


def test_every_carrier_of_the_catalog_is_known_by_all_its_names() -> None:
    patterns = carrier_patterns("carriers/catalog.yml", "nlu_data/lookups/carriers.yml")
    codes = {str(pattern["id"]) for pattern in patterns if pattern["label"] == "carrier"}
    assert len(codes) >= 40
    named = [pattern for pattern in patterns if pattern["label"] == "carrier"]
    missed = [each for each in named if not phrases.find(str(each["pattern"]), [])]
    assert missed == []


@pytest.mark.parametrize("text", ["天天催", "不顺心", "丰巢", "邮政局", "SFTP", "xyd1"])
def test_words_of_everyday_speech_are_no_carriers(text: str) -> None:
    assert [found for found in phrases.find(text, []) if found.entity == "carrier"] == []


def test_a_span_belongs_to_the_first_component_that_takes_it() -> None:
    message = Message.build("T20261122000001 手机13800138000 单号SF1234567890123 尾号6789")
    for extractor in (tickets, phones, WaybillExtractor({}), tails):
        extractor.process([message])
    found = [(entity["entity"], entity["value"]) for entity in message.get("entities")]
    assert found == [
        ("ticket_no", "T20261122000001"),
        ("phone", "13800138000"),
        ("waybill_no", "SF1234567890123"),
        ("phone_tail", "6789"),
    ]


@pytest.mark.parametrize(
    ("text", "sure"), [("SF1234567890123 6789", True), ("SF1234567890123 那个6789的", False)]
)
def test_four_digits_beside_nothing_but_a_number_are_sure(text: str, sure: bool) -> None:
    found = PhoneTailExtractor({}).find(text, [(0, 15)])
    assert [each.confidence == 1.0 for each in found] == [sure]
