"""What a table answers: one rule, the first, or all of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ticketing.rules.drawing_table import Board, Drawn
from ticketing.expressions.service import ExpressionFailed
from ticketing.rules.loading import load_table
from ticketing.rules.table import Outcome, RulesOverlap, Table, decide_table, plain
from ticketing.rules.wording import fired_rows, in_sentences

SEVERITY = (Drawn("severity"),)
VALUE = Drawn("declared_value", "number", "声明价值")
KIND = Drawn("kind", "string", "类型")


def table(*rows: tuple[list[str], list[str]], policy: str = "FIRST", **more: Any) -> Table:
    """A table of severity, by kind and value."""
    board = Board("severity", (KIND, VALUE), SEVERITY, rows, policy, **more)
    return load_table("severity", board.source())


def points(*rows: tuple[list[str], list[str]]) -> Table:
    board = Board("talking_points", (KIND, VALUE), (Drawn("text"),), rows, "COLLECT")
    return load_table("talking_points", board.source())


def ids(outcome: Outcome) -> list[str]:
    return [rule.id for rule in outcome.fired]


OVERLAPPING = ((['"damage"', "-"], ['"minor"']), (["-", ">= 100"], ['"major"']))


def test_first_answers_with_the_first_rule_that_fires() -> None:
    asked = table(*OVERLAPPING)
    both = decide_table(asked, {"kind": "damage", "declared_value": 500})
    assert both.outputs == ({"severity": "minor"},)
    assert ids(both) == ["severity_1"]
    assert decide_table(asked, {"declared_value": 500}).outputs == ({"severity": "major"},)


def test_unique_answers_while_only_one_rule_fires() -> None:
    asked = table(*OVERLAPPING, policy="UNIQUE")
    assert decide_table(asked, {"kind": "damage"}).outputs == ({"severity": "minor"},)


def test_unique_names_the_rules_when_two_fire() -> None:
    asked = table(*OVERLAPPING, policy="UNIQUE")
    with pytest.raises(RulesOverlap) as overlap:
        decide_table(asked, {"kind": "damage", "declared_value": 500})
    assert overlap.value.facts == {"table": "severity", "rules": ["severity_1", "severity_2"]}
    assert "severity_1、severity_2" in overlap.value.detail


def test_nothing_fires_nothing_is_said() -> None:
    outcome = decide_table(table(*OVERLAPPING), {"kind": "lost"})
    assert outcome.outputs == ()
    assert outcome.fired == ()


def test_collect_answers_with_every_rule_that_fires_in_their_order() -> None:
    asked = points((["-", "-"], ['"甲"']), (['"lost"', "-"], ['"乙"']), (["-", "< 9"], ['"丙"']))
    outcome = decide_table(asked, {"kind": "damage", "declared_value": 1})
    assert [answer["text"] for answer in outcome.outputs] == ["甲", "丙"]
    assert ids(outcome) == ["talking_points_1", "talking_points_3"]


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", 17.5), ("MIN", 2.5), ("MAX", 10), ("COUNT", 3)]
)
def test_collect_can_sum_up(aggregation: str, expected: float) -> None:
    rows = ((["-", "-"], ["10"]), (["-", "> 5"], ["fee"]), (["-", "-"], ["2.5"]))
    board = Board("amounts", (KIND, VALUE), (Drawn("amount", "number"),), rows, "COLLECT")
    outcome = decide_table(_unchecked(board, aggregation), {"declared_value": 9, "fee": 5})
    assert outcome.outputs == ({"amount": expected},)
    assert len(outcome.fired) == 3


def _unchecked(board: Board, aggregation: str) -> Table:
    """No shipped table adds up, so this one goes round the check of its name."""
    from dataclasses import replace

    from ticketing.rules.dmn import read_sheet
    from ticketing.rules.loading import _table

    return _table(read_sheet(replace(board, aggregation=aggregation).source()), "0")


def test_an_answer_may_be_calculated_from_the_facts() -> None:
    answers = ["round(min(declared_value, fee * 7), 2)", "fee * 7", '"运费 7 倍"', '"lead"']
    outputs = [Drawn("amount", "number"), Drawn("cap", "number"), Drawn("basis")]
    board = Board("compensation", (KIND,), (*outputs, Drawn("approval_role")), [(["-"], answers)])
    asked = load_table("compensation", board.source())
    (answer,) = decide_table(asked, {"declared_value": 1000, "fee": 18.015}).outputs
    assert answer == {
        "amount": 126.11,
        "cap": 126.105,
        "basis": "运费 7 倍",
        "approval_role": "lead",
    }
    assert type(decide_table(asked, {"declared_value": 5, "fee": 1}).outputs[0]["amount"]) is int


def test_a_fact_of_the_wrong_kind_is_told_with_table_and_row() -> None:
    asked = table((["-", "< 5"], ['"minor"']), (["-", ">= 100"], ['"major"']))
    with pytest.raises(ExpressionFailed) as failed:
        decide_table(asked, {"declared_value": "很多"})
    assert "第 1 行" in failed.value.detail
    assert failed.value.facts["table"] == "severity"
    assert failed.value.facts["rule"] == "severity_1"


def test_cells_may_compare_with_other_facts() -> None:
    asked = table((["-", "> amount * 2"], ['"minor"']))
    assert decide_table(asked, {"declared_value": 21, "amount": 10}).outputs
    assert not decide_table(asked, {"declared_value": 20, "amount": 10}).outputs
    assert asked.names == {"kind", "declared_value", "amount"}


def test_every_rule_that_fired_makes_a_sentence() -> None:
    asked = points((['"damage"', ">= 1000"], ['"甲"']), (["-", "-"], ['"乙"']))
    outcome = decide_table(asked, {"kind": "damage", "declared_value": 1000})
    assert in_sentences(fired_rows(outcome), outcome.outputs) == [
        "当 类型 = 破损 且 声明价值 ≥ 1000 → 话术 甲",
        "当 任何情况 → 话术 乙",
    ]


@pytest.mark.parametrize(
    ("value", "as_json"),
    [
        (None, None),
        (True, True),
        (1, 1),
        (1.5, 1.5),
        (float("nan"), None),
        ("x", "x"),
        ([1, None], [1, None]),
        ({"a": (1, 2)}, {"a": [1, 2]}),
    ],
)
def test_plain_values_are_what_json_takes(value: object, as_json: object) -> None:
    assert plain(value) == as_json
