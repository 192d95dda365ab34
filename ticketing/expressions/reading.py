"""From the text of an expression to its parts: bounded first, parsed second, checked third."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedInput, UnexpectedToken

from ticketing.expressions.functions import FUNCTIONS
from ticketing.expressions.nodes import (
    Among,
    Calculate,
    Call,
    Choice,
    Compare,
    Constant,
    Given,
    Interval,
    Joined,
    Limit,
    Name,
    Node,
    Row,
    Same,
    Test,
)
from ticketing.expressions.values import MAX_DIGITS
from ticketing.kernel.errors import HouseError
from ticketing.kernel.texts import clean

MAX_LENGTH, MAX_NODES, MAX_DEPTH, MAX_PARENTHESES = 500, 100, 20, 20
SHOWN = 80

_FOREIGN = ("Cc", "Cf", "Cn", "Co", "Cs")
_HINTS = {
    **dict.fromkeys("“”‘’", "请改用英文半角双引号"),
    "'": "文字请用英文双引号",
    "&": "“并且”请写 and",
    "|": "“或者”请写 or",
    "!": "“不是”请写 not(…)",
    "{": "不支持数据结构",
    ".": "点号只能用在名称中间",
    "_": "名称不能以下划线开头",
}
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "n": "\n", "t": "\t"}
_CONSTANTS = {"true": True, "false": False, "null": None}


class ExpressionRefused(HouseError):
    """An expression that is not one, or that we do not allow."""

    status, code = 422, "expression_refused"

    def __init__(self, expression: str, reason: str) -> None:
        quoted = clean(expression[:SHOWN])
        super().__init__(f"表达式不能使用：{reason}", expression=quoted, reason=reason)
        self.reason = reason


class NotAllowedHere(Exception):
    """A part that is well written and still not allowed; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_expression(text: str) -> Node:
    """Return the parts of an expression; raise `ExpressionRefused`."""
    node: Node = _read(text, "expression")
    _check_size(text, [node])
    if any(isinstance(part, Given) for part in walk([node])):
        raise ExpressionRefused(text, "“?” 只能用在规则表的条件格里")
    return node


def read_tests(text: str) -> tuple[Test, ...]:
    """Return the tests of a table's cell; raise `ExpressionRefused`."""
    found = _read(text, "tests")
    tests: tuple[Test, ...] = found
    _check_size(text, [part for test in tests for part in test.parts])
    if any(isinstance(test, Same) and test.is_unasked for test in tests):
        raise ExpressionRefused(text, "条件格里请用 ? 表示本列的值，如 ? > 5 and ? < 9")
    return tests


def walk(nodes: list[Node]) -> Iterator[Node]:
    """Yield every part in the order of the text, without recursion."""
    waiting = nodes[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.parts))


def check_text(text: str) -> None:
    """Refuse what is too long, nested too deep, or holds characters nobody can see."""
    if len(text) > MAX_LENGTH:
        raise ExpressionRefused(text, f"超过 {MAX_LENGTH} 个字符")
    if not text.strip():
        raise ExpressionRefused(text, "内容是空的")
    for place, character in enumerate(text, 1):
        if unicodedata.category(character) in _FOREIGN and character not in "\t\r\n":
            raise ExpressionRefused(text, f"第 {place} 个字符是不可见的控制字符")
    _check_nesting(text)


def _check_nesting(text: str) -> None:
    depth = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        if depth > MAX_PARENTHESES:
            raise ExpressionRefused(text, f"括号嵌套超过 {MAX_PARENTHESES} 层")


def _read(text: str, start: Literal["expression", "tests"]) -> Any:
    check_text(text)
    try:
        return _PARSER.parse(text, start=start)
    except NotAllowedHere as error:
        raise ExpressionRefused(text, error.reason) from error
    except UnexpectedInput as error:
        raise ExpressionRefused(text, _explained(text, error)) from error


def _explained(text: str, error: UnexpectedInput) -> str:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return "内容没有写完"
    place = error.pos_in_stream or 0
    if isinstance(error, UnexpectedToken):
        return f"第 {place + 1} 个字符处的「{error.token[:20]}」放在这里看不懂"
    if text.startswith("not", place):
        return "not 后面要有括号，如 not(vip)"
    return f"第 {place + 1} 个字符「{text[place]}」不能用{_hint(text[place])}"


def _hint(wrong: str) -> str:
    if unicodedata.east_asian_width(wrong) in "FW" and unicodedata.category(wrong) != "Lo":
        return "，请改用英文半角符号"
    if unicodedata.category(wrong) == "Lo":
        return "，文字请放在英文双引号里"
    return f"，{_HINTS[wrong]}" if wrong in _HINTS else ""


def _check_size(text: str, nodes: list[Node]) -> None:
    level, count, depth = list(nodes), 0, 0
    while level:
        count, depth = count + len(level), depth + 1
        if count > MAX_NODES:
            raise ExpressionRefused(text, f"超过 {MAX_NODES} 个部分，请拆开写")
        if depth > MAX_DEPTH:
            raise ExpressionRefused(text, f"层次超过 {MAX_DEPTH} 层，请拆开写")
        level = [part for node in level for part in node.parts]


@v_args(inline=True)
class _Builder(Transformer[Token, Any]):
    """Makes parts of what the grammar found, one method for each of its names."""

    def number(self, digits: Token) -> Node:
        if len(digits) > MAX_DIGITS:
            raise NotAllowedHere(f"数字超过 {MAX_DIGITS} 位")
        return Constant(Decimal(digits))

    def text(self, quoted: Token) -> Node:
        return Constant("".join(_unescaped(iter(quoted[1:-1]))))

    def constant(self, word: Token) -> Node:
        return Constant(_CONSTANTS[word])

    def name(self, name: Token) -> Node:
        return Name(str(name), tuple(name.split(".")))

    def input(self, _mark: Token) -> Node:
        return Given()

    def call(self, name: Token, *arguments: Node) -> Node:
        function = FUNCTIONS.get(" ".join(name.split()))
        if function is None:
            raise NotAllowedHere(f"没有函数「{name[:20]}」，可用：{'、'.join(FUNCTIONS)}")
        if not function.fewest <= len(arguments) <= (function.most or MAX_NODES):
            raise NotAllowedHere(f"函数 {name} 的参数个数不对")
        return Call(function, arguments)

    def row(self, *items: Node) -> Node:
        return Row(items)

    def signed(self, sign: Token, operand: Node) -> Node:
        if sign == "+":
            return operand
        if isinstance(operand, Constant) and isinstance(operand.written, Decimal):
            return Constant(operand.written.copy_negate())
        return Calculate("-", (Constant(Decimal(0)), operand))

    def calculate(self, left: Node, sign: Token, right: Node) -> Node:
        return Calculate(str(sign), (left, right))

    def compare(self, left: Node, sign: Token, right: Node) -> Node:
        return Compare(str(sign), (left, right))

    def among(self, asked: Node, *wanted: Node | Test) -> Node:
        return Among(asked, tuple(_test(part) for part in wanted))

    def both(self, *conditions: Node) -> Node:
        return Joined(settles=False, parts=conditions)

    def either(self, *conditions: Node) -> Node:
        return Joined(settles=True, parts=conditions)

    def choice(self, condition: Node, then: Node, otherwise: Node) -> Node:
        return Choice((condition, then, otherwise))

    def limit(self, sign: Token, bound: Node) -> Test:
        return Limit(str(sign), bound)

    def interval(self, left: Token, low: Node, high: Node, right: Token) -> Test:
        return Interval(">=" if left == "[" else ">", "<=" if right == "]" else "<", (low, high))

    def same(self, wanted: Node) -> Test:
        return _test(wanted)

    def tests(self, *tests: Test) -> tuple[Test, ...]:
        return tests


def _test(part: Node | Test) -> Test:
    if isinstance(part, (Same, Limit, Interval)):
        return part
    wanted = cast(Node, part)
    return Same(wanted, any(isinstance(inner, Given) for inner in walk([wanted])))


def _unescaped(characters: Iterator[str]) -> Iterator[str]:
    for character in characters:
        if character != "\\":
            yield character
            continue
        escaped = next(characters)
        if escaped not in _ESCAPES:
            raise NotAllowedHere(f"文字里的 \\{escaped} 不能用")
        yield _ESCAPES[escaped]


_PARSER = Lark(
    (Path(__file__).parent / "grammar.lark").read_text("utf-8"),
    parser="lalr",
    start=["expression", "tests"],
    transformer=_Builder(),
)
