"""Patterns of forms: the same for a browser and for us, and never slow."""

from __future__ import annotations

from time import thread_time

import pytest

from ticketing.forms.patterns import LONGEST, PatternRefused, read_pattern


@pytest.mark.parametrize(
    ("text", "value", "matches"),
    [
        ("^1[3-9][0-9]{9}$", "13812345678", True),
        ("^1[3-9][0-9]{9}$", "a13812345678", False),
        ("[0-9]", "a1b", True),
        ("^(甲|乙)$", "乙", True),
        (r"^\d{2}-\d{2}$", "12-34", True),
        ("^$", "a", False),
        (r"^[\w.-]+$", "a.b-c", True),
    ],
)
def test_a_pattern_matches_like_in_a_browser(text: str, value: str, matches: bool) -> None:
    assert read_pattern(text).matches(value) is matches


@pytest.mark.parametrize(
    "text",
    ["(", "[", "*", "a{2,1}", r"(a)\1", "(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", r"\u4e00"],
)
def test_what_linear_time_cannot_do_is_refused(text: str) -> None:
    with pytest.raises(PatternRefused, match="正则"):
        read_pattern(text)


@pytest.mark.parametrize(
    "text", [r"\p{Han}", r"\x{4e00}", "(?i)a", "(?P<n>a)", "[[:alpha:]]", r"\Aa\z", r"\Qa\E"]
)
def test_what_a_browser_reads_otherwise_is_refused(text: str) -> None:
    with pytest.raises(PatternRefused, match="浏览器"):
        read_pattern(text)


def test_a_very_long_pattern_is_refused() -> None:
    assert read_pattern("a" * LONGEST)
    with pytest.raises(PatternRefused, match="最多"):
        read_pattern("a" * (LONGEST + 1))


@pytest.mark.parametrize("text", ["(a{1000}){1000}", "((a{100}){100}){100}"])
def test_a_pattern_that_would_grow_beyond_all_memory_is_refused(text: str) -> None:
    with pytest.raises(PatternRefused):
        read_pattern(text)


@pytest.mark.parametrize("text", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(x+x+)+y", "^(.*,)*z$"])
def test_patterns_that_stop_other_engines_are_quick(text: str) -> None:
    pattern = read_pattern(text)
    began = thread_time()
    for evil in ("a" * 4000 + "!", "x" * 4000, "a," * 2000):
        assert not pattern.matches(evil)
    assert thread_time() - began < 0.5
