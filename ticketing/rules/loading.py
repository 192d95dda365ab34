"""From the bytes of a DMN file to a table that may be used. Pure."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from ticketing.expressions.service import compile_expression, compile_test
from ticketing.expressions.wording import in_words
from ticketing.rules.catalog import known_facts, purpose, words_for
from ticketing.rules.checks import problems_of
from ticketing.rules.dmn import ColumnAsDrawn, RuleAsDrawn, RulesInvalid, Sheet, read_sheet
from ticketing.rules.table import Column, HitPolicy, Output, Rule, Table

REMEMBERED = 256


def version_of(source: bytes) -> str:
    """Return 16 hex digits of the SHA-256 of a file."""
    return hashlib.sha256(source).hexdigest()[:16]


@lru_cache(maxsize=REMEMBERED)
def load_table(name: str, source: bytes) -> Table:
    """Read, check and translate a DMN file; raise `RulesInvalid` with every problem found."""
    sheet = read_sheet(source)
    if problems := problems_of(sheet, purpose(name)):
        raise RulesInvalid(problems)
    return _table(sheet, version_of(source))


def _table(sheet: Sheet, version: str) -> Table:
    columns = tuple(_column(column) for column in sheet.inputs)
    rules = tuple(_rule(columns, row, rule) for row, rule in enumerate(sheet.rules, 1))
    return Table(
        name=sheet.name,
        label=sheet.label,
        version=version,
        hit_policy=HitPolicy(sheet.hit_policy),
        aggregation=sheet.aggregation,
        inputs=columns,
        outputs=tuple(Output(c.text, c.label or c.text, c.type) for c in sheet.outputs),
        rules=rules,
        names=_names(columns, rules),
    )


def _column(column: ColumnAsDrawn) -> Column:
    known = known_facts().get(column.text)
    label = column.label or (known.label if known else column.text)
    expression = compile_expression(column.text)
    words = {key: word for name in expression.names for key, word in words_for(name).items()}
    return Column(label, expression, column.type, words)


def _rule(columns: tuple[Column, ...], row: int, rule: RuleAsDrawn) -> Rule:
    cells = tuple((place, compile_test(cell)) for place, cell in enumerate(rule.cells))
    tests = tuple((place, test) for place, test in cells if not test.is_any)
    asked = (
        f"{columns[place].label} {in_words(test, columns[place].words)}" for place, test in tests
    )
    return Rule(
        id=rule.id,
        number=row,
        tests=tests,
        answers=tuple(
            None if cell in ("", "-") else compile_expression(cell) for cell in rule.answers
        ),
        note=rule.note,
        words=" 且 ".join(asked) or "任何情况",
    )


def _names(columns: tuple[Column, ...], rules: tuple[Rule, ...]) -> frozenset[str]:
    found = {name for column in columns for name in column.expression.names}
    for rule in rules:
        found |= {name for _, test in rule.tests for name in test.names}
        found |= {name for answer in rule.answers if answer for name in answer.names}
    return frozenset(found)
