"""The functions an expression may call: a short list, each in time proportional to its input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from ticketing.expressions.values import (
    ARITHMETIC,
    ExpressionFailed,
    Value,
    equal,
    number,
    of_moderate_length,
    shown,
    text,
    truth,
)

MAX_SCALE = 12


@dataclass(frozen=True)
class Function:
    """A function, and with how many arguments it may be called; `most` None: any number."""

    run: Callable[..., Value]
    fewest: int = 1
    most: int | None = 1
    takes_null: bool = False

    def __call__(self, values: list[Value]) -> Value:
        """Run it; null in gives null out, unless null is what it looks for."""
        if not self.takes_null and None in values:
            return None
        return self.run(*values)


def _items(values: tuple[Value, ...]) -> list[Value]:
    """`min(a, b)` and `min([a, b])` are the same."""
    if len(values) == 1 and isinstance(values[0], list):
        return values[0]
    return list(values)


def _numbers(values: tuple[Value, ...]) -> list[Decimal] | None:
    items = _items(values)
    return None if not items or None in items else [number(item) for item in items]


def _least(*values: Value) -> Value:
    found = _numbers(values)
    return min(found) if found else None


def _greatest(*values: Value) -> Value:
    found = _numbers(values)
    return max(found) if found else None


def _sum(*values: Value) -> Value:
    found = _numbers(values)
    if found is None:
        return None
    total = Decimal(0)
    for item in found:
        total = ARITHMETIC.add(total, item)
    return total


def _count(items: Value) -> Value:
    return Decimal(len(_list(items)))


def _list(value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    raise ExpressionFailed(f"{shown(value)} 不是列表")


def _rounded(rounding: str) -> Callable[..., Value]:
    def run(value: Value, scale: Value = Decimal(0)) -> Value:
        places = number(scale)
        if places != places.to_integral_value() or not 0 <= places <= MAX_SCALE:
            raise ExpressionFailed(f"保留的小数位数应为 0 到 {MAX_SCALE} 的整数")
        unit = Decimal(1).scaleb(-int(places))
        return number(value).quantize(unit, rounding=rounding, context=ARITHMETIC)

    return run


def _negated(value: Value) -> Value:
    known = truth(value)
    return None if known is None else not known


def _as_text(value: Value) -> Value:
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, Decimal)):
        return shown(value)
    raise ExpressionFailed(f"{shown(value)} 不能写成文字")


def _has(items: Value, wanted: Value) -> Value:
    if items is None:
        return None
    return any(equal(item, wanted) is True for item in _list(items))


FUNCTIONS: dict[str, Function] = {
    "not": Function(_negated),
    "min": Function(_least, most=None, takes_null=True),
    "max": Function(_greatest, most=None, takes_null=True),
    "sum": Function(_sum, most=None, takes_null=True),
    "count": Function(_count),
    "abs": Function(lambda value: ARITHMETIC.abs(number(value))),
    "floor": Function(_rounded(ROUND_FLOOR), most=2),
    "ceiling": Function(_rounded(ROUND_CEILING), most=2),
    "round": Function(_rounded(ROUND_HALF_UP), most=2),
    "round half up": Function(_rounded(ROUND_HALF_UP), fewest=2, most=2),
    "decimal": Function(_rounded(ROUND_HALF_EVEN), fewest=2, most=2),
    "contains": Function(lambda whole, part: text(part) in text(whole), 2, 2),
    "starts with": Function(lambda whole, part: text(whole).startswith(text(part)), 2, 2),
    "ends with": Function(lambda whole, part: text(whole).endswith(text(part)), 2, 2),
    "list contains": Function(_has, 2, 2, takes_null=True),
    "string length": Function(lambda value: Decimal(len(text(value)))),
    "upper case": Function(lambda value: of_moderate_length(text(value).upper())),
    "lower case": Function(lambda value: of_moderate_length(text(value).lower())),
    "string": Function(_as_text),
}
"""Names as FEEL has them (DMN 1.3, 10.3.4); `round` is our short form of `round half up`."""
