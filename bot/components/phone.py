"""Mainland mobile numbers."""

from __future__ import annotations

import re

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.extractor import RuleBasedExtractor
from bot.components.found import Found, Span, overlaps
from bot.components.halfwidth import halfwidth

_PHONE = re.compile(r"(?<![A-Za-z0-9])(?:\+?86[ -]?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?![A-Za-z]*\d)")
_GAPS = re.compile(r"[ -]")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PhoneExtractor(RuleBasedExtractor):
    """Finds mobile numbers. The value is personal: it is handed on, never logged."""

    def find(self, text: str, taken: list[Span]) -> list[Found]:
        """Entities `phone`, value of eleven digits without the country code."""
        return [
            Found("phone", _GAPS.sub("", match[1]), *match.span())
            for match in _PHONE.finditer(halfwidth(text))
            if not overlaps(match.span(), taken)
        ]
