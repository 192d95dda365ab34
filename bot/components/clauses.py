"""The parts of a message that may each hold a wish. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A part ends at a sign, at a gap between two Chinese signs, and before a word that adds a wish.
# The comma of 1,280 ends nothing; 不对了 (it is wrong), 不同时间 and 别再问 add nothing.
_BREAK = re.compile(
    r"(?:(?!(?<=\d)(?<!\d{4})[,\uff0c]\d{3}(?!\d))[\uff0c,\u3002;\uff1b!\uff01?\uff1f~\uff5e\n\u2026])+"
    r"|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])"
    r"|(?=另外|还有(?:个|一|就|件|我|那)|顺便|(?<![不没写弄搞核])对了|(?<![不别])再[帮问查]"
    r"|(?<!不)同时(?!间)|以及|除此之外)"
)
_ADDS = re.compile(r"^\s*(?:另外|还有|顺便|对了|同时|以及|除此之外|然后|再)")
# Of two parcels told in one breath: "one is broken, one has not come".
_PAIR = re.compile(r"(一[个件单票盒箱包份])[^一]{1,8}?(?=\1)")
SHORTEST = 2
MOST = 8


@dataclass(frozen=True)
class Clause:
    """A part of a text and its place; `adds` when it begins with a word that adds a wish."""

    text: str
    start: int
    end: int
    adds: bool


def clauses(text: str) -> list[Clause]:
    """The parts in order, without those too short to mean anything, at most MOST."""
    found = (
        Clause(text[start:end], start, end, bool(_ADDS.match(text[start:end])))
        for start, end in _spans(text)
    )
    return [clause for clause in found if len(clause.text.strip()) >= SHORTEST][:MOST]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _BREAK.finditer(text):
        if gap.start() > start:
            yield from _singly(text, start, gap.start())
        start = gap.end()
    if start < len(text):
        yield from _singly(text, start, len(text))


def _singly(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span, cut before the second parcel it speaks of."""
    while pair := _PAIR.search(text, start, end):
        yield start, pair.end()
        start = pair.end()
    yield start, end
