"""Random tables against a slow and simple reading of what DMN says."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ticketing.rules.drawing_table import Board, Drawn
from ticketing.expressions.service import ExpressionFailed
from ticketing.rules.dmn import RulesInvalid
from ticketing.rules.loading import load_table
from ticketing.rules.overlaps import warnings_of
from ticketing.rules.shipped import shipped, shipped_source
from ticketing.rules.table import RulesOverlap, decide_table

SEVERITIES = ("minor", "normal", "major", "critical")
COLUMNS = (
    Drawn("kind", "string"),
    Drawn("declared_value", "number"),
    Drawn("vip", "boolean"),
)

# What each cell means, said again in Python.
TEXTS = {
    "-": lambda _: True,
    '"a"': lambda v: v == "a",
    '"a","b"': lambda v: v in ("a", "b"),
    'not("a")': lambda v: v != "a",
    "null": lambda v: v is None,
    'starts with(?, "a")': lambda v: v is not None and v.startswith("a"),
}
NUMBERS = {
    "-": lambda _: True,
    "5": lambda v: v == 5,
    "< 5": lambda v: v is not None and v < 5,
    ">= 5": lambda v: v is not None and v >= 5,
    "[2..5)": lambda v: v is not None and 2 <= v < 5,
    "(2..5]": lambda v: v is not None and 2 < v <= 5,
    "not([2..5])": lambda v: not (v is not None and 2 <= v <= 5),
    "null, 0": lambda v: v is None or v == 0,
    "? > 1 and ? < 4": lambda v: v is not None and 1 < v < 4,
}
TRUTHS = {
    "-": lambda _: True,
    "true": lambda v: v is True,
    "false": lambda v: v is False,
    "not(true)": lambda v: v is not True,
    "null": lambda v: v is None,
}
MEANINGS: tuple[dict[str, Any], ...] = (TEXTS, NUMBERS, TRUTHS)

_cells = st.tuples(*(st.sampled_from(sorted(meanings)) for meanings in MEANINGS))
_rows = st.lists(st.tuples(_cells, st.sampled_from(SEVERITIES)), min_size=1, max_size=8)
_facts = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["a", "b", "ab", None]),
        "declared_value": st.sampled_from([None, 0, 1, 2, 3.5, 4, 5, 5.5, 9]),
        "vip": st.sampled_from([True, False, None]),
    }
)
type Rows = Sequence[tuple[tuple[str, ...], str]]


def firing(rows: Rows, facts: dict[str, Any]) -> list[int]:
    """The numbers of the rows whose every cell lets its fact pass."""
    values = [facts[column.text] for column in COLUMNS]
    return [
        number
        for number, (cells, _) in enumerate(rows, 1)
        if all(m[c](v) for m, c, v in zip(MEANINGS, cells, values, strict=True))
    ]


def board(rows: Rows, policy: str) -> bytes:
    drawn = [(cells, [f'"{severity}"']) for cells, severity in rows]
    return Board("severity", COLUMNS, (Drawn("severity"),), drawn, policy).source()


@settings(deadline=None, max_examples=150)
@given(_rows, _facts)
def test_first_is_the_first_row_that_fires(rows: Rows, facts: dict[str, Any]) -> None:
    outcome = decide_table(load_table("severity", board(rows, "FIRST")), facts)
    expected = firing(rows, facts)[:1]
    assert [rule.number for rule in outcome.fired] == expected
    assert [answer["severity"] for answer in outcome.outputs] == [rows[n - 1][1] for n in expected]


@settings(deadline=None, max_examples=150)
@given(_rows, _facts)
def test_unique_is_the_only_row_that_fires_or_an_error_naming_all(
    rows: Rows, facts: dict[str, Any]
) -> None:
    table, expected = load_table("severity", board(rows, "UNIQUE")), firing(rows, facts)
    if len(expected) <= 1:
        assert [rule.number for rule in decide_table(table, facts).fired] == expected
        return
    with pytest.raises(RulesOverlap) as overlap:
        decide_table(table, facts)
    assert overlap.value.facts["rules"] == [f"severity_{number}" for number in expected]
    assert warnings_of(table)


@settings(deadline=None, max_examples=150)
@given(_rows, _facts)
def test_collect_is_every_row_that_fires(rows: Rows, facts: dict[str, Any]) -> None:
    drawn = [(cells, [f'"{text}"']) for cells, text in rows]
    source = Board("talking_points", COLUMNS, (Drawn("text"),), drawn, "COLLECT").source()
    outcome = decide_table(load_table("talking_points", source), facts)
    assert [rule.number for rule in outcome.fired] == firing(rows, facts)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(shipped())), st.data())
def test_a_damaged_file_is_refused_or_read_and_never_breaks_anything(
    name: str, data: st.DataObject
) -> None:
    source = bytearray(shipped_source(name))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(source) - 1))
        length = data.draw(st.integers(0, 30))
        source[place : place + length] = data.draw(st.binary(max_size=8))
    try:
        table = load_table(name, bytes(source))
    except RulesInvalid as invalid:
        invalid.detail.encode()
        return
    assert table.rules
    with suppress(RulesOverlap, ExpressionFailed):
        decide_table(table, {"kind": "damage", "fee": 10, "declared_value": 100})


_anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=10),
    st.lists(st.integers(), max_size=3),
)


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(sorted(shipped())),
    st.dictionaries(
        st.sampled_from(sorted({name for table in shipped().values() for name in table.names})),
        _anything,
    ),
)
def test_a_shipped_table_answers_any_facts_or_says_what_it_cannot_use(
    name: str, facts: dict[str, Any]
) -> None:
    try:
        outcome = decide_table(shipped()[name], facts)
    except (RulesOverlap, ExpressionFailed):
        return
    assert outcome.fired or name == "talking_points"
