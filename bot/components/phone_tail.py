"""The last four digits of a phone, as customers write or speak them."""

from __future__ import annotations

import re

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.extractor import RuleBasedExtractor
from bot.components.folded import folded
from bot.components.found import Found, Span, overlaps
from bot.components.spoken_digits import DIGIT, spelt

_FOUR = rf"((?:{DIGIT}[ -]?){{3}}{DIGIT})"
_CUE = (
    r"(?:尾号|[后末][面边]?\s*(?:四|4)\s*[位个]?数?|(?:最后|末尾|结尾)\s*(?:四|4)\s*[位个]?数?"
    r"|手机尾|尾数|尾巴|末尾|(?:手机|电话)最后)"
)
_CUED = re.compile(
    rf"{_CUE}(?:数字|号码|数|号)?\s*(?:应该|好像|就)?\s*[是为:,]?\s*{_FOUR}(?![ -]?{DIGIT})"
)
_CUED_AFTER = re.compile(
    rf"(?<!{DIGIT}){_FOUR}\s*(?:是|就是)?\s*(?:我|他|她)?(?:的)?(?:手机|电话)?(?:{_CUE}|结尾|收尾)"
)
_ALONE = re.compile(
    rf"^\W*(?:是|就是|我的是|我的|手机|电话|手机号|嗯|哦|那就?|好像是?|应该是?)?\s*{_FOUR}"
    r"\s*(?:吧|呢|啊|哈|的|呀)?(?:谢谢|对吗|对吧|你看看|查一?下)?\W*$"
)
_INSIDE = re.compile(
    r"(?<![A-Za-z0-9.,:￥¥#第/-])(\d{4})(?![A-Za-z0-9.年元块月日号点多件个%米次分毫克斤款/-])"
)
_GAPS = re.compile(r"[ -]")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PhoneTailExtractor(RuleBasedExtractor):
    """Finds four digits that may be the end of a phone number.

    Confidence 1.0: said to be the last four, or the whole message, other numbers apart. 0.5: four
    digits among other words, believed only where the dialogue has asked for them.
    """

    def find(self, text: str, taken: list[Span]) -> list[Found]:
        """At most one entity `phone_tail`, value of four ASCII digits."""
        plain = folded(text)
        beside = _ALONE.match(_without(plain, taken))
        if taken and beside:
            return [_tail(beside, 1.0)]
        for pattern, confidence in (
            (_CUED, 1.0),
            (_CUED_AFTER, 1.0),
            (_ALONE, 1.0),
            (_INSIDE, 0.5),
        ):
            for match in pattern.finditer(plain):
                if not overlaps(match.span(1), taken):
                    return [_tail(match, confidence)]
        return []


def _without(text: str, taken: list[Span]) -> str:
    """The text with blanks for what is spoken for, of the same length."""
    for start, end in taken:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _tail(match: re.Match[str], confidence: float) -> Found:
    return Found("phone_tail", spelt(_GAPS.sub("", match[1])), *match.span(1), confidence)
