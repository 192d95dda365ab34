"""Sums of money as Chinese papers write them: in capitals that nobody can change by a stroke."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

LIMIT = Decimal(10) ** 12
"""Sums from here on are beyond any parcel."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_MYRIADS = ("", "万", "亿")


def in_capitals(yuan: Decimal) -> str:
    """Return a sum of 0 or more yuan in capitals, to the fen, e.g. `壹佰贰拾元整`.

    Written as the 支付结算办法 (appendix 1) asks: 整 after yuan and jiao, 零 for a gap, none
    before the first digit. Raises `ValueError` below 0 and from `LIMIT`.
    """
    if not 0 <= yuan < LIMIT:
        raise ValueError("a sum of money to print is 0 or more and below a billion")
    fen = int((yuan * 100).quantize(Decimal(1), ROUND_HALF_UP))
    whole, (jiao, cents) = fen // 100, divmod(fen % 100, 10)
    if not fen:
        return "零元整"
    text = f"{_whole(whole)}元" if whole else ""
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif cents and whole:
        text += "零"
    return text + (f"{_DIGITS[cents]}分" if cents else "整")


def _whole(number: int) -> str:
    """Return a whole number in capitals, in groups of four digits."""
    text, gap = "", False
    for power in reversed(range(len(_MYRIADS))):
        group = number // 10_000**power % 10_000
        if not group:
            gap = gap or bool(text)
            continue
        text += "零" if text and (gap or group < 1000) else ""
        text, gap = text + _group(group) + _MYRIADS[power], False
    return text


def _group(number: int) -> str:
    """Return a number below ten thousand in capitals."""
    text, gap = "", False
    for power in reversed(range(len(_PLACES))):
        digit = number // 10**power % 10
        if not digit:
            gap = gap or bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + _PLACES[power]
        gap = False
    return text


def in_figures(yuan: Decimal) -> str:
    """Return a sum of yuan in figures, to the fen, e.g. `1,200.00`."""
    return f"{yuan.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
