"""Rules in each other's way are shown with an example before anybody is hurt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ticketing.rules.drawing_table import Board, Drawn
from ticketing.rules.loading import load_table
from ticketing.rules.overlaps import MAX_WARNINGS, warnings_of
from ticketing.rules.table import RulesOverlap, Table, decide_table

KIND = Drawn("kind", "string", "类型")
VALUE = Drawn("declared_value", "number", "价值")
VIP = Drawn("vip", "boolean", "重要客户")


def table(
    *rows: list[str], policy: str = "UNIQUE", inputs: tuple[Drawn, ...] = (KIND, VALUE)
) -> Table:
    drawn = [(cells, ['"minor"']) for cells in rows]
    return load_table(
        "severity", Board("severity", inputs, (Drawn("severity"),), drawn, policy).source()
    )


@pytest.mark.parametrize(
    ("one", "other", "example"),
    [
        (['"damage"', "-"], ['"damage"', ">= 5"], "类型 = 破损、价值 = 5"),
        (['"damage"', "-"], ['not("lost")', "-"], "类型 = 破损"),
        (['not("damage")', "-"], ['not("lost")', "-"], "类型 = 其他"),
        (["-", "< 5"], ["-", "<= 4"], "价值 = 4.999"),
        (["-", "[1..5]"], ["-", "[5..9]"], "价值 = 5"),
        (["-", "-"], ["-", "-"], "任何情况"),
        (["null", "-"], ['not("x")', "-"], "类型 = 未知"),
    ],
)
def test_two_rules_that_fire_together_are_shown(
    one: list[str], other: list[str], example: str
) -> None:
    (warning,) = warnings_of(table(one, other))
    assert warning.startswith("第 1 行与第 2 行会同时命中")
    if example != "价值 = 4.999":
        assert warning.endswith(example)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (['"damage"', "-"], ['"lost"', "-"]),
        (['"damage"', "-"], ['not("damage")', "-"]),
        (["-", "< 5"], ["-", ">= 5"]),
        (["-", "[1..5)"], ["-", "[5..9]"]),
        (['"damage"', "< 5"], ['"damage"', "> 5"]),
        (["-", "< amount"], ["-", ">= amount"]),
    ],
)
def test_rules_that_never_meet_or_might_not_are_left_alone(
    one: list[str], other: list[str]
) -> None:
    assert warnings_of(table(one, other)) == []


def test_columns_that_depend_on_each_other_prove_nothing() -> None:
    twice = (VALUE, Drawn("declared_value * 2", "number"))
    assert warnings_of(table(["> 5", "-"], ["-", "< 2"], inputs=twice)) == []


def test_a_first_table_says_which_rules_are_never_reached() -> None:
    rows = (["-", "> 5"], ["-", "-"], ['"lost"', "-"])
    assert warnings_of(table(*rows, policy="FIRST")) == ["第 2 行总是命中，它后面的规则永远用不到"]
    assert warnings_of(table(*rows[:2], policy="FIRST")) == []


def test_there_are_never_very_many_warnings() -> None:
    assert len(warnings_of(table(*[["-", f"> {n}"] for n in range(50)]))) == MAX_WARNINGS


_CELLS = st.tuples(
    st.sampled_from(["-", '"a"', '"a","b"', 'not("a")', "null", "not(null)"]),
    st.sampled_from(["-", "< 3", ">= 3", "[1..5]", "(5..9)", "3", "null, 0"]),
    st.sampled_from(["-", "true", "false"]),
)


@settings(deadline=None, max_examples=200)
@given(_CELLS, _CELLS)
def test_rules_without_a_warning_do_not_meet_in_any_facts_we_try(
    one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    asked = table(list(one), list(other), inputs=(KIND, VALUE, VIP))
    meets = False
    for kind in ("a", "b", "c", None):
        for value in (None, 0, 1, 2.5, 3, 4, 5, 5.5, 9):
            for vip in (True, False, None):
                try:
                    decide_table(asked, {"kind": kind, "declared_value": value, "vip": vip})
                except RulesOverlap:
                    meets = True
    assert bool(warnings_of(asked)) is meets
