"""What an expression works with: null, booleans, decimals, texts, lists, and facts with parts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any

from ticketing.kernel.errors import HouseError

type Value = bool | Decimal | str | list["Value"] | Mapping[str, Any] | None

MAX_TEXT = 10_000
MAX_ITEMS = 1_000
MAX_DIGITS = 30
ARITHMETIC = Context(
    prec=34,
    rounding=ROUND_HALF_UP,
    Emin=-60,
    Emax=60,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""The 34 digits of FEEL, and an end to how large a number can get."""


class ExpressionFailed(HouseError):
    """An expression met facts it can do nothing with, e.g. a text where it counts."""

    status, code = 422, "expression_failed"

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(f"表达式无法计算：{reason}", reason=reason, **facts)


def value_of(fact: Any) -> Value:
    """Return a fact as an expression sees it; raise `ExpressionFailed` for what it cannot be."""
    kind = type(fact)
    if fact is None or kind is bool or kind is str:
        return fact  # type: ignore[no-any-return]
    if kind is Decimal or kind is int or kind is float:
        return _number(fact)
    if isinstance(fact, str):
        return str(fact)
    if isinstance(fact, Mapping):
        return fact
    if isinstance(fact, (list, tuple)):
        return listed(fact)
    raise ExpressionFailed(f"{kind.__name__} 类型的数据不能参与计算")


def listed(facts: list[Any] | tuple[Any, ...]) -> list[Value]:
    """Return the items of a list as an expression sees them."""
    if len(facts) > MAX_ITEMS:
        raise ExpressionFailed(f"列表超过 {MAX_ITEMS} 项")
    return [None if isinstance(fact, (list, tuple)) else value_of(fact) for fact in facts]


def _number(fact: float | Decimal) -> Decimal:
    if isinstance(fact, int) and fact.bit_length() > MAX_DIGITS * 3:
        raise ExpressionFailed(f"数字超过 {MAX_DIGITS} 位")
    number = Decimal(repr(fact)) if isinstance(fact, float) else Decimal(fact)
    if not number.is_finite() or abs(number.adjusted()) > MAX_DIGITS:
        raise ExpressionFailed("数字过大，或不是有效的数字")
    return number


def number(value: Value) -> Decimal:
    """Return a value that must be a number."""
    if isinstance(value, Decimal):
        return value
    raise ExpressionFailed(f"{shown(value)} 不是数字")


def text(value: Value) -> str:
    """Return a value that must be a text."""
    if isinstance(value, str):
        return value
    raise ExpressionFailed(f"{shown(value)} 不是文字")


def truth(value: Value) -> bool | None:
    """Return a value that must be true, false or null."""
    if value is None or isinstance(value, bool):
        return value
    raise ExpressionFailed(f"{shown(value)} 不是“是/否”")


def of_moderate_length(written: str) -> str:
    """Return a text an expression has put together, unless it got out of hand."""
    if len(written) > MAX_TEXT:
        raise ExpressionFailed(f"文字超过 {MAX_TEXT} 字")
    return written


def equal(left: Value, right: Value) -> bool | None:
    """Compare as FEEL does: null equals null alone; values of two kinds give null."""
    if left is None or right is None:
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if type(left) is not type(right):
        return None
    return left == right


def shown(value: Value) -> str:
    """Return a value as the sentence of an error may quote it."""
    if value is None:
        return "空值"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        written = f"{value:f}"
        return written.rstrip("0").rstrip(".") if "." in written else written
    if isinstance(value, str):
        return f"「{value[:20]}」"
    return "列表" if isinstance(value, list) else "一组数据"
