"""What may stand in the condition cells of a decision table."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketing.expressions.service import ExpressionFailed, ExpressionRefused, compile_test
from ticketing.expressions.wording import in_words

FACTS = {"fee": 10, "region": "广东省", "areas": ["广东省", "广西"]}


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("-", None, True),
        ("", "anything", True),
        ('"a"', "a", True),
        ('"a","b"', "b", True),
        ('"a","b"', "c", False),
        ('"a"', None, False),
        ('not("a","b")', "c", True),
        ('not("a","b")', "b", False),
        ('not("a")', None, True),
        ("null", None, True),
        ("null", "a", False),
        ("not(null)", 0, True),
        ("not(null)", None, False),
        ("null, 0", None, True),
        ("null, 0", 0.0, True),
        ("null, 0", 1, False),
        (">= 100", 100, True),
        (">= 100", 99.99, False),
        (">= 100", None, False),
        ("< 5, > 10", 11, True),
        ("< 5, > 10", 7, False),
        ("not(> 5)", 3, True),
        ("[1..10)", 1, True),
        ("[1..10)", 10, False),
        ("(1..10]", 1, False),
        ("(1..10]", 10, True),
        ("[1..10]", None, False),
        ("not([1..10])", 11, True),
        ("- 5", -5, True),
        ("= 5", 5, True),
        ("!= 5", 5, False),
        ("!= 5", 6, True),
        ("true", True, True),
        ("true", 1, False),
        ("1", True, False),
        ("false", None, False),
        ("> fee * 7", 71, True),
        ("> fee * 7", 70, False),
        ("region", "广东省", True),
        ("areas", "广西", True),
        ("areas", "北京市", False),
        ('["a","b"]', "a", True),
        ("? > 5 and ? < fee", 7, True),
        ("? > 5 and ? < fee", 12, False),
        ('contains(?, "摔")', "摔坏了", True),
        ('not(contains(?, "摔"))', "摔坏了", False),
        ("if fee > 5 then 1 else 2", 1, True),
    ],
)
def test_a_cell_lets_pass_what_feel_lets_pass(cell: str, value: Any, passes: bool) -> None:
    assert compile_test(cell).holds(value, FACTS) is passes


@pytest.mark.parametrize(
    "cell",
    [
        '"a",',
        ",",
        ">=",
        "[1..",
        "[1..2",
        "not(",
        "not()",
        '"a" "b"',
        "- -",
        "fee > 3",
        "vip and x",
        'x in ("a")',
        "not(a) or not(b)",
        "1..2",
        "?.x",
    ],
)
def test_what_is_no_cell_is_refused(cell: str) -> None:
    with pytest.raises(ExpressionRefused):
        compile_test(cell)


def test_a_text_where_a_number_is_asked_for_fails() -> None:
    with pytest.raises(ExpressionFailed):
        compile_test(">= 100").holds("很多", {})


def test_a_cell_says_what_it_looks_at_and_what_is_written_in_it() -> None:
    cell = compile_test('"a", > fee * 7')
    assert cell.names == {"fee"}
    assert set(cell.constants) == {"a", 7}
    assert compile_test("-").is_any
    assert not cell.is_any


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('"damage","lost"', "= 破损、丢件"),
        ('not("damage")', "≠ 破损"),
        (">= 1000", "≥ 1000"),
        ("[1..10)", "≥ 1 且 < 10"),
        ("(1..10]", "> 1 且 ≤ 10"),
        ("< 5, > 10", "< 5 或 > 10"),
        ("null", "= 未知"),
        ("true", "= 是"),
        ("not(> 5)", "不满足（> 5）"),
        ("> fee * 7", "满足 > fee * 7"),
        ('"damage", > 5', "= 破损 或 > 5"),
        ('contains(?, "x")', '满足 contains(?, "x")'),
        ('["damage","x"]', "= 破损、x"),
    ],
)
def test_a_cell_can_be_read_as_words(cell: str, words: str) -> None:
    assert in_words(compile_test(cell), {"damage": "破损", "lost": "丢件"}) == words


@settings(deadline=None)
@given(st.lists(st.sampled_from(list("甲乙丙丁")), min_size=1), st.sampled_from(list("甲乙丙丁戊")))
def test_a_list_and_its_opposite_share_out_every_value(listed: list[str], value: str) -> None:
    cell = ",".join(f'"{item}"' for item in listed)
    assert compile_test(cell).holds(value, {}) is (value in listed)
    assert compile_test(f"not({cell})").holds(value, {}) is (value not in listed)


@settings(deadline=None)
@given(*[st.integers(-100, 100)] * 3)
def test_the_four_kinds_of_interval_differ_at_their_ends_only(low: int, high: int, at: int) -> None:
    passes = {
        shape: compile_test(f"{shape[0]}{low}..{high}{shape[1]}").holds(at, {})
        for shape in ("[]", "[)", "(]", "()")
    }
    assert passes["[]"] is (low <= at <= high)
    assert passes["[)"] is (low <= at < high)
    assert passes["(]"] is (low < at <= high)
    assert passes["()"] is (low < at < high)
