"""A bare waybill or ticket number gives information, whatever its letters look like."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.bare_number import BareNumberReader, gives_first, is_bare

NUMBER = "JDVA19198596427"


def entities(text: str, number: str = NUMBER, kind: str = "waybill_no") -> list[dict[str, Any]]:
    """What the extractors find of a number in a text."""
    start = text.index(number)
    return [{"entity": kind, "value": number, "start": start, "end": start + len(number)}]


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f" {NUMBER}。",
        f"单号{NUMBER}",
        f"快递单号是：{NUMBER}",
        f"{NUMBER} 这个",
        f"是{NUMBER}呢",
    ],
)
def test_a_number_alone_is_bare(text: str) -> None:
    assert is_bare(text, entities(text))


@pytest.mark.parametrize(
    "text", [f"查{NUMBER}", f"{NUMBER}到哪了", f"不是{NUMBER}", f"{NUMBER}破了", f"{NUMBER} 1234"]
)
def test_a_number_with_a_wish_is_not(text: str) -> None:
    assert not is_bare(text, entities(text))


def test_words_without_a_number_are_not() -> None:
    assert not is_bare("单号", [])
    found = {"entity": "carrier", "value": "JD", "start": 0, "end": 2}
    assert not is_bare("京东", [found])


def test_two_numbers_alone_are_bare() -> None:
    text = f"{NUMBER}、SF1234567890123"
    assert is_bare(text, entities(text) + entities(text, "SF1234567890123"))


def test_a_ticket_number_is_one_too() -> None:
    text = "工单T20261122000001"
    assert is_bare(text, entities(text, "T20261122000001", "ticket_no"))


def test_the_intent_leads_and_the_shares_still_make_one() -> None:
    before = [{"name": "chitchat", "confidence": 0.9}, {"name": "provide_info", "confidence": 0.1}]
    after = gives_first(before)
    assert [each["name"] for each in after] == ["provide_info", "chitchat"]
    assert after[0]["confidence"] >= 0.99
    assert sum(each["confidence"] for each in after) == pytest.approx(1)


def test_what_was_surer_before_stays_so() -> None:
    assert gives_first([{"name": "provide_info", "confidence": 0.999}])[0]["confidence"] == 0.999


def test_a_message_without_any_ranking_gets_one() -> None:
    message = Message({"text": NUMBER, "entities": entities(NUMBER)})
    BareNumberReader().process([message])
    assert message.get("intent")["name"] == "provide_info"


def test_other_messages_stay_as_they_were_read() -> None:
    read = {"name": "track", "confidence": 0.8}
    text = f"{NUMBER}到哪了"
    message = Message({"text": text, "entities": entities(text), "intent": read})
    BareNumberReader().process([message])
    assert message.get("intent") == read
