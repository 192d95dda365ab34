"""Anger and threats, by the words of a lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.extractor import RuleBasedExtractor
from bot.components.found import Found, Span
from bot.components.halfwidth import halfwidth

MOOD = "mood"
ANGER, THREAT = "anger", "threat"
_SHOUT = re.compile(r"!(?:\s*!){2,}")
_NOTHING = re.compile(r"(?!)")
_MASK = "\ufffc"


def pattern_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of the phrases, the longest first; without phrases it matches nowhere."""
    longest_first = sorted(phrases, key=len, reverse=True)
    if not longest_first:
        return _NOTHING
    return re.compile("|".join(map(_loosely, longest_first)), re.IGNORECASE)


def _loosely(phrase: str) -> str:
    """A phrase with a blank allowed between its signs; its Latin ends are ends of words."""
    signs = r"\s?".join(map(re.escape, phrase))
    before = r"(?<![A-Za-z0-9])" if _is_latin(phrase[0]) else ""
    after = r"(?![A-Za-z0-9])" if _is_latin(phrase[-1]) else ""
    return f"{before}{signs}{after}"


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class MoodExtractor(RuleBasedExtractor):
    """Finds entity `mood` with the value `anger` or `threat`; it may lie over other entities."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        lexicon = yaml.safe_load(Path(self.config["moods"]).read_text(encoding="utf-8"))
        self._moods = {name: pattern_of(lexicon[name]) for name in (THREAT, ANGER)}
        self._shouted = pattern_of(lexicon["shouted"])
        self._never = pattern_of(lexicon["never"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Path of the lexicon, relative to the working directory."""
        return {"moods": "nlu_data/lookups/moods.yml"}

    @classmethod
    def data_files(cls, config: dict[str, Any]) -> list[str]:
        """The lexicon."""
        return [config["moods"]]

    def find(self, text: str, taken: list[Span]) -> list[Found]:  # noqa: ARG002 - see above
        """Every angry or threatening phrase; milder ones beside a shout."""
        folded = self._never.sub(lambda found: _MASK * len(found[0]), halfwidth(text))
        found = [
            Found(MOOD, mood, *match.span())
            for mood, pattern in self._moods.items()
            for match in pattern.finditer(folded)
        ]
        if not found and _SHOUT.search(folded):
            milder = self._shouted.finditer(folded)
            found = [Found(MOOD, ANGER, *match.span()) for match in milder]
        return found
