"""Random expressions, written down and read again, against what Python makes of the same tree."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ticketing.expressions.service import compile_expression, compile_test

NAMES = ("a", "b", "c.d")


@dataclass(frozen=True)
class Sum:
    """An expression of numbers as text, and its exact value for given facts; None is null."""

    text: str
    value: Fraction | None


@dataclass(frozen=True)
class Condition:
    """A condition as text, and its truth in three values."""

    text: str
    value: bool | None


FACTS = {"a": Decimal("2.5"), "b": -7, "c": {"d": 1000}}
KNOWN = {"a": Fraction(5, 2), "b": Fraction(-7), "c.d": Fraction(1000)}

_leaves = st.one_of(
    st.integers(0, 99).map(lambda n: Sum(str(n), Fraction(n))),
    st.sampled_from(["0.5", "0.25", "12.125"]).map(lambda n: Sum(n, Fraction(n))),
    st.sampled_from(NAMES).map(lambda name: Sum(name, KNOWN[name])),
    st.sampled_from(["null", "missing", "c.x"]).map(lambda name: Sum(name, None)),
)


def _plus(left: Sum, right: Sum) -> Sum:
    return Sum(f"({left.text} + {right.text})", _both(left, right, lambda x, y: x + y))


def _minus(left: Sum, right: Sum) -> Sum:
    return Sum(f"({left.text} - {right.text})", _both(left, right, lambda x, y: x - y))


def _times(left: Sum, right: Sum) -> Sum:
    return Sum(f"{left.text} * {right.text}", _both(left, right, lambda x, y: x * y))


def _least(left: Sum, right: Sum) -> Sum:
    return Sum(f"min({left.text}, {right.text})", _both(left, right, min))


def _both(left: Sum, right: Sum, calculate: object) -> Fraction | None:
    if left.value is None or right.value is None:
        return None
    result: Fraction = calculate(left.value, right.value)  # type: ignore[operator]
    return result


_sums = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.builds(_plus, inner, inner),
        st.builds(_minus, inner, inner),
        st.builds(_times, inner, inner),
        st.builds(_least, inner, inner),
        inner.map(lambda one: Sum(f"(-{one.text})", None if one.value is None else -one.value)),
    ),
    max_leaves=6,
)
_ORDERS = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def _ordered(left: Sum, sign: str, right: Sum) -> Condition:
    unknown = left.value is None or right.value is None
    truth = None if unknown else _ORDERS[sign](left.value, right.value)
    return Condition(f"{left.text} {sign} {right.text}", truth)


def _equal(left: Sum, sign: str, right: Sum) -> Condition:
    return Condition(
        f"{left.text} {sign} {right.text}", (left.value == right.value) is (sign == "=")
    )


def _and(left: Condition, right: Condition) -> Condition:
    values = (left.value, right.value)
    truth = False if False in values else None if None in values else True
    return Condition(f"({left.text} and {right.text})", truth)


def _or(left: Condition, right: Condition) -> Condition:
    values = (left.value, right.value)
    truth = True if True in values else None if None in values else False
    return Condition(f"({left.text} or {right.text})", truth)


def _not(one: Condition) -> Condition:
    return Condition(f"not({one.text})", None if one.value is None else not one.value)


_conditions = st.recursive(
    st.one_of(
        st.builds(_ordered, _sums, st.sampled_from(sorted(_ORDERS)), _sums),
        st.builds(_equal, _sums, st.sampled_from(["=", "!="]), _sums),
    ),
    lambda inner: st.one_of(
        st.builds(_and, inner, inner), st.builds(_or, inner, inner), inner.map(_not)
    ),
    max_leaves=4,
)


@settings(deadline=None, max_examples=300)
@given(_sums)
def test_sums_come_out_exactly(written: Sum) -> None:
    value = compile_expression(written.text).evaluate(FACTS)
    assert (None if value is None else Fraction(value)) == written.value


@settings(deadline=None, max_examples=300)
@given(_conditions.filter(lambda one: len(one.text) <= 120))
def test_conditions_come_out_in_three_values(written: Condition) -> None:
    assert compile_expression(written.text).holds(FACTS) is (written.value is True)
    opposite = compile_expression(f"not({written.text})")
    assert opposite.holds(FACTS) is (written.value is False)
    twice = compile_expression(f"if {written.text} then 1 else 0")
    assert twice.evaluate(FACTS) == (1 if written.value else 0)


@settings(deadline=None)
@given(_sums, st.integers(-2000, 2000))
def test_a_cell_and_an_expression_agree_about_every_order(bound: Sum, value: int) -> None:
    for sign in _ORDERS:
        cell = compile_test(f"{sign} {bound.text}").holds(value, FACTS)
        whole = compile_expression(f"x {sign} {bound.text}").evaluate({**FACTS, "x": value})
        assert cell is whole


@settings(deadline=None)
@given(_sums, _sums, st.integers(-2000, 2000))
def test_in_an_interval_means_above_one_end_and_below_the_other(
    low: Sum, high: Sum, value: int
) -> None:
    facts = {**FACTS, "x": value}
    inside = compile_expression(f"x in [{low.text}..{high.text})").holds(facts)
    between = compile_expression(f"x >= {low.text} and x < {high.text}").holds(facts)
    assert inside is between
