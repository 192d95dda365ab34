"""How well each entity is found, in the files of nlu_data/tests/entities."""

from __future__ import annotations

import re
import statistics
import sys
import time
from datetime import datetime
from typing import Any

import pytest
import yaml

from bot.components.address import AddressExtractor
from bot.components.divisions import Division, Named, agreed
from bot.components.times import SHANGHAI, TimeExtractor
from tests.bot.entity_lines import entities, extractors, files, lines, score

GOOD = 0.95
FEWEST_LINES, FEWEST_WAYBILLS, FEWEST_CARRIERS = 60, 150, 40
ORDINARY = "你好我昨天在网上买的玻璃杯到现在还没有收到，帮忙看一下到哪里了好吗"
WITH_ADDRESS = (
    "麻烦改到湖北省武汉市洪山区珞喻路1037号华中科技大学东区5栋，明天下午3点前送，电话13800138000"
)
pipeline = extractors()


@pytest.mark.parametrize("entity", files())
def test_an_entity_is_found_with_precision_and_recall_of_95_percent(
    entity: str, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    result = score(entity, pipeline)
    told = f"{entity}: precision {result.precision:.3f}, recall {result.recall:.3f}"
    record_property("score", told)
    with capsys.disabled():
        sys.stdout.write("\n  ".join([f"\n{told}", *result.failures]) + "\n")
    assert result.precision >= GOOD, result.failures
    assert result.recall >= GOOD, result.failures


@pytest.mark.parametrize("entity", files())
def test_every_file_has_enough_lines_each_once(entity: str) -> None:
    texts = [line.text for line in lines(entity)]
    assert len(set(texts)) == len(texts)
    assert len(texts) >= (FEWEST_WAYBILLS if entity == "waybill_no" else FEWEST_LINES)


def test_every_file_has_lines_without_the_entity() -> None:
    assert [entity for entity in files() if all(line.expected for line in lines(entity))] == []


def test_the_waybill_lines_show_the_formats_of_at_least_40_carriers() -> None:
    with open("carriers/catalog.yml", encoding="utf-8") as file:
        carriers = yaml.safe_load(file)["carriers"]
    numbers = [value for line in lines("waybill_no") for value, _ in line.expected]
    lettered = {
        carrier["code"]
        for carrier in carriers
        for pattern in carrier["waybill_patterns"]
        if any(re.fullmatch(pattern, number) for number in numbers)
    }
    assert len(lettered) >= FEWEST_CARRIERS


def test_the_parts_of_an_address_are_told() -> None:
    told = [line for line in lines("address") if any(line.parts)]
    found = [
        [each["parts"] for each in entities(line.text, pipeline) if each["entity"] == "address"]
        for line in told
    ]
    assert len(told) >= 15
    assert found == [list(line.parts) for line in told]


def test_the_lines_are_read_in_the_order_of_the_pipeline() -> None:
    with open("config.yml", encoding="utf-8") as file:
        configured = [each["name"].rpartition(".")[2] for each in yaml.safe_load(file)["pipeline"]]
    names = [type(each).__name__ for each in pipeline]
    assert [name for name in configured if name in names] == names


def test_an_address_that_contradicts_itself_is_believed_less() -> None:
    found = AddressExtractor({}).find("广西武汉洪山区珞喻路", [])[0]
    assert (found.confidence, found.parts["province"]) == (0.5, "湖北省")


def test_of_a_county_in_two_provinces_neither_is_told() -> None:
    named = Named(
        0, 3, (Division("甲省", "甲市", "和平区"), Division("乙省", "乙市", "和平区")), True
    )
    assert agreed([named])[0] is None


@pytest.mark.parametrize(
    ("now", "text", "value"),
    [
        ("2026-11-22T09:00", "周末", "2026-11-21/2026-11-22"),
        ("2026-12-31T20:00", "明天上午", "2027-01-01T08:00/2027-01-01T12:00"),
        ("2026-11-18T19:00", "下午再送吧", "2026-11-19T12:00/2026-11-19T18:00"),
        ("2026-11-18T19:00", "3点", "2026-11-19T15:00"),
        ("2026-02-10T10:00", "除夕能到吗", "2026-02-16"),
        ("2028-02-28T10:00", "明天", "2028-02-29"),
        ("2040-01-01T10:00", "春节后", "春节后"),
        ("2026-11-18T10:00", "2月30号", "2月30号"),
        ("2026-11-18T10:00", "明天99点", "明天99点"),
    ],
)
def test_a_time_is_told_as_seen_from_the_customers_moment(now: str, text: str, value: str) -> None:
    clock = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)
    found = TimeExtractor({}, clock=lambda: clock).find(text, [])
    assert found[0].value == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "。",
        "号" * 300,
        "1" * 300,
        "路" * 200,
        "省市区县" * 80,
        "三" * 200,
        "周" * 200,
        "\n|\t",
    ],
)
def test_odd_messages_break_nothing(text: str) -> None:
    assert isinstance(entities(text, pipeline), list)


@pytest.mark.parametrize(("text", "milliseconds"), [(ORDINARY, 1.5), (WITH_ADDRESS, 6.0)])
def test_all_extractors_together_are_fast(text: str, milliseconds: float) -> None:
    def took() -> float:
        begun = time.thread_time()
        entities(text, pipeline)
        return (time.thread_time() - begun) * 1000

    assert statistics.median(took() for _ in range(101)) <= milliseconds


@pytest.mark.parametrize("text", ["3618", "尾号6180", "16180"])
def test_a_feast_within_a_longer_number_is_no_time(text: str) -> None:
    assert TimeExtractor({}).find(text, []) == []
