"""Numbers of our tickets: T and fourteen digits."""

from __future__ import annotations

import re

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.extractor import RuleBasedExtractor
from bot.components.found import Found, Span, overlaps
from bot.components.halfwidth import halfwidth

_TICKET = re.compile(r"(?<![A-Za-z0-9])[Tt][ -]?((?:\d[ -]?){13}\d)(?!\d)")
_GAPS = re.compile(r"[ -]")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TicketNumberExtractor(RuleBasedExtractor):
    """Finds ticket numbers in running text, also in full-width digits or lower case."""

    def find(self, text: str, taken: list[Span]) -> list[Found]:
        """Entities `ticket_no`, value `T` + 14 digits."""
        return [
            Found("ticket_no", "T" + _GAPS.sub("", match[1]), *match.span())
            for match in _TICKET.finditer(halfwidth(text))
            if not overlaps(match.span(), taken)
        ]
