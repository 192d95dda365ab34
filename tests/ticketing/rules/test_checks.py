"""A table that cannot be decided by is refused, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import thread_time
from typing import Any

import pytest

from tests.ticketing.rules.drawing_table import MODEL, Board, Drawn
from ticketing.rules.catalog import RuleTableUnknown
from ticketing.rules.dmn import RulesInvalid
from ticketing.rules.loading import load_table
from ticketing.rules.shipped import shipped_source

KIND = Drawn("kind", "string", "类型")
VALUE = Drawn("declared_value", "number", "价值")
GOOD = Board(
    "severity",
    (KIND, VALUE),
    (Drawn("severity"),),
    [(['"damage"', ">= 100"], ['"major"']), (["-", "-"], ['"normal"'])],
)


def problems_of(board: Board | bytes) -> list[str]:
    source = board if isinstance(board, bytes) else board.source()
    with pytest.raises(RulesInvalid) as invalid:
        load_table("severity", source)
    assert invalid.value.status == 422
    assert invalid.value.facts["problems"] == invalid.value.problems
    return invalid.value.problems


def with_row(cells: Sequence[str], answers: Sequence[str]) -> Board:
    return replace(GOOD, rows=[*GOOD.rows, (cells, answers)])


def test_the_good_table_is_good() -> None:
    assert len(load_table("severity", GOOD.source()).rules) == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "routing"}, "决策编号应为 severity"),
        ({"policy": "ANY"}, "命中策略 ANY 不支持"),
        ({"policy": "PRIORITY"}, "命中策略 PRIORITY 不支持"),
        ({"policy": "COLLECT"}, "只要一个结果"),
        ({"policy": "COLLECT", "aggregation": "AVG"}, "汇总方式 AVG 不支持"),
        ({"policy": "COLLECT", "aggregation": "SUM"}, "数字类型的输出"),
        ({"rows": []}, "没有任何规则"),
        ({"ids": ["r1", "r1"]}, "规则编号「r1」重复 2 次"),
        ({"ids": ["r1", "规则 2"]}, "由字母、数字和下划线组成"),
        ({"inputs": (Drawn("colour"), VALUE)}, "第 1 个输入列用了不认识的名称 colour"),
        ({"inputs": (Drawn("kind +"), VALUE)}, "第 1 个输入列写法有误"),
        ({"inputs": (Drawn("kind", "date"), VALUE)}, "第 1 个输入列的类型应为"),
        ({"inputs": (KIND,)}, "第 1 行的格数与列数不一致"),
        ({"outputs": (Drawn("priority"),)}, "缺少输出列 severity"),
        ({"outputs": (Drawn("severity", "number"),)}, "输出列 severity 的类型应为 string"),
        ({"label": "长" * 61}, "决策名称超过"),
        ({"rows": [(["-", "-"], ['"minor"'])] * 501}, "规则超过 500 条"),
    ],
)
def test_a_table_of_the_wrong_shape_is_refused(changed: dict[str, Any], said: str) -> None:
    assert any(said in problem for problem in problems_of(replace(GOOD, **changed)))


@pytest.mark.parametrize(
    ("cells", "answers", "said"),
    [
        (["kind.", "-"], ['"minor"'], "第 3 行「类型」写法有误"),
        (["__import__('os')", "-"], ['"minor"'], "第 3 行「类型」写法有误"),
        (["-", "> colour"], ['"minor"'], "第 3 行「价值」用了不认识的名称 colour"),
        (["100", "-"], ['"minor"'], "第 3 行「类型」的 100 与列的类型 string 不符"),
        (["-", '"many"'], ['"minor"'], "与列的类型 number 不符"),
        (["-", "true"], ['"minor"'], "与列的类型 number 不符"),
        (["-", "-"], ['"awful"'], "「awful」不在允许的取值内：minor、normal、major、critical"),
        (["-", "-"], ["5"], "应为 string 类型"),
        (["-", "-"], ["null"], "应为 string 类型"),
        (["-", "-"], [""], "第 3 行「severity」没有填写"),
        (["-", "-"], ["colour"], "用了不认识的名称 colour"),
        (["-", "-"], ["9**9"], "第 3 行「severity」写法有误"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(
    cells: list[str], answers: list[str], said: str
) -> None:
    assert [p for p in problems_of(with_row(cells, answers)) if said in p]


def test_every_problem_is_told_at_once() -> None:
    rows = [(["colour", "1 +"], ['"awful"']), (["5", '"x"'], [""])]
    assert len(problems_of(replace(GOOD, rows=rows))) == 6


def test_of_very_many_problems_the_first_are_told() -> None:
    rows = [(["colour", "1 +"], ['"awful"'])] * 100
    assert len(problems_of(replace(GOOD, rows=rows))) == 50


def test_values_the_author_lists_bind_the_answers_too() -> None:
    outputs = [Drawn("queue", values=["claims", "billing"]), Drawn("skill")]
    good = Board("routing", (KIND,), outputs, [(["-"], ['"claims"', ""])])
    assert load_table("routing", good.source()).rules
    with pytest.raises(RulesInvalid, match="不在允许的取值内：claims、billing"):
        load_table("routing", replace(good, rows=[(["-"], ['"nobody"', ""])]).source())


def test_a_collecting_table_must_collect() -> None:
    board = Board("talking_points", (KIND,), (Drawn("text"),), [(["-"], ['"x"'])], "FIRST")
    with pytest.raises(RulesInvalid, match="COLLECT"):
        load_table("talking_points", board.source())


def test_a_table_nobody_asks_is_unknown() -> None:
    with pytest.raises(RuleTableUnknown):
        load_table("weather", GOOD.source())


XML = GOOD.xml()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"", "不是完整的 XML"),
        (b"hello", "不是完整的 XML"),
        (XML[:-20].encode(), "不是完整的 XML"),
        (b"\xff\xfe<", "UTF-8"),
        (XML.replace("?>", "?><!DOCTYPE x>", 1).encode(), "DOCTYPE"),
        (XML.replace(MODEL, "http://www.omg.org/spec/DMN/20180521/MODEL/").encode(), "DMN 1.3"),
        (b"<a>" * 40 + b"</a>" * 40, "嵌套超过"),
        (b" " * (512 * 1024 + 1), "512 KB"),
        (f'<definitions xmlns="{MODEL}"/>'.encode(), "应有且只有一个决策，现有 0 个"),
        (
            f'<definitions xmlns="{MODEL}"><decision id="severity"/></definitions>'.encode(),
            "规则表",
        ),
        (XML.replace("<text>-</text>", "<text>\x00</text>").encode(), "不是完整的 XML"),
    ],
)
def test_a_file_that_is_no_table_is_refused(source: bytes, said: str) -> None:
    assert said in "；".join(problems_of(source))


def test_entities_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    assert problems_of(bomb) == ["文件不能含有 DOCTYPE（实体声明）"]


def test_a_large_bad_table_is_refused_in_reasonable_time() -> None:
    cells = [f'"{n}","{n}x", kind.' for n in range(500)]
    begun = thread_time()
    problems_of(replace(GOOD, rows=[([cell, "-"], ['"minor"']) for cell in cells]))
    assert thread_time() - begun < 5


def test_a_file_with_a_byte_order_mark_and_other_layout_is_the_same_table() -> None:
    marked = b"\xef\xbb\xbf" + shipped_source("severity").replace(b"\n", b"\r\n")
    ours, theirs = (
        load_table("severity", shipped_source("severity")),
        load_table("severity", marked),
    )
    assert [rule.words for rule in ours.rules] == [rule.words for rule in theirs.rules]
    assert ours.version != theirs.version
