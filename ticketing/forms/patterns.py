"""Patterns of text fields: what browsers and RE2 read alike, matched in linear time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2

LONGEST = 200
MEMORY = 1 << 20
# Valid for RE2, but something else, or nothing, for the RegExp of a browser.
_ONLY_RE2 = re.compile(r"\\[pPAzQECa]|\\x\{|\(\?[imsUP-]|\[\[:")


class PatternRefused(ValueError):
    """The pattern is too long, broken, or needs more than linear time."""


@dataclass(frozen=True)
class Pattern:
    """A checked pattern; like RegExp.test it may match anywhere in a text."""

    text: str

    def matches(self, value: str) -> bool:
        """Whether the value has the pattern in it."""
        return _compiled(self.text).search(value) is not None


def read_pattern(text: str) -> Pattern:
    """Return the pattern; raise `PatternRefused` with a Chinese reason."""
    if len(text) > LONGEST:
        raise PatternRefused(f"正则表达式最多 {LONGEST} 个字符")
    if _ONLY_RE2.search(text):
        raise PatternRefused("正则表达式用了浏览器不认识的写法")
    try:
        _compiled(text)
    except re2.error as error:
        raise PatternRefused("正则表达式有误，或用了环视、反向引用等不支持的写法") from error
    return Pattern(text)


@lru_cache(maxsize=512)
def _compiled(text: str) -> Any:
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    return re2.compile(text, options)
