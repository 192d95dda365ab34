"""The classifier as Rasa makes, trains, stores and loads it, on a few dozen sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.intent_reader import LONGEST_RANKING, IntentReader, led_by

LESSONS = {
    "report_damage": "杯子碎了|碗碎了|东西破了|箱子压坏了|瓶子漏了|屏幕裂了|都摔碎了|盒子破了",
    "track_parcel": "快递到哪了|我那个快递到哪了|查快递|包裹到哪里了|件到哪了|帮我查快递到哪了",
    "ask_fee": "运费多少|运费怎么算|寄一公斤多少钱|邮费多少|运费谁出|要多少运费",
    "greet": "你好|你好啊|在吗|您好|有人吗|哈喽|你好呀在吗|喂你好",
    "thanks": "谢谢|谢谢你|多谢|谢谢啊|太感谢了|感谢你啊",
    "change_address": "改地址|帮我改地址|地址写错了|地址要改一下|换个地址送",
}
CONFIG = {**IntentReader.get_default_config(), "encoder": None, "rarest": 1}
CONTEXT = ExecutionContext(GraphSchema({}))
RESOURCE = Resource("reader")


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def trained(storage: LocalModelStorage) -> IntentReader:
    sentences = [(text, intent) for intent, texts in LESSONS.items() for text in texts.split("|")]
    messages = [Message.build(text, intent) for text, intent in sentences]
    reader = IntentReader.create(CONFIG, storage, RESOURCE, CONTEXT)
    assert reader.train(TrainingData(messages)) == RESOURCE
    return reader


@pytest.fixture(scope="module")
def reader(trained: IntentReader, storage: LocalModelStorage) -> IntentReader:
    """Loaded from where the trained one has stored its model."""
    assert trained.model is not None
    return IntentReader.load(CONFIG, storage, RESOURCE, CONTEXT)


def read(reader: IntentReader, text: str) -> dict[str, Any]:
    """What the component adds to a message."""
    message = Message({"text": text})
    assert reader.process([message]) == [message]
    found: dict[str, Any] = message.as_dict(only_output_properties=True)
    return found


def named(found: dict[str, Any]) -> set[str]:
    """The main intent and the further wishes."""
    return {found["intent"]["name"], *(wish["intent"] for wish in found["wishes"])}


def test_a_loaded_reader_says_what_the_trained_one_said(
    trained: IntentReader, reader: IntentReader
) -> None:
    for text in ("我的碗碎了", "运费怎么算啊，另外快递到哪了", "谢谢"):
        assert read(reader, text) == read(trained, text)


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("杯子碎了，另外我那个快递到哪了", {"report_damage", "track_parcel"}),
        ("杯子碎了 运费谁出", {"report_damage", "ask_fee"}),
        ("杯子碎了。杯子都碎了", {"report_damage"}),
        ("帮我改地址，谢谢啊", {"change_address"}),
        ("快递到哪了", {"track_parcel"}),
        ("杯子碎了，順便問運費多少", {"report_damage", "ask_fee"}),
    ],
)
def test_the_wishes_of_a_message_are_found(
    reader: IntentReader, text: str, intents: set[str]
) -> None:
    found = read(reader, text)
    assert named(found) == intents
    assert len(found["wishes"]) == len(intents) - 1


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("杯子碎了，另外我那个快递到哪了", "report_damage", "track_parcel"),
        ("快递到哪了 另外杯子碎了", "track_parcel", "report_damage"),
        ("改地址，对了运费多少", "change_address", "ask_fee"),
        ("运费多少 顺便帮我改地址", "ask_fee", "change_address"),
    ],
)
def test_what_is_told_first_is_the_main_wish(
    reader: IntentReader, text: str, first: str, second: str
) -> None:
    found = read(reader, text)
    assert found["intent"]["name"] == first
    assert [wish["intent"] for wish in found["wishes"]] == [second]


@pytest.mark.parametrize(
    "text", ["杯子碎了，另外我那个快递到哪了", "😀杯子碎了！！ 運費多少", "杯子碎了\n运费多少\n"]
)
def test_a_wish_says_where_it_stands_in_the_customers_own_text(
    reader: IntentReader, text: str
) -> None:
    (wish,) = read(reader, text)["wishes"]
    alone = read(reader, text[wish["start"] : wish["end"]])
    assert alone["intent"] == {"name": wish["intent"], "confidence": wish["confidence"]}
    assert 0.5 < wish["confidence"] <= 1


@pytest.mark.parametrize(
    "text",
    ["你好啊，你好，快递到哪了", "谢谢你，太感谢了，谢谢啊，帮我改地址", "在吗 有人吗 运费多少"],
)
def test_a_wish_that_leads_is_not_taken_for_doubt(reader: IntentReader, text: str) -> None:
    """Rasa's fallback compares the first two shares and the first one with its threshold."""
    message = Message({"text": text})
    reader.process([message])
    before = message.get("intent")
    settings = {**FallbackClassifier.get_default_config(), "threshold": 0.4}
    FallbackClassifier({**settings, "ambiguity_threshold": 0.02}).process([message])
    assert before["name"] in {"track_parcel", "change_address", "ask_fee"}
    assert message.get("intent") == before


def test_a_wish_that_leads_brings_the_share_of_its_part() -> None:
    led = led_by("track_parcel", 0.8, [("greet", 0.7), ("thanks", 0.2), ("track_parcel", 0.1)])
    assert [name for name, _ in led] == ["track_parcel", "greet", "thanks"]
    assert [share for _, share in led] == pytest.approx([0.8, 0.2 * 7 / 9, 0.2 * 2 / 9])


@pytest.mark.parametrize(
    ("sure", "shares"), [(0.4, [0.6, 0.3, 0.1]), (0.9, [0.9, 0.075, 0.025]), (1.0, [1, 0, 0])]
)
def test_no_wish_loses_by_being_sure_in_its_part(sure: float, shares: list[float]) -> None:
    led = led_by("a", sure, [("a", 0.6), ("b", 0.3), ("c", 0.1)])
    assert [share for _, share in led] == pytest.approx(shares)
    assert led_by("a", sure, [("a", 1.0)]) == [("a", 1.0)]


@pytest.mark.parametrize(
    "text", ["谢谢", "在吗", "都碎了", "杯子碎了，运费多少", "你好啊，快递到哪了"]
)
def test_the_ranking_is_in_order_and_headed_by_the_intent(reader: IntentReader, text: str) -> None:
    found = read(reader, text)
    shares = [each["confidence"] for each in found["intent_ranking"]]
    assert found["intent_ranking"][0] == found["intent"]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1)
    assert len(shares) == min(LONGEST_RANKING, len(LESSONS))


@pytest.mark.parametrize("text", ["", " ", "\n", "\u3000", "\u200b"])
def test_an_empty_message_has_no_intent_and_falls_back(reader: IntentReader, text: str) -> None:
    message = Message({"text": text})
    reader.process([message])
    assert message.get("intent") == {"name": None, "confidence": 0.0}
    assert message.get("intent_ranking") == message.get("wishes") == []
    FallbackClassifier(FallbackClassifier.get_default_config()).process([message])
    assert message.get("intent")["name"] == "nlu_fallback"


@pytest.mark.parametrize("text", ["😀😀", "？", "zzz qqq", "碎" * 2000, "碎了，" * 660, "1" * 2000])
def test_odd_messages_are_read_like_any_other(reader: IntentReader, text: str) -> None:
    found = read(reader, text)
    assert found["intent"]["name"] in LESSONS
    assert all(0 <= wish["start"] < wish["end"] <= len(text) for wish in found["wishes"])


def test_many_messages_get_what_each_gets_alone(reader: IntentReader) -> None:
    texts = ["杯子碎了，运费多少", "", "谢谢"]
    messages = [Message({"text": text}) for text in texts]
    reader.process(messages)
    together = [message.as_dict(only_output_properties=True) for message in messages]
    assert together == [read(reader, text) for text in texts]


def test_an_untrained_reader_and_a_message_without_text_are_left_alone(
    reader: IntentReader, storage: LocalModelStorage
) -> None:
    untrained = IntentReader.create(CONFIG, storage, Resource("other"), CONTEXT)
    assert untrained.process([Message({"text": "谢谢"})])[0].get("intent") is None
    assert reader.process([Message({"intent": "greet"})])[0].get("intent") == "greet"


def test_the_table_of_wishes_and_the_dictionary_enter_the_fingerprint(tmp_path: Path) -> None:
    table = tmp_path / "wishes.yml"
    before = IntentReader.fingerprint_addon({"wishes": str(table)})
    table.write_text("sure: 0.9\n", encoding="utf-8")
    after = IntentReader.fingerprint_addon({"wishes": str(table)})
    assert len({before, after, IntentReader.fingerprint_addon({})}) == 3
