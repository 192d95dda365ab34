"""Decisions as people read them."""

from __future__ import annotations

from typing import Any

import pytest

from ticketing.rules.catalog import (
    RuleTableUnknown,
    answer_label,
    fact_label,
    known_facts,
    purpose,
    purposes,
    words_for,
)
from ticketing.rules.shipped import shipped
from ticketing.rules.wording import answer_in_words, in_sentences, table_label, worded


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("kind", "damage", "破损"),
        ("kind", "something_new", "something_new"),
        ("priority", "urgent", "加急"),
        ("vip", True, "是"),
        ("vip", False, "否"),
        ("declared_value", 1200, "1200"),
        ("declared_value", 1200.5, "1200.5"),
        ("declared_value", 1234567.25, "1234567.25"),
        ("loss_ratio", 0.3333, "0.3333"),
        ("region", "广东省", "广东省"),
        ("skill", "high_value", "高额理赔"),
        ("approval_role", "finance", "财务"),
        ("unheard_of", ["a", 1], "['a', 1]"),
        ("unheard_of", None, "未知"),
    ],
)
def test_a_value_is_shown_as_a_word(name: str, value: Any, words: str) -> None:
    assert worded(name, value) == words


def test_an_answer_leaves_out_what_is_empty() -> None:
    assert answer_in_words({"queue": "claims", "skill": None}) == "队列 理赔"
    assert answer_in_words({"queue": None, "skill": None}) == "（空）"
    assert answer_in_words({"priority": "high", "red_flag": False}) == "优先级 高，红旗 否"


def test_every_rule_that_fired_gets_its_own_answer() -> None:
    fired = [{"when": "甲"}, {"when": "乙"}]
    told = in_sentences(fired, [{"text": "一"}, {"text": "二"}])
    assert told == ["当 甲 → 话术 一", "当 乙 → 话术 二"]


def test_rules_that_add_up_share_one_answer() -> None:
    told = in_sentences([{"when": "甲"}, {"when": "乙"}], [{"amount": 3}])
    assert told == ["当 甲 → 赔付金额 3", "当 乙 → 赔付金额 3"]


def test_nothing_fired_makes_no_sentence() -> None:
    assert in_sentences([], []) == []


def test_a_fact_and_an_answer_of_one_name_have_their_own_labels() -> None:
    assert fact_label("amount") != answer_label("amount")
    assert fact_label("unheard_of") == answer_label("unheard_of") == "unheard_of"
    assert table_label("routing") == "分派队列"
    assert table_label("weather") == "weather"


def test_a_table_nobody_has_is_unknown() -> None:
    with pytest.raises(RuleTableUnknown) as unknown:
        purpose("weather")
    assert unknown.value.status == 404
    assert RuleTableUnknown("routing", "feed").detail == "没有规则表 routing 的版本 feed"


def test_every_fact_has_a_label_and_a_type_of_its_own() -> None:
    labels = [fact.label for fact in known_facts().values()]
    assert len(set(labels)) == len(labels)
    assert {fact.type for fact in known_facts().values()} == {"string", "number", "boolean"}


def test_every_value_a_table_may_answer_has_a_word() -> None:
    for found in purposes().values():
        for answer in found.outputs:
            assert set(answer.values) <= set(words_for(answer.name)), answer.name


def test_every_queue_and_skill_the_shipped_table_names_has_a_word() -> None:
    table = shipped()["routing"]
    for rule in table.rules:
        for output, answer in zip(table.outputs, rule.answers, strict=True):
            assert answer is None or answer.constant in words_for(output.name)


def test_no_label_of_a_shipped_column_is_an_english_name() -> None:
    for table in shipped().values():
        labels = [column.label for column in table.inputs]
        for label in (*labels, *(output.label for output in table.outputs)):
            assert any("\u4e00" <= sign <= "\u9fff" for sign in label), label
