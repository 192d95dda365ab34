"""Names found by spaCy's entity ruler over a blank Chinese pipeline."""

from __future__ import annotations

from typing import Any

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.extractor import RuleBasedExtractor
from bot.components.folded import folded
from bot.components.found import Found, Span, overlaps
from bot.components.phrase_patterns import (
    PASSED_OVER,
    carrier_patterns,
    item_patterns,
    phrase_patterns,
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SpacyPhraseExtractor(RuleBasedExtractor):
    """Finds carriers, roles, items, pickup places and named fields.

    spaCy's blank Chinese pipeline cuts text into characters, so that a phrase is found wherever it
    stands and whatever its neighbours are; the longest match wins. Latin names are whole words.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self.nlp = spacy.blank("zh")
        ruler = self.nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        ruler.add_patterns(
            [
                *carrier_patterns(self.config["catalog"], self.config["carriers"]),
                *phrase_patterns(self.config["phrases"]),
                *phrase_patterns(self.config["places"]),
                *item_patterns(self.config["items"], self.config["not_items"]),
            ]
        )

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Paths of the data, relative to the working directory."""
        return {
            "catalog": "carriers/catalog.yml",
            "carriers": "nlu_data/lookups/carriers.yml",
            "phrases": "nlu_data/lookups/phrases.yml",
            "places": "nlu_data/lookups/places.yml",
            "items": "nlu_data/lookups/items.yml",
            "not_items": "nlu_data/lookups/not_items.yml",
        }

    @classmethod
    def data_files(cls, config: dict[str, Any]) -> list[str]:
        """The catalog and the lookups."""
        return [config[name] for name in cls.get_default_config()]

    @staticmethod
    def required_packages() -> list[str]:
        """The library alone; no trained model of it is used."""
        return ["spacy"]

    def find(self, text: str, taken: list[Span]) -> list[Found]:
        """Entities carrier, role, item, place, field, another."""
        plain = folded(text)
        return [
            Found(span.label_, span.ent_id_ or span.text, span.start_char, span.end_char)
            for span in self.nlp(plain).ents
            if span.label_ != PASSED_OVER
            and not overlaps((span.start_char, span.end_char), taken)
            and _is_whole_word(plain, span.start_char, span.end_char)
        ]


def _is_whole_word(text: str, start: int, end: int) -> bool:
    """Whether no Latin letter or digit goes on beyond a name that begins or ends with one."""
    before = text[start - 1 : start] + text[start]
    after = text[end - 1] + text[end : end + 1]
    return not (_latin(before, 2) or _latin(after, 2))


def _latin(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isalnum()
