"""What the paper's fonts can show of what people write."""

from __future__ import annotations

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn as fonts

GETA = "〓"
"""What Chinese printers have always put where they lack the character."""

_UNICODE_FULL = ((0, 4), (3, 10))
_SEGMENTED_COVERAGE = 12
_JOINED = re.compile("\u200d.|[\U0001f3fb-\U0001f3ff]", re.DOTALL)
_UNSEEN = re.compile(
    "[\ufe00-\ufe0f\U000e0100-\U000e01ef\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
_UNBROKEN = re.compile(r"[!-~]{24}(?=[!-~])")
_BREAK_HERE = "\u200b"


def printable(text: str) -> str:
    """Return a text of which every character can be printed.

    What the fonts lack becomes `〓` (an emoji with all its modifiers a single one); an endless
    Latin word may be broken.
    """
    whole = unicodedata.normalize("NFC", text)
    plain = _UNSEEN.sub("", _JOINED.sub("", whole)).replace("\t", " ")
    shown = "".join(c if c == "\n" or ord(c) in coverage() else GETA for c in plain)
    return _UNBROKEN.sub(lambda hit: hit[0] + _BREAK_HERE, shown)


@cache
def coverage() -> frozenset[int]:
    """Return the characters that both of the paper's fonts have."""
    return _coverage_of(fonts.sans_path()) & _coverage_of(fonts.serif_path())


def _coverage_of(path: Path) -> frozenset[int]:
    """Read an OpenType font's character map (table `cmap`, subtable format 12)."""
    data = path.read_bytes()
    table = _table(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, table + 2)
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", data, table + 4 + 8 * number)
        (kind,) = struct.unpack_from(">H", data, table + offset)
        if (platform, encoding) in _UNICODE_FULL and kind == _SEGMENTED_COVERAGE:
            return _segments(data, table + offset)
    raise ValueError(f"{path.name} has no full Unicode character map")


def _table(data: bytes, tag: bytes) -> int:
    """Return where a table of a font begins."""
    (count,) = struct.unpack_from(">H", data, 4)
    for number in range(count):
        name, _, offset, _ = struct.unpack_from(">4sLLL", data, 12 + 16 * number)
        if name == tag:
            return int(offset)
    raise ValueError(f"not a font with a table {tag!r}")


def _segments(data: bytes, start: int) -> frozenset[int]:
    (count,) = struct.unpack_from(">L", data, start + 12)
    found: set[int] = set()
    for number in range(count):
        first, last, _ = struct.unpack_from(">LLL", data, start + 16 + 12 * number)
        found.update(range(first, last + 1))
    return frozenset(found)
