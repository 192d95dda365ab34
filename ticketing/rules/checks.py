"""What must hold of a sheet before we decide by it; every problem in Chinese. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from ticketing.expressions.service import (
    Expression,
    ExpressionRefused,
    UnaryTest,
    compile_expression,
    compile_test,
)
from ticketing.rules.catalog import TYPES, Answer, Purpose, known_facts
from ticketing.rules.dmn import ColumnAsDrawn, RuleAsDrawn, Sheet
from ticketing.rules.table import AGGREGATIONS, HitPolicy

MAX_RULES, MAX_COLUMNS, MAX_LABEL, MAX_PROBLEMS = 500, 20, 60, 50

_RULE_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,79}")
_JSON_TYPES = {"string": str, "boolean": bool}


def problems_of(sheet: Sheet, purpose: Purpose) -> list[str]:
    """Return everything wrong with a sheet, at most `MAX_PROBLEMS`."""
    floors = (SHAPE, CONTENT)
    for floor in floors:
        problems = [problem for check in floor for problem in check(sheet, purpose)]
        if problems:
            return problems[:MAX_PROBLEMS]
    return []


def is_this_table(sheet: Sheet, purpose: Purpose) -> Iterator[str]:
    """The decision's id is the name the house asks by."""
    if sheet.name != purpose.name:
        yield f"决策编号应为 {purpose.name}，现为「{sheet.name}」"
    if len(sheet.label) > MAX_LABEL:
        yield f"决策名称超过 {MAX_LABEL} 字"


def policy_is_supported(sheet: Sheet, purpose: Purpose) -> Iterator[str]:
    """UNIQUE, FIRST, COLLECT; one answer or many as the table is used."""
    if sheet.hit_policy not in list(HitPolicy):
        yield f"命中策略 {sheet.hit_policy} 不支持，可用 UNIQUE、FIRST、COLLECT"
    elif purpose.collects and sheet.hit_policy != HitPolicy.COLLECT:
        yield "这张表收集多条结果，命中策略应为 COLLECT"
    elif not purpose.collects and sheet.hit_policy == HitPolicy.COLLECT and not sheet.aggregation:
        yield "这张表只要一个结果，命中策略应为 UNIQUE 或 FIRST"
    if sheet.aggregation and sheet.aggregation not in AGGREGATIONS:
        yield f"汇总方式 {sheet.aggregation} 不支持"
    if sheet.aggregation and (len(sheet.outputs) != 1 or sheet.outputs[0].type != "number"):
        yield "有汇总方式的表只能有一个数字类型的输出"


def of_moderate_size(sheet: Sheet, _purpose: Purpose) -> Iterator[str]:
    """A table a person can read."""
    if not sheet.rules:
        yield "表里没有任何规则"
    if len(sheet.rules) > MAX_RULES:
        yield f"规则超过 {MAX_RULES} 条"
    if not sheet.inputs or not sheet.outputs:
        yield "表里没有输入列或输出列"
    if len(sheet.inputs) + len(sheet.outputs) > MAX_COLUMNS:
        yield f"列数超过 {MAX_COLUMNS}"


def rows_are_whole(sheet: Sheet, _purpose: Purpose) -> Iterator[str]:
    """Every rule has its own id and a cell for every column."""
    times = Counter(rule.id for rule in sheet.rules)
    for rule_id, count in times.items():
        if not _RULE_ID.fullmatch(rule_id):
            yield f"规则编号「{rule_id[:40]}」应由字母、数字和下划线组成"
        elif count > 1:
            yield f"规则编号「{rule_id}」重复 {count} 次"
    for row, rule in enumerate(sheet.rules, 1):
        whole = len(rule.cells) == len(sheet.inputs) and len(rule.answers) == len(sheet.outputs)
        if not whole:
            yield f"第 {row} 行的格数与列数不一致"


def inputs_are_known(sheet: Sheet, _purpose: Purpose) -> Iterator[str]:
    """A column asks about facts we have."""
    for place, column in enumerate(sheet.inputs, 1):
        where = f"第 {place} 个输入列"
        if column.type not in TYPES:
            yield f"{where}的类型应为 {'、'.join(TYPES)} 之一"
        if len(column.label) > MAX_LABEL:
            yield f"{where}的名称超过 {MAX_LABEL} 字"
        found = yield from _compiled(compile_expression, column.text, where)
        yield from _known(found, where)


def outputs_are_wanted(sheet: Sheet, purpose: Purpose) -> Iterator[str]:
    """The answers the house asks for are there, each once and of the right type."""
    wanted = {answer.name: answer for answer in purpose.outputs}
    names = [column.text for column in sheet.outputs]
    for name, answer in wanted.items():
        if name not in names and not answer.optional:
            yield f"缺少输出列 {name}"
    for name, count in Counter(names).items():
        if count > 1:
            yield f"输出列 {name} 重复"
    for column in sheet.outputs:
        if column.text not in wanted:
            yield f"输出列「{column.text[:40]}」不认识，可用：{'、'.join(wanted)}"
        elif column.type != wanted[column.text].type:
            yield f"输出列 {column.text} 的类型应为 {wanted[column.text].type}"


def cells_can_be_read(sheet: Sheet, purpose: Purpose) -> Iterator[str]:
    """Every cell is an expression of the safe subset about known facts, of its column's type."""
    for row, rule in enumerate(sheet.rules, 1):
        yield from _conditions(sheet, row, rule)
        yield from _answers(sheet, purpose, row, rule)


def _conditions(sheet: Sheet, row: int, rule: RuleAsDrawn) -> Iterator[str]:
    for column, cell in zip(sheet.inputs, rule.cells, strict=True):
        where = f"第 {row} 行「{column.label or column.text}」"
        found = yield from _compiled(compile_test, cell, where)
        yield from _known(found, where)
        if found is None or found.names or "?" in cell:
            continue
        for value in found.constants:
            if not _is_of(value, column.type):
                yield f"{where}的 {cell[:40]} 与列的类型 {column.type} 不符"


def _answers(sheet: Sheet, purpose: Purpose, row: int, rule: RuleAsDrawn) -> Iterator[str]:
    wanted = {answer.name: answer for answer in purpose.outputs}
    for column, cell in zip(sheet.outputs, rule.answers, strict=True):
        where, answer = f"第 {row} 行「{column.label or column.text}」", wanted[column.text]
        if cell in ("", "-"):
            if not answer.optional:
                yield f"{where}没有填写"
            continue
        found = yield from _compiled(compile_expression, cell, where)
        yield from _known(found, where)
        if found is not None and found.is_constant:
            yield from _fitting(found.constant, column, answer, where)


def _fitting(value: Any, column: ColumnAsDrawn, answer: Answer, where: str) -> Iterator[str]:
    if value is None and answer.optional:
        return
    if value is None or not _is_of(value, answer.type):
        yield f"{where}应为 {answer.type} 类型"
        return
    allowed = answer.values or _listed(column.allowed)
    if allowed and value not in allowed:
        yield f"{where}的「{str(value)[:40]}」不在允许的取值内：{'、'.join(allowed)}"


def _listed(allowed: str) -> tuple[str, ...]:
    """Return the texts of an `outputValues` list; anything else in it allows everything."""
    try:
        return tuple(v for v in compile_test(allowed).constants if isinstance(v, str))
    except ExpressionRefused:
        return ()


def _compiled[Read: (Expression, UnaryTest)](
    read: Callable[[str], Read], text: str, where: str
) -> Iterator[str] | Any:
    try:
        return read(text)
    except ExpressionRefused as error:
        yield f"{where}写法有误：{error.reason}"
        return None


def _known(found: Expression | UnaryTest | None, where: str) -> Iterator[str]:
    for name in sorted(found.names if found else ()):
        if name not in known_facts():
            yield f"{where}用了不认识的名称 {name[:40]}"


def _is_of(value: Any, wanted: str) -> bool:
    if value is None:
        return True
    if wanted == "number":
        return not isinstance(value, (bool, str))
    return isinstance(value, _JSON_TYPES[wanted])


type Check = Callable[[Sheet, Purpose], Iterator[str]]

SHAPE: tuple[Check, ...] = (
    is_this_table,
    policy_is_supported,
    of_moderate_size,
    rows_are_whole,
    inputs_are_known,
    outputs_are_wanted,
)
CONTENT: tuple[Check, ...] = (cells_can_be_read,)
