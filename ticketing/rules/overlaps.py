"""Rules that can be shown to be in each other's way, with an example. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from typing import Any

from ticketing.expressions.service import ExpressionFailed, UnaryTest, compile_test
from ticketing.expressions.wording import value_in_words
from ticketing.rules.table import HitPolicy, Rule, Table

MAX_WARNINGS, MAX_RULES = 20, 200
_A_LITTLE = Decimal("0.001")
_NOTHING = object()
_ANY = compile_test("-")


def warnings_of(table: Table) -> list[str]:
    """Return what its author should know, at most `MAX_WARNINGS`; nothing here forbids use."""
    finders = {HitPolicy.UNIQUE: _overlapping, HitPolicy.FIRST: _never_reached}
    finder = finders.get(table.hit_policy)
    found = finder(table) if finder else iter(())
    return [warning for warning, _ in zip(found, range(MAX_WARNINGS), strict=False)]


def _overlapping(table: Table) -> Iterator[str]:
    names = [column.expression.text for column in table.inputs]
    independent = len(set(names)) == len(names) and all(
        column.expression.names == {column.expression.text} for column in table.inputs
    )
    if not independent or len(table.rules) > MAX_RULES:
        return
    for one, other in combinations(table.rules, 2):
        example = _example(table, one, other)
        if example is not None:
            yield f"第 {one.number} 行与第 {other.number} 行会同时命中，例如{example}"


def _never_reached(table: Table) -> Iterator[str]:
    for rule in table.rules[:-1]:
        if not rule.tests:
            yield f"第 {rule.number} 行总是命中，它后面的规则永远用不到"
            return


def _example(table: Table, one: Rule, other: Rule) -> str | None:
    told: list[str] = []
    mine, theirs = dict(one.tests), dict(other.tests)
    for place in sorted({*mine, *theirs}):
        left, right = mine.get(place, _ANY), theirs.get(place, _ANY)
        column = table.inputs[place]
        value = _witness(left, right, column.type)
        if value is _NOTHING:
            return None
        told.append(f"{column.label} = {value_in_words(value, column.words)}")
    return "、".join(told) or "任何情况"


@lru_cache(maxsize=4096)
def _witness(left: UnaryTest, right: UnaryTest, kind: str) -> Any:
    """Return a value that passes both cells, or `_NOTHING` if none was found."""
    for value in _candidates(left, right, kind):
        try:
            if left.holds(value, {}) and right.holds(value, {}):
                return value
        except ExpressionFailed:
            continue
    return _NOTHING


def _candidates(left: UnaryTest, right: UnaryTest, kind: str) -> Iterator[Any]:
    if left.names or right.names:
        return
    for value in (*left.constants, *right.constants):
        yield value
        if isinstance(value, Decimal):
            yield value - _A_LITTLE
            yield value + _A_LITTLE
    yield from {"string": ("其他",), "number": (Decimal(0),), "boolean": (True, False)}[kind]
    yield None
