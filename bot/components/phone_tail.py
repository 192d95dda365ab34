"""The last four digits of a phone, as customers write or speak them."""

from __future__ import annotations

import re

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.extractor import RuleBasedExtractor
from bot.components.found import Found, Span, overlaps
from bot.components.halfwidth import halfwidth

_SPOKEN = str.maketrans(
    "零\u3007洞一幺壹二两贰三叁四肆五伍六陆七拐柒八捌九勾玖", "0001112223344556677788999"
)
_DIGIT = "[0-9零\u3007洞一幺壹二两贰三叁四肆五伍六陆七拐柒八捌九勾玖]"
_FOUR = rf"((?:{_DIGIT}[ -]?){{3}}{_DIGIT})"
_CUE = r"(?:尾号|[后末]\s*(?:四|4)\s*位?|最后\s*(?:四|4)\s*(?:位|个)?|手机尾|尾数|尾巴)"
_CUED = re.compile(
    rf"{_CUE}(?:数字|号码|数|号)?\s*(?:应该|好像)?\s*(?:是|为|:|：|,|，)?\s*{_FOUR}(?!{_DIGIT})"
)
_CUED_AFTER = re.compile(
    rf"(?<!{_DIGIT}){_FOUR}\s*(?:是|就是)?\s*(?:我|他|她)?(?:的)?(?:手机)?{_CUE}"
)
_ALONE = re.compile(
    rf"^\W*(?:是|我的是|手机|电话|嗯|哦|那就?)?\s*{_FOUR}\s*(?:吧|呢|啊|哈|的)?\W*$"
)
_INSIDE = re.compile(r"(?<![A-Za-z0-9.])(\d{4})(?![A-Za-z0-9.年元块月日号点])")
_GAPS = re.compile(r"[ -]")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PhoneTailExtractor(RuleBasedExtractor):
    """Finds four digits that may be the end of a phone number.

    Confidence 1.0: said to be the last four, or the whole message, other numbers apart. 0.5: four
    digits among other words, believed only where the dialogue has asked for them.
    """

    def find(self, text: str, taken: list[Span]) -> list[Found]:
        """At most one entity `phone_tail`, value of four ASCII digits."""
        folded = halfwidth(text)
        beside = _ALONE.match(_without(folded, taken))
        if taken and beside:
            return [_tail(beside, 1.0)]
        for pattern, confidence in (
            (_CUED, 1.0),
            (_CUED_AFTER, 1.0),
            (_ALONE, 1.0),
            (_INSIDE, 0.5),
        ):
            for match in pattern.finditer(folded):
                if not overlaps(match.span(1), taken):
                    return [_tail(match, confidence)]
        return []


def _without(text: str, taken: list[Span]) -> str:
    """The text with blanks for what is spoken for, of the same length."""
    for start, end in taken:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _tail(match: re.Match[str], confidence: float) -> Found:
    value = _GAPS.sub("", match[1]).translate(_SPOKEN)
    return Found("phone_tail", value, *match.span(1), confidence)
