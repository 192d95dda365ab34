"""Read an expression once, evaluate it as often as needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NoReturn

from ticketing.expressions.nodes import Among, Compare, Constant, Joined, Name, Node, Same, Test
from ticketing.expressions.reading import (
    ExpressionRefused,
    check_text,
    read_expression,
    read_tests,
    walk,
)
from ticketing.expressions.values import ExpressionFailed, Value, truth, value_of

__all__ = [
    "Expression",
    "ExpressionFailed",
    "ExpressionRefused",
    "UnaryTest",
    "compile_expression",
    "compile_test",
]

REMEMBERED = 8192

_NEGATED = re.compile(r"not *\((.*)\)", re.DOTALL)


class Expression:
    """An expression that has been read and found safe; immutable."""

    __slots__ = ("_is_condition", "_node", "names", "text")

    def __init__(self, text: str, node: Node) -> None:
        self.text = text
        self.names = _names([node])
        """The facts it looks at, with their dots, e.g. `verify.accepted`."""
        self._node = node
        self._is_condition = isinstance(node, (Compare, Joined, Among))

    def evaluate(self, facts: Mapping[str, Any]) -> Any:
        """Return the value: None, bool, Decimal, str or list; raise `ExpressionFailed`.

        A missing fact is null. A comparison whose answer is unknown is false.
        """
        try:
            value = self._node.value(facts, None)
        except ArithmeticError as error:
            _too_large(error)
        return False if value is None and self._is_condition else value

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Tell whether a condition is true; null is not; raise `ExpressionFailed` if it is none."""
        return truth(self.evaluate(facts)) is True

    @property
    def constant(self) -> Any:
        """The value if it is written out, e.g. of `"claims"`; None otherwise."""
        return self._node.written if isinstance(self._node, Constant) else None

    @property
    def is_constant(self) -> bool:
        """It is written out and looks at nothing."""
        return isinstance(self._node, Constant)


class UnaryTest:
    """The condition in a cell of a decision table; immutable."""

    __slots__ = ("_plain", "constants", "names", "negated", "tests", "text")

    def __init__(self, text: str, tests: tuple[Test, ...], *, negated: bool = False) -> None:
        parts = [part for test in tests for part in test.parts]
        self.text = text
        self.names = _names(parts)
        self.constants = tuple(part.written for part in walk(parts) if isinstance(part, Constant))
        """Every value written out in the cell."""
        self.tests = tests
        self.negated = negated
        self._plain = _plain(tests)

    @property
    def is_any(self) -> bool:
        """The cell is `-` or empty: every value passes."""
        return not self.tests

    def holds(self, value: Any, facts: Mapping[str, Any]) -> bool:
        """Tell whether a value passes; raise `ExpressionFailed`."""
        if not self.tests:
            return True
        if self._plain is not None and (value is None or type(value) is str):
            return (value in self._plain) is not self.negated
        return self._asked(value_of(value), facts) is not self.negated

    def _asked(self, value: Value, facts: Mapping[str, Any]) -> bool:
        try:
            for test in self.tests:
                if test.holds(value, facts, value) is True:
                    return True
        except ArithmeticError as error:
            _too_large(error)
        return False


@lru_cache(maxsize=REMEMBERED)
def compile_expression(text: str) -> Expression:
    """Read an expression, with or without a leading `=`; raise `ExpressionRefused`."""
    body = text.strip()
    if body.startswith("=") and not body.startswith("=="):
        body = body[1:]
    return Expression(text, read_expression(body))


@lru_cache(maxsize=REMEMBERED)
def compile_test(text: str) -> UnaryTest:
    """Read a cell: `-`, `"a","b"`, `>= 100`, `[1..10)`, `not("x")`, `? > 1 and ? < fee`."""
    body = text.strip()
    if body in ("", "-"):
        return UnaryTest(text, ())
    check_text(body)
    negated = _NEGATED.fullmatch(body)
    if negated is not None:
        try:
            return UnaryTest(text, read_tests(negated[1]), negated=True)
        except ExpressionRefused:
            # `not(a) or not(b)` begins and ends alike, and is no negated list.
            return UnaryTest(text, read_tests(body))
    return UnaryTest(text, read_tests(body))


def _names(nodes: list[Node]) -> frozenset[str]:
    return frozenset(part.name for part in walk(nodes) if isinstance(part, Name))


def _plain(tests: tuple[Test, ...]) -> frozenset[Any] | None:
    found: set[Any] = set()
    for test in tests:
        if not isinstance(test, Same) or not isinstance(test.wanted, Constant):
            return None
        found.add(test.wanted.written)
    return frozenset(found)


def _too_large(error: ArithmeticError) -> NoReturn:
    raise ExpressionFailed("得出的数字过大") from error
