"""Sentences for people with blanks to fill: how the values stand among Chinese characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_BLANK = re.compile(r"( *)\{(\w+)\}( *)")
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z0-9]")
_MARKS = frozenset("，。；：！？、…（）「」“”《》【】·—\n")


def put_in(text: str, values: Mapping[str, object]) -> str:
    """Return the text with each `{name}` filled; one without a value leaves no hole.

    One space stands between Chinese and Latin letters or digits, none between Chinese and
    Chinese or beside a mark, whatever the template has there. Nothing is evaluated, and what
    is put in is not read again.
    """
    said = gap = ""
    for space, piece in _pieces(text, values):
        gap = gap or space
        if piece:
            said, gap = said + (_between(said[-1], gap, piece[0]) if said else "") + piece, ""
    return said


def _pieces(text: str, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield what the text is made of, each piece with the space the template has before it."""
    end, space = 0, ""
    for hit in _BLANK.finditer(text):
        value = values.get(hit[2])
        yield space, text[end : hit.start()]
        yield hit[1], "" if value is None else str(value).strip()
        end, space = hit.end(), hit[3]
    yield space, text[end:]


def _between(last: str, gap: str, first: str) -> str:
    pair = (last, first)
    has_han = any(map(_HAN.match, pair))
    if has_han and any(map(_LATIN.match, pair)):
        return " "
    return "" if has_han or not _MARKS.isdisjoint(pair) else gap[:1]
