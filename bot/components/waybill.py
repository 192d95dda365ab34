"""Waybill numbers in running Chinese text."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.extractor import RuleBasedExtractor
from bot.components.folded import folded
from bot.components.found import Found, Span, overlaps
from bot.components.other_numbers import other_numbers
from bot.components.waybill_patterns import WaybillPatterns

# Between a carrier's letters and the digits customers put a colon, a stop or a hash, too.
_RUN = re.compile(
    r"[A-Za-z0-9]+(?:(?:[ -]{1,3}|(?<=[A-Za-z])[ ]?[:.#\u00b7][ ]?(?=\d))[A-Za-z0-9]+)*"
)
_ATOM = re.compile(r"[A-Za-z0-9]+")
_SEVERAL = re.compile(r"[A-Z]{2,5}\d{8,18}(?:CN|US)?(?=[A-Z]|$)")
_LETTERS_THEN_DIGITS = re.compile(r"([A-Z]+)(\d{8,})")
_MOST_PARTS = 20
_LONGEST_PIECE = 10
_FEWEST_DIGITS = 7
_FEWEST_GLUED = 14


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class WaybillExtractor(RuleBasedExtractor):
    """Finds numbers that fit a carrier's pattern, written with gaps, hyphens or full-width digits.

    `waybill_no` fits a carrier in the catalog; `waybill_like` is a long number that fits none. What
    is called an order number, or looks like a date, a hotline or an identity card, is neither.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self.patterns = WaybillPatterns.read(self.config["catalog"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`catalog`: path of the carriers' catalog, relative to the working directory."""
        return {"catalog": "carriers/catalog.yml"}

    @classmethod
    def data_files(cls, config: dict[str, Any]) -> list[str]:
        """The catalog."""
        return [config["catalog"]]

    def find(self, text: str, taken: list[Span]) -> list[Found]:
        """All waybill numbers in the order of the text, each value once."""
        plain = folded(text)
        if sum(sign.isdigit() for sign in plain) < _FEWEST_DIGITS - 1:
            return []
        spoken_for = [*taken, *other_numbers(plain)]
        found: dict[str, Found] = {}
        for run in _RUN.finditer(plain):
            atoms = [
                (atom.start() + run.start(), atom.end() + run.start())
                for atom in _ATOM.finditer(run[0])
            ]
            free = [span for span in atoms if not overlaps(span, spoken_for)]
            for each in self._in_run(plain, free):
                found.setdefault(each.value, each)
        return list(found.values())

    def _in_run(self, text: str, atoms: list[Span]) -> list[Found]:
        found: list[Found] = []
        position = 0
        while position < len(atoms):
            each, used = self._at(text, atoms[position : position + _MOST_PARTS])
            found.extend(each)
            position += used
        return found

    def _at(self, text: str, atoms: list[Span]) -> tuple[list[Found], int]:
        """What begins at the first atom, and how many atoms it uses (1 when nothing does)."""
        start = atoms[0][0]
        for used in self._lengths(text, atoms):
            end = atoms[used - 1][1]
            number = "".join(text[a:b] for a, b in atoms[:used]).upper()
            if self.patterns.fits(number):
                return [Found("waybill_no", number, start, end)], used
        return self._alone(text, atoms[0]), 1

    def _lengths(self, text: str, atoms: list[Span]) -> list[int]:
        """In which order to try how many atoms belong together."""
        first = text[atoms[0][0] : atoms[0][1]].upper()
        joined = list(range(len(atoms), 1, -1))
        # Long or lettered numbers are complete by themselves; a short run of digits may be a piece.
        complete = len(first) > _LONGEST_PIECE or not first.isdigit()
        return [1, *joined] if complete and self.patterns.fits(first) else [*joined, 1]

    def _alone(self, text: str, atom: Span) -> list[Found]:
        start, end = atom
        number = text[start:end].upper()
        several = list(_SEVERAL.finditer(number))
        if several and all(self.patterns.fits(each[0]) for each in several):
            return [
                Found("waybill_no", each[0], start + each.start(), start + each.end())
                for each in several
            ]
        glued = self._glued(number)
        if glued:
            return [Found("waybill_no", number[glued:], start + glued, end)]
        if self.patterns.looks_like_one(number):
            return [Found("waybill_like", number, start, end, 0.5)]
        return []

    def _glued(self, number: str) -> int:
        """How many letters of a carrier's name are glued to the beginning; 0 for none."""
        digits = _LETTERS_THEN_DIGITS.fullmatch(number)
        if digits and self.patterns.fits_after(digits[1], digits[2]):
            return len(digits[1])
        places = range(2, len(number) - _FEWEST_GLUED)
        glued = (place for place in places if number[:place].isalpha())
        return next((place for place in glued if self.patterns.fits(number[place:])), 0)
