"""Names and expressions found by spaCy's entity ruler over a blank Chinese pipeline."""

from __future__ import annotations

from typing import Any

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.extractor import RuleBasedExtractor
from bot.components.found import Found, Span, overlaps
from bot.components.halfwidth import halfwidth
from bot.components.phrase_patterns import carrier_patterns, phrase_patterns, token_patterns


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SpacyPhraseExtractor(RuleBasedExtractor):
    """Finds carriers, roles, items, named fields and times.

    spaCy's blank Chinese pipeline cuts text into characters, so that a phrase is found wherever it
    stands and whatever its neighbours are; the longest match wins.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self.nlp = spacy.blank("zh")
        ruler = self.nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
        ruler.add_patterns(
            [
                *carrier_patterns(self.config["catalog"]),
                *phrase_patterns(self.config["phrases"]),
                *token_patterns(self.config["tokens"]),
            ]
        )

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Paths of the data, relative to the working directory."""
        return {
            "catalog": "carriers/catalog.yml",
            "phrases": "nlu_data/lookups/phrases.yml",
            "tokens": "nlu_data/lookups/token_patterns.yml",
        }

    @classmethod
    def data_files(cls, config: dict[str, Any]) -> list[str]:
        """The catalog, the phrases and the token patterns."""
        return [config["catalog"], config["phrases"], config["tokens"]]

    @staticmethod
    def required_packages() -> list[str]:
        """The library alone; no trained model of it is used."""
        return ["spacy"]

    def find(self, text: str, taken: list[Span]) -> list[Found]:
        """Entities carrier, role, item, field, time."""
        return [
            Found(span.label_, span.ent_id_ or span.text, span.start_char, span.end_char)
            for span in self.nlp(halfwidth(text)).ents
            if not overlaps((span.start_char, span.end_char), taken)
        ]
