"""A cell of a table in words, for people who ask why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ticketing.expressions.nodes import Constant, Interval, Limit, Node, Row, Same, Test
from ticketing.expressions.service import UnaryTest
from ticketing.expressions.values import Value, shown

_SIGNS = {">=": "≥", "<=": "≤", "!=": "≠", "==": "="}
_TRUTHS = {True: "是", False: "否", None: "未知"}


def in_words(cell: UnaryTest, labels: Mapping[str, str]) -> str:
    """Return e.g. `= 破损、丢件`, `≥ 1000`, `≥ 1 且 < 10`; `labels` are words for values.

    What is calculated, or asks about `?`, is shown as it is written.
    """
    parts = [part for test in cell.tests for part in test.parts]
    if not all(_is_written_out(part) for part in parts):
        return f"满足 {cell.text.strip()}"
    if all(isinstance(test, Same) for test in cell.tests):
        listed = "、".join(word for part in parts for word in _words(part, labels))
        return f"{'≠' if cell.negated else '='} {listed}"
    words = " 或 ".join(_test_in_words(test, labels) for test in cell.tests)
    return f"不满足（{words}）" if cell.negated else words


def value_in_words(value: Value, labels: Mapping[str, str]) -> str:
    """Return the word for a value, e.g. `破损` for `damage`."""
    if value is None or isinstance(value, bool):
        return _TRUTHS[value]
    if isinstance(value, str):
        return labels.get(value, value)
    return shown(value)


def _is_written_out(node: Node) -> bool:
    if isinstance(node, Row):
        return all(isinstance(part, Constant) for part in node.parts)
    return isinstance(node, Constant)


def _test_in_words(test: Test, labels: Mapping[str, str]) -> str:
    words = [word for part in test.parts for word in _words(part, labels)]
    if isinstance(test, Limit):
        return f"{_sign(test.sign)} {words[0]}"
    if isinstance(test, Interval):
        return f"{_sign(test.above)} {words[0]} 且 {_sign(test.below)} {words[1]}"
    return f"= {'、'.join(words)}"


def _words(node: Node, labels: Mapping[str, str]) -> Iterator[str]:
    if isinstance(node, Constant):
        yield value_in_words(node.written, labels)
    for part in node.parts:
        yield from _words(part, labels)


def _sign(sign: str) -> str:
    return _SIGNS.get(sign, sign)
