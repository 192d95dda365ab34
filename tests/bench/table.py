"""One table for a terminal: a Chinese character is two columns wide. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_GAP = "  "


def width(text: str) -> int:
    """Return how many columns a terminal needs for the text."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the rows under their head, columns aligned to the left. Rows may be short."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(width(_cell(line, n)) for line in lines) for n in range(len(head))]
    shown = [_line(line, widths) for line in lines]
    return "\n".join([shown[0], "─" * (sum(widths) + len(_GAP) * (len(widths) - 1)), *shown[1:]])


def _cell(line: Sequence[str], number: int) -> str:
    return line[number] if number < len(line) else ""


def _line(line: Sequence[str], widths: Sequence[int]) -> str:
    cells = (_cell(line, n) + " " * (wide - width(_cell(line, n))) for n, wide in enumerate(widths))
    return _GAP.join(cells).rstrip()
