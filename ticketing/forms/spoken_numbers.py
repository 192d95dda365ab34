"""Numbers as people write them: 200元, 1,200.5, 两百五, 3万, 5块5."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"\u3007": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_FACTORS = {"万": 10**4, "w": 10**4, "千": 1000, "k": 1000, "百": 100, "亿": 10**8}
_CHINESE = "".join((*_DIGITS, *_SMALL, *_LARGE))
_HAN_RUN = re.compile(rf"[{_CHINESE}]{{1,20}}(?:点[{''.join(_DIGITS)}]{{1,9}})?")
_PLAIN = re.compile(
    r"(?P<minus>(?<![\dA-Za-z])-)?(?P<number>\d{1,13}(?:\.\d{1,9})?)\s*(?P<factor>[万千百亿wk](?![A-Za-z]))?"
)
_CHANGE = re.compile(r"(\d{1,12})\s*(?:块钱|块|元)\s*(\d)(?!\d)\s*(?:毛|角)?")
_MONEY_AFTER = re.compile(r"\s*(?:多)?\s*(?:块|元|圆|rmb|￥|¥)", re.IGNORECASE)
_MONEY_BEFORE = re.compile(r"[￥¥]\s*$")
_LONGEST = 200


def number_in(text: str) -> Decimal | None:
    """Return the one number a text names; None when there is none, or more than one."""
    read = _CHANGE.sub(r"\1.\2元", _plain(text))
    for found in (_arabic(read), _chinese(read)):
        if found:
            return _the_one(read, found)
    return None


def chinese_number(text: str) -> Decimal | None:
    """Return 两百五 as 250, 一千零二 as 1002, 二零二六 as 2026; None when it is no number."""
    whole, _, fraction = text.partition("点")
    value = _whole(whole)
    if value is None or not fraction:
        return value if not fraction else None
    decimals = "".join(str(_DIGITS[c]) for c in fraction)
    return Decimal(f"{value}.{decimals}")


def in_digits(text: str, before: str) -> str:
    """Return the text with Chinese numbers that stand before one of these signs in digits."""
    pattern = re.compile(rf"[{_CHINESE}]{{1,6}}(?=[{before}])")
    return pattern.sub(lambda run: _shown(run.group()), text)


def _shown(run: str) -> str:
    value = chinese_number(run)
    return run if value is None else str(value)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text[:_LONGEST]).lower()
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", folded)


def _arabic(text: str) -> list[tuple[int, int, Decimal]]:
    found = []
    for match in _PLAIN.finditer(text):
        value = Decimal(match["number"]) * _FACTORS.get(match["factor"] or "", 1)
        found.append((match.start(), match.end(), -value if match["minus"] else value))
    return found


def _chinese(text: str) -> list[tuple[int, int, Decimal]]:
    runs = (
        (run.start(), run.end(), chinese_number(run.group())) for run in _HAN_RUN.finditer(text)
    )
    return [(start, end, value) for start, end, value in runs if value is not None]


def _the_one(text: str, found: list[tuple[int, int, Decimal]]) -> Decimal | None:
    """The only number, or the only one that is money: 一共两百块 is 200, 200到300 is neither."""
    money = [
        (start, end, value)
        for start, end, value in found
        if _MONEY_AFTER.match(text, end) or _MONEY_BEFORE.search(text[:start])
    ]
    several = {value for _, _, value in found}
    if len(several) == 1:
        return several.pop()
    worth = {value for _, _, value in money}
    is_range = any(re.match(r"\s*(?:元|块)?\s*(?:到|至|-|~|或)", text[end:]) for _, end, _ in found)
    return worth.pop() if len(worth) == 1 and not is_range else None


def _whole(text: str) -> Decimal | None:
    if text and all(c in _DIGITS for c in text):
        return Decimal("".join(str(_DIGITS[c]) for c in text))
    total = section = digit = 0
    unit = 1
    for place, c in enumerate(text):
        if c in _DIGITS:
            digit = _DIGITS[c]
            unit = 1 if digit == 0 else unit
        elif c in _SMALL:
            if digit == 0 and (
                c != "十" or text[place - 1 : place] not in ("", "零", "万", "百", "千")
            ):
                return None
            section, digit, unit = section + (digit or 1) * _SMALL[c], 0, _SMALL[c]
        elif total + section + digit:
            total, section, digit, unit = (total + section + digit) * _LARGE[c], 0, 0, _LARGE[c]
        else:
            return None
    short = unit // 10 if unit >= 100 else 1
    return Decimal(total + section + digit * short) if text else None
