"""Telephone numbers of mainland China."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.extractor import RuleBasedExtractor
from bot.components.folded import folded
from bot.components.found import Found, Span, overlaps
from bot.components.spoken_digits import DIGIT, spelt

_GAPS = re.compile(r"[ -]")
_MOBILE = re.compile(
    r"(?<![A-Za-z0-9])(?:\(?\+?0{0,2}86\)?[ -]?)?(1[3-9](?:[ -]?\d){9})(?![A-Za-z]*\d)"
)
_SPOKEN = re.compile(
    rf"(?<!{DIGIT})(?<![A-Za-z])([一幺1][三四五六七八九3-9](?:[ -]?{DIGIT}){{9}})(?!{DIGIT})"
)
_HIDDEN = re.compile(
    r"(?<![A-Za-z0-9])(1[3-9]\d)[ -]?[*xX\u2022\u00b7\u25cf]{3,6}[ -]?(\d{4})(?!\d)"
)
_LANDLINE = re.compile(
    r"(?<![A-Za-z0-9-])\(?(0(?:10|2\d|[3-9]\d{2}))[) -]{1,2}([2-8]\d{6,7})(?![\d-])"
)

_OTHER = re.compile(r"(?:单号?|编号|订单号?码?)\s*(?:是|为|:)?\s*$")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PhoneExtractor(RuleBasedExtractor):
    """Finds mobile numbers and landlines. The value is personal: it is handed on, never logged."""

    def find(self, text: str, taken: list[Span]) -> list[Found]:
        """Entities `phone`: eleven digits, 138****8000 where it was hidden, or 010-12345678."""
        plain = folded(text)
        found = [
            each
            for each in _all(plain)
            if not overlaps((each.start, each.end), taken)
            and not _OTHER.search(plain[: each.start])
        ]
        return sorted(found, key=lambda each: each.start)


def _all(text: str) -> Iterator[Found]:
    mobiles = list(_MOBILE.finditer(text))
    for match in mobiles or _SPOKEN.finditer(text):
        yield Found("phone", spelt(_GAPS.sub("", match[1])), *match.span())
    for match in _HIDDEN.finditer(text):
        yield Found("phone", f"{match[1]}****{match[2]}", *match.span())
    for match in _LANDLINE.finditer(text):
        yield Found("phone", f"{match[1]}-{match[2]}", *match.span())
