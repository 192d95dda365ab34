"""What people may try to make an expression do; each try is refused, quickly and in Chinese."""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketing.expressions.service import (
    ExpressionFailed,
    ExpressionRefused,
    compile_expression,
    compile_test,
)

AT_MOST = 0.1
"""Seconds."""

ATTEMPTS = {
    "import": "__import__('os').system('id')",
    "import in double quotes": '__import__("os")',
    "class of a tuple": "().__class__.__bases__[0].__subclasses__()",
    "class of a text": '"".__class__',
    "class of a name": "kind.__class__",
    "a name with underscores": "_kind",
    "method of a text": '"a".upper()',
    "format of a text": '"{0.__class__}".format(1)',
    "indexing": "kind[0]",
    "slicing": "kind[0:1]",
    "eval": 'eval("1")',
    "exec": 'exec("1")',
    "open": 'open("/etc/passwd")',
    "getattr": 'getattr(kind, "x")',
    "lambda": "lambda: 1",
    "a function of FEEL's own": "function(x) x + 1",
    "an external function": 'function() external {java: {class: "java.lang.Math"}}',
    "a generator": "sum(x for x in [1, 2])",
    "a loop": "for i in 1..1000000000 return i",
    "nested loops": "for i in 1..99999, j in 1..99999 return i * j",
    "some satisfies": "some x in 1..1000000000 satisfies x = -1",
    "a huge range": "count([1..1000000000])",
    "a huge exponent": "9**9**9",
    "a huge exponent with a hat": "9^9^9",
    "a shift": "1 << 1000000000",
    "a number of many digits": "9" * 60,
    "scientific notation": "1e999999999",
    "deep parentheses": "(" * 200 + "1" + ")" * 200,
    "deep lists": "[" * 200 + "]" * 200,
    "deep calls": "abs(" * 60 + "1" + ")" * 60,
    "deep minuses": "-" * 400 + "a",
    "deep choices": "if a then 1 else " * 25 + "1",
    "deep sums": "1" + "+1" * 200,
    "a long list": "[" + "1," * 200 + "1]",
    "a long text": '"' + "a" * 10_000 + '"',
    "a very long text": '"' + "a" * 5_000_000 + '"',
    "a long name": "a" * 501,
    "a text times a number": '"a" * 1000000000 + "',
    "a regular expression": 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")',
    "replacing by a regular expression": 'replace("aaaa", "(a*)*b", "")',
    "splitting": 'split("a,b", ",")',
    "repetition": 'string join(for i in 1..9 return "a")',
    "a hidden character": "kind\u200b = 1",
    "a text read from right to left": 'kind = "\u202egnp"',
    "full-width letters": "\uff4b\uff49\uff4e\uff44 = 1",
    "full-width signs": "kind \uff1d 1",
    "a Cyrillic a": "\u0430mount > 1",
    "the ligature of fi": "\ufb01ve = 5",
    "a mathematical bold a": "\U0001d41amount > 1",
    "a broken surrogate": '"\ud800"',
    "NUL": "1\x00",
    "NUL in a text": '"\x00"',
    "an escape by code": '"\\u0041"',
    "an open text": '"abc',
    "a context": "{a: 1}",
    "an assignment": "a := 1",
    "a statement": "a; b",
    "a comment": "1 // 2",
    "a template": "${7*7}",
    "a path of a file": "file:///etc/passwd",
    "an at-literal": '@"2024-01-01"',
    "a walrus": "(a := 9) > 1",
    "a wrong number of arguments": "abs(1, 2, 3)",
}


@pytest.mark.parametrize("compile_it", [compile_expression, compile_test])
@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_an_escape_is_refused_in_chinese_and_at_once(
    attempt: str, compile_it: Callable[[str], object]
) -> None:
    begun = thread_time()
    with pytest.raises(ExpressionRefused) as refused:
        compile_it(attempt)
    assert thread_time() - begun < AT_MOST
    assert refused.value.status == 422
    assert any("\u4e00" <= sign <= "\u9fff" for sign in refused.value.reason)
    assert len(refused.value.facts["expression"]) <= 80
    refused.value.detail.encode()


@pytest.mark.parametrize("text", ["", " \t\n", "=", "= "])
def test_an_expression_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(ExpressionRefused):
        compile_expression(text)


def test_there_are_many_attempts() -> None:
    assert len(ATTEMPTS) >= 30


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("kind + 1", {"kind": "破损"}),
        ("kind * 1000000000", {"kind": "破损"}),
        ("kind < 1", {"kind": "破损"}),
        ("vip < true", {"vip": True}),
        ("a and kind", {"a": True, "kind": "x"}),
        ("sum(a)", {"a": ["x"]}),
        ("abs(kind)", {"kind": "x"}),
        ("count(kind)", {"kind": "x"}),
        ("string(a)", {"a": [1]}),
        ("contains(a, kind)", {"a": 1, "kind": "x"}),
        ("round(a, 99)", {"a": 1}),
        ("round(a, 0.5)", {"a": 1}),
        ("a > 1", {"a": float("nan")}),
        ("a > 1", {"a": float("inf")}),
        ("a > 1", {"a": 10**400}),
        ("a > 1", {"a": object()}),
        ("a > 1", {"a": len}),
        ("count(a)", {"a": [0] * 100_000}),
        ("a + a", {"a": "x" * 9_000}),
        ("a * a * a", {"a": 10**29}),
        ("upper case(a)", {"a": "ß" * 9_000}),
    ],
)
def test_facts_that_do_not_fit_fail_in_chinese_and_at_once(
    text: str, facts: dict[str, object]
) -> None:
    begun = thread_time()
    with pytest.raises(ExpressionFailed) as failed:
        compile_expression(text).evaluate(facts)
    assert thread_time() - begun < AT_MOST
    assert failed.value.status == 422
    assert any("\u4e00" <= sign <= "\u9fff" for sign in failed.value.facts["reason"])


def test_an_object_shows_nothing_of_itself_through_a_dot() -> None:
    class Person:
        secret = "hush"

    assert compile_expression("person.secret").evaluate({"person": {"secret": 1}}) == 1
    with pytest.raises(ExpressionFailed):
        compile_expression("person").evaluate({"person": Person()})
    assert compile_expression("person.secret").evaluate({"person": Person()}) is None
    assert compile_expression("kind.upper").evaluate({"kind": "x"}) is None


_PIECES = st.lists(
    st.sampled_from(
        [
            "a",
            "b.c",
            "kind",
            "?",
            "1",
            "2.5",
            '"x"',
            "(",
            ")",
            "[",
            "]",
            "..",
            ",",
            "=",
            "!=",
            "<",
            ">=",
            "and",
            "or",
            "not(",
            "in",
            "if",
            "then",
            "else",
            "min(",
            "sum(",
            "-",
            "+",
            "*",
            "/",
            "null",
            "true",
            "starts with(",
            " ",
            "\n",
            "__class__",
            ".",
            "\\",
            "中",
            "\x00",
        ]
    ),
    max_size=60,
)
_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
_FACTS = st.fixed_dictionaries(
    {},
    optional={
        "a": _VALUES,
        "kind": _VALUES | st.lists(_VALUES, max_size=3),
        "b": st.dictionaries(st.just("c"), _VALUES),
    },
)


def _is_harmless(text: str, facts: dict[str, object]) -> None:
    begun = thread_time()
    try:
        compile_expression(text).evaluate(facts)
    except (ExpressionRefused, ExpressionFailed) as error:
        error.detail.encode()
    try:
        compile_test(text).holds(facts.get("a"), facts)
    except (ExpressionRefused, ExpressionFailed) as error:
        error.detail.encode()
    assert thread_time() - begun < 1


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=600), _FACTS)
def test_no_text_does_anything_but_answer_or_be_refused(
    text: str, facts: dict[str, object]
) -> None:
    _is_harmless(text, facts)


@settings(deadline=None, max_examples=500)
@given(_PIECES, st.sampled_from(["", " "]), _FACTS)
def test_no_mixture_of_our_own_words_does_either(
    pieces: list[str], glue: str, facts: dict[str, object]
) -> None:
    _is_harmless(glue.join(pieces), facts)
