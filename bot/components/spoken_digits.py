"""Digits as they are written or read out: 零, 洞, 幺, 两, 拐."""

from typing import Final

DIGIT: Final = "[0-9零\u3007洞一幺壹二两贰三叁四肆五伍六陆七拐柒八捌九勾玖]"
_SPOKEN: Final = str.maketrans(
    "零\u3007洞一幺壹二两贰三叁四肆五伍六陆七拐柒八捌九勾玖", "0001112223344556677788999"
)


def spelt(text: str) -> str:
    """The same digits as ASCII ones."""
    return text.translate(_SPOKEN)
