"""Numbers as customers write them: 128, 1,280.5, 三百五, 两万三, 1.2万, 两三百. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "\u3007": 0,
    "两": 2,
    "俩": 2,
    "仨": 3,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_UNITS: Final = {
    "十": 10,
    "拾": 10,
    "百": 100,
    "佰": 100,
    "千": 1000,
    "仟": 1000,
    "k": 1000,
    "万": 10000,
    "w": 10000,
}
_LATIN: Final = re.compile(r"([\d,]+(?:\.\d+)?)([百千万kw]?)(\d?)")
_BETWEEN: Final = re.compile(
    r"(?<![零\u3007一二两三四五六七八九])([一二两三四五六七八九])[二三四五六七八九](?=[十百千万]|$)"
)

CHINESE: Final = "[零\u3007一二两俩三仨四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟]"
ARABIC: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
NUMBER: Final = rf"(?:{ARABIC}[百千万kw]?|{CHINESE}{{1,12}})"


def number(text: str) -> Decimal | None:
    """The number, of a span such as 两三百 its lower end; None when it is none."""
    lowered = text.lower()
    latin = _LATIN.fullmatch(lowered)
    if latin:
        return Decimal(latin[1].replace(",", "")) * _UNITS.get(latin[2], 1)
    value = _chinese(_BETWEEN.sub(r"\1", lowered)) if lowered else None
    return None if value is None else Decimal(value)


def whole(text: str) -> int | None:
    """The number when it has no fraction."""
    value = number(text)
    return int(value) if value is not None and value == int(value) else None


def _chinese(text: str) -> int | None:
    if all(sign in DIGITS for sign in text):
        return int("".join(str(DIGITS[sign]) for sign in text))
    total = section = digit = 0
    last_unit = 1
    for sign in text:
        if sign in DIGITS:
            digit = DIGITS[sign]
            last_unit = 1 if digit == 0 else last_unit
        elif sign in _UNITS:
            unit = _UNITS[sign]
            if unit == _UNITS["万"]:
                total, section = total + (section + digit) * unit, 0
            else:
                section += (digit or 1) * unit
            digit, last_unit = 0, unit
        else:
            return None
    return total + section + digit * max(last_unit // 10, 1)
