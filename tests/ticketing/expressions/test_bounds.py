"""How large an expression may be: each bound lets its own size pass, and not one more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ticketing.expressions.functions import FUNCTIONS, MAX_SCALE
from ticketing.expressions.reading import (
    MAX_DEPTH,
    MAX_LENGTH,
    MAX_NODES,
    MAX_PARENTHESES,
    SHOWN,
)
from ticketing.expressions.service import (
    ExpressionFailed,
    ExpressionRefused,
    compile_expression,
    compile_test,
)
from ticketing.expressions.values import MAX_DIGITS, MAX_ITEMS, MAX_TEXT, listed, value_of


def refused(text: str) -> str:
    with pytest.raises(ExpressionRefused) as error:
        compile_expression(text)
    return error.value.reason


def test_length() -> None:
    longest = '"' + "长" * (MAX_LENGTH - 2) + '"'
    assert compile_expression(longest).evaluate({}) == "长" * (MAX_LENGTH - 2)
    assert f"{MAX_LENGTH} 个字符" in refused('"' + "长" * (MAX_LENGTH - 1) + '"')


def test_parentheses() -> None:
    whole = "(" * MAX_PARENTHESES + "1" + ")" * MAX_PARENTHESES
    assert compile_expression(whole).evaluate({}) == 1
    assert f"{MAX_PARENTHESES} 层" in refused(f"({whole})")


def test_depth() -> None:
    deepest = "+".join("a" for _ in range(MAX_DEPTH))
    assert compile_expression(deepest).evaluate({"a": 1}) == MAX_DEPTH
    assert f"{MAX_DEPTH} 层" in refused(f"{deepest}+a")


def test_parts() -> None:
    widest = "[" + ",".join("a" for _ in range(MAX_NODES - 1)) + "]"
    assert len(compile_expression(widest).evaluate({"a": 1})) == MAX_NODES - 1
    assert f"{MAX_NODES} 个部分" in refused(widest.replace("[", "[a,"))


def test_a_cell_has_the_same_bounds() -> None:
    assert compile_test(",".join("1" for _ in range(MAX_NODES))).holds(1, {})
    with pytest.raises(ExpressionRefused):
        compile_test(",".join("1" for _ in range(MAX_NODES + 1)))
    with pytest.raises(ExpressionRefused):
        compile_test("> " + "+".join("a" for _ in range(MAX_DEPTH + 1)))


def test_digits_of_a_number_as_written() -> None:
    assert compile_expression("9" * MAX_DIGITS).evaluate({}) == Decimal("9" * MAX_DIGITS)
    assert f"{MAX_DIGITS} 位" in refused("9" * (MAX_DIGITS + 1))
    assert f"{MAX_DIGITS} 位" in refused("0." + "1" * MAX_DIGITS)


def test_digits_of_a_number_in_the_facts() -> None:
    assert value_of(2**90 - 1) == 2**90 - 1
    for fact in (2**91, -(2**91), 1e31, 1e-31, float("nan"), float("-inf"), Decimal("NaN")):
        with pytest.raises(ExpressionFailed):
            value_of(fact)


def test_items_of_a_list_in_the_facts() -> None:
    assert len(listed([1] * MAX_ITEMS)) == MAX_ITEMS
    with pytest.raises(ExpressionFailed):
        value_of([1] * (MAX_ITEMS + 1))


def test_lists_within_lists_are_not_looked_into() -> None:
    assert value_of([1, [2, [3]]]) == [1, None]


def test_texts_that_are_put_together() -> None:
    half = "x" * (MAX_TEXT // 2)
    assert compile_expression("a + a").evaluate({"a": half}) == half * 2
    with pytest.raises(ExpressionFailed):
        compile_expression("a + a + b").evaluate({"a": half, "b": "x"})


def test_places_after_the_point() -> None:
    assert compile_expression(f"round(1 / 3, {MAX_SCALE})").evaluate({}) == Decimal("0." + "3" * 12)
    for places in ("13", "-1", "0.5"):
        with pytest.raises(ExpressionFailed):
            compile_expression(f"round(1 / 3, {places})").evaluate({})


def test_products_that_outgrow_every_sum_of_money() -> None:
    with pytest.raises(ExpressionFailed, match="过大"):
        compile_expression("a * a * a").evaluate({"a": 1e25})
    with pytest.raises(ExpressionFailed, match="过大"):
        compile_test("> a * a * a").holds(1, {"a": 1e25})


def test_a_refusal_quotes_no_more_than_a_line_and_nothing_unprintable() -> None:
    for text in ("x" * 10_000, "\x00\ud800\u202e" + "a" * 600, "a\x07"):
        with pytest.raises(ExpressionRefused) as error:
            compile_expression(text)
        quoted = error.value.facts["expression"]
        assert len(quoted) <= SHOWN
        assert "\x00" not in quoted
        error.value.as_json()["facts"]["expression"].encode()


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_every_function_refuses_a_wrong_number_of_arguments(name: str) -> None:
    function = FUNCTIONS[name]
    if function.fewest:
        few = ",".join("1" for _ in range(function.fewest - 1))
        assert "参数个数" in refused(f"{name}({few})")
    if function.most:
        many = ",".join("1" for _ in range(function.most + 1))
        assert "参数个数" in refused(f"{name}({many})")


@pytest.mark.parametrize("name", [name for name, f in FUNCTIONS.items() if not f.takes_null])
def test_every_function_makes_null_of_null(name: str) -> None:
    nulls = ",".join("null" for _ in range(FUNCTIONS[name].fewest))
    assert compile_expression(f"{name}({nulls})").evaluate({}) is None


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_no_function_does_more_than_fail_on_facts_of_the_wrong_kind(name: str) -> None:
    call = compile_expression(f"{name}({','.join('a' for _ in range(FUNCTIONS[name].fewest))})")
    for fact in (True, 1, 1.5, "x", [], [1], ["x", None], {"x": 1}):
        try:
            value = call.evaluate({"a": fact})
        except ExpressionFailed:
            continue
        assert value is None or isinstance(value, (bool, Decimal, str, list))
