"""What an expression is made of once it has been read; each part knows its own value.

`facts` are those of the caller, `given` is the value a cell of a table is asked about (`?`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any, Protocol

from ticketing.expressions.functions import Function
from ticketing.expressions.values import (
    ARITHMETIC,
    ExpressionFailed,
    Value,
    equal,
    number,
    of_moderate_length,
    shown,
    truth,
    value_of,
)

type Facts = Mapping[str, Any]

ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


class Node(Protocol):
    """A part of an expression."""

    @property
    def parts(self) -> tuple[Node, ...]:
        """The parts it is made of."""

    def value(self, facts: Facts, given: Value, /) -> Value:
        """Return what it amounts to; raise `ExpressionFailed`."""


class Test(Protocol):
    """A question to a value: is it one of these, larger than that?"""

    @property
    def parts(self) -> tuple[Node, ...]:
        """The expressions in it."""

    def holds(self, value: Value, facts: Facts, given: Value, /) -> bool | None:
        """Tell whether a value passes."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A value as written."""

    written: Value
    parts: tuple[Node, ...] = ()

    def value(self, _facts: Facts, _given: Value, /) -> Value:
        """Return it."""
        return self.written


@dataclass(frozen=True, slots=True)
class Name:
    """A fact by name; `steps` are the names between the dots. Unknown facts are null."""

    name: str
    steps: tuple[str, ...]
    parts: tuple[Node, ...] = ()

    def value(self, facts: Facts, _given: Value, /) -> Value:
        """Look it up in mappings only; nothing of Python can be reached by a dot."""
        found: Any = facts.get(self.steps[0])
        for step in self.steps[1:]:
            if not isinstance(found, Mapping):
                return None
            found = found.get(step)
        return value_of(found)


@dataclass(frozen=True, slots=True)
class Given:
    """The `?` in a cell of a table."""

    parts: tuple[Node, ...] = ()

    def value(self, _facts: Facts, given: Value, /) -> Value:
        """Return the value the cell is asked about."""
        return given


@dataclass(frozen=True, slots=True)
class Row:
    """A list."""

    parts: tuple[Node, ...]

    def value(self, facts: Facts, given: Value, /) -> Value:
        """Return every item's value."""
        return [part.value(facts, given) for part in self.parts]


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the list, with its arguments."""

    function: Function
    parts: tuple[Node, ...]

    def value(self, facts: Facts, given: Value, /) -> Value:
        """Return what the function makes of its arguments."""
        return self.function([part.value(facts, given) for part in self.parts])


@dataclass(frozen=True, slots=True)
class Calculate:
    """`+ - * /` of two numbers, or two texts put together; null with anything is null."""

    sign: str
    parts: tuple[Node, Node]

    def value(self, facts: Facts, given: Value, /) -> Value:
        """Return the result; dividing by zero gives null, as in FEEL."""
        left = self.parts[0].value(facts, given)
        right = self.parts[1].value(facts, given)
        if left is None or right is None:
            return None
        if self.sign == "+" and isinstance(left, str) and isinstance(right, str):
            return of_moderate_length(left + right)
        return _calculated(self.sign, number(left), number(right))


def _calculated(sign: str, left: Decimal, right: Decimal) -> Value:
    if sign == "+":
        return ARITHMETIC.add(left, right)
    if sign == "-":
        return ARITHMETIC.subtract(left, right)
    if sign == "*":
        return ARITHMETIC.multiply(left, right)
    return ARITHMETIC.divide(left, right) if right else None


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values side by side: equal, different, or in order."""

    sign: str
    parts: tuple[Node, Node]

    def value(self, facts: Facts, given: Value, /) -> Value:
        """Return true, false, or null where there is no telling."""
        left = self.parts[0].value(facts, given)
        right = self.parts[1].value(facts, given)
        return compared(self.sign, left, right)


def compared(sign: str, left: Value, right: Value) -> bool | None:
    """Compare two values: numbers with numbers, texts with texts; null has no place in an order."""
    if sign in ("=", "==", "!="):
        same = equal(left, right)
        return same if same is None or sign != "!=" else not same
    if left is None or right is None:
        return None
    comparable = isinstance(left, (Decimal, str)) and type(left) is type(right)
    if not comparable:
        raise ExpressionFailed(f"{shown(left)} 与 {shown(right)} 不能比较大小")
    return ORDERS[sign](left, right)


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions of which all (`settles` false) or any (`settles` true) must hold."""

    settles: bool
    parts: tuple[Node, ...]

    def value(self, facts: Facts, given: Value, /) -> Value:
        """Return the truth of it; null where it depends on something unknown."""
        unknown = False
        for part in self.parts:
            known = truth(part.value(facts, given))
            if known is self.settles:
                return self.settles
            unknown = unknown or known is None
        return None if unknown else not self.settles


@dataclass(frozen=True, slots=True)
class Choice:
    """`if … then … else …`; what is not known to be true is not."""

    parts: tuple[Node, Node, Node]

    def value(self, facts: Facts, given: Value, /) -> Value:
        """Return one side's value; the other is not looked at."""
        condition, then, otherwise = self.parts
        chosen = then if truth(condition.value(facts, given)) else otherwise
        return chosen.value(facts, given)


@dataclass(frozen=True, slots=True)
class Among:
    """`value in tests`."""

    asked: Node
    tests: tuple[Test, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        """The value asked about, and everything in the tests."""
        return (self.asked, *(part for test in self.tests for part in test.parts))

    def value(self, facts: Facts, given: Value, /) -> Value:
        """Tell whether any test lets the value pass."""
        value = self.asked.value(facts, given)
        return any(test.holds(value, facts, given) for test in self.tests)


@dataclass(frozen=True, slots=True)
class Same:
    """The value itself, one of a list, or a condition on `?`."""

    wanted: Node
    is_condition: bool

    @property
    def parts(self) -> tuple[Node, ...]:
        """What it is compared with."""
        return (self.wanted,)

    @property
    def is_unasked(self) -> bool:
        """A condition that does not look at the value at all: surely a slip of the editor."""
        return not self.is_condition and isinstance(self.wanted, (Compare, Joined, Among))

    def holds(self, value: Value, facts: Facts, given: Value, /) -> bool | None:
        """Tell whether the value is meant."""
        wanted = self.wanted.value(facts, given)
        if self.is_condition:
            return truth(wanted)
        if isinstance(wanted, list) and not isinstance(value, list):
            return any(equal(value, item) for item in wanted)
        return equal(value, wanted)


@dataclass(frozen=True, slots=True)
class Limit:
    """`>= 100`, `< fee`, `!= "x"`."""

    sign: str
    bound: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        """The bound."""
        return (self.bound,)

    def holds(self, value: Value, facts: Facts, given: Value, /) -> bool | None:
        """Tell whether the value is on the right side of the bound."""
        return compared(self.sign, value, self.bound.value(facts, given))


@dataclass(frozen=True, slots=True)
class Interval:
    """`[1..10)`: from, to, and whether the ends belong to it."""

    above: str
    below: str
    parts: tuple[Node, Node]

    def holds(self, value: Value, facts: Facts, given: Value, /) -> bool | None:
        """Tell whether the value lies between the ends."""
        low = self.parts[0].value(facts, given)
        high = self.parts[1].value(facts, given)
        return compared(self.above, value, low) and compared(self.below, value, high)
