"""A decision table that may be used: read once, then asked as often as needed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Any

from ticketing.expressions.service import Expression, ExpressionFailed, UnaryTest
from ticketing.expressions.values import Value, number, value_of
from ticketing.kernel.errors import HouseError


class RulesOverlap(HouseError):
    """More than one rule of a table answers where only one may."""

    status, code = 409, "rules_overlap"

    def __init__(self, table: str, rules: tuple[str, ...]) -> None:
        super().__init__(
            f"规则表 {table} 只能命中一条规则，现在同时命中：{'、'.join(rules)}",
            table=table,
            rules=list(rules),
        )


class HitPolicy(StrEnum):
    """What happens when several rules fire."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    COLLECT = "COLLECT"


@dataclass(frozen=True, eq=False)
class Column:
    """An input: a label for people, and what is asked."""

    label: str
    expression: Expression
    type: str
    words: Mapping[str, str]
    """What people read instead of single values."""


@dataclass(frozen=True)
class Output:
    """An answer the table gives."""

    name: str
    label: str
    type: str


@dataclass(frozen=True, eq=False)
class Rule:
    """A row: `tests` are the cells that ask something, by column."""

    id: str
    number: int
    tests: tuple[tuple[int, UnaryTest], ...]
    answers: tuple[Expression | None, ...]
    note: str
    words: str
    """When it fires, in Chinese."""


@dataclass(frozen=True, eq=False)
class Table:
    """A checked decision table; `version` is a hash of its source."""

    name: str
    label: str
    version: str
    hit_policy: HitPolicy
    aggregation: str
    inputs: tuple[Column, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    names: frozenset[str]
    """The facts it looks at."""


@dataclass(frozen=True)
class Outcome:
    """What a table says to some facts: answers, and the rules that gave them."""

    outputs: tuple[dict[str, Any], ...]
    fired: tuple[Rule, ...]


def decide_table(table: Table, facts: Mapping[str, Any]) -> Outcome:
    """Ask a table; raise `RulesOverlap` or `ExpressionFailed`. Outputs are ready for JSON."""
    known = {name: value_of(facts.get(name)) for name in table.names}
    fired = tuple(_fired(table, known))
    answers = tuple(_answers(table, rule, known) for rule in fired)
    if table.aggregation and answers:
        return Outcome((_aggregated(table, answers),), fired)
    return Outcome(tuple(_plain_row(answer) for answer in answers), fired)


def _fired(table: Table, known: Mapping[str, Value]) -> list[Rule]:
    values = [column.expression.evaluate(known) for column in table.inputs]
    fired: list[Rule] = []
    for rule in table.rules:
        if not _passes(table, rule, values, known):
            continue
        fired.append(rule)
        if table.hit_policy is HitPolicy.FIRST:
            break
    if table.hit_policy is HitPolicy.UNIQUE and len(fired) > 1:
        raise RulesOverlap(table.name, tuple(rule.id for rule in fired))
    return fired


def _passes(table: Table, rule: Rule, values: list[Any], known: Mapping[str, Value]) -> bool:
    try:
        for place, test in rule.tests:
            if not test.holds(values[place], known):
                return False
    except ExpressionFailed as error:
        raise _located(table, rule, error) from error
    return True


def _answers(table: Table, rule: Rule, known: Mapping[str, Value]) -> dict[str, Value]:
    try:
        return {
            output.name: cell.evaluate(known) if cell else None
            for output, cell in zip(table.outputs, rule.answers, strict=True)
        }
    except ExpressionFailed as error:
        raise _located(table, rule, error) from error


def _located(table: Table, rule: Rule, error: ExpressionFailed) -> ExpressionFailed:
    reason = f"规则表「{table.label}」第 {rule.number} 行，{error.facts['reason']}"
    return ExpressionFailed(reason, table=table.name, rule=rule.id)


def _aggregated(table: Table, answers: tuple[dict[str, Value], ...]) -> dict[str, Any]:
    name = table.outputs[0].name
    if table.aggregation == "COUNT":
        return {name: len(answers)}
    found = [number(answer[name]) for answer in answers if answer[name] is not None]
    return {name: plain(AGGREGATIONS[table.aggregation](found)) if found else None}


AGGREGATIONS: Mapping[str, Callable[[list[Decimal]], Decimal]] = {
    "SUM": lambda found: sum(found, Decimal(0)),
    "MIN": min,
    "MAX": max,
    "COUNT": lambda found: Decimal(len(found)),
}


def _plain_row(answers: Mapping[str, Value]) -> dict[str, Any]:
    return {name: plain(value) for name, value in answers.items()}


def plain(value: Any) -> Any:
    """Return a value as JSON takes it: whole numbers as int, others as float."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, float) and not isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)
