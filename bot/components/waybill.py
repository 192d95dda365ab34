"""Waybill numbers in running Chinese text."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.extractor import RuleBasedExtractor
from bot.components.found import Found, Span, overlaps
from bot.components.halfwidth import halfwidth
from bot.components.waybill_patterns import WaybillPatterns

_RUN = re.compile(r"[A-Za-z0-9]+(?:[ -]{1,2}[A-Za-z0-9]+)*")
_ATOM = re.compile(r"[A-Za-z0-9]+")
_LETTERS_THEN_DIGITS = re.compile(r"([A-Z]+)(\d{8,})")
_MOST_PARTS = 8
_LONGEST_PIECE = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class WaybillExtractor(RuleBasedExtractor):
    """Finds numbers that fit a carrier's pattern, written with gaps, hyphens or full-width digits.

    `waybill_no` fits a carrier in the catalog; `waybill_like` is a long number that fits none.
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
        folded = halfwidth(text)
        found: dict[str, Found] = {}
        for run in _RUN.finditer(folded):
            atoms = [
                (atom.start() + run.start(), atom.end() + run.start())
                for atom in _ATOM.finditer(run[0])
            ]
            free = [span for span in atoms if not overlaps(span, taken)]
            for each in self._in_run(folded, free):
                found.setdefault(each.value, each)
        return list(found.values())

    def _in_run(self, text: str, atoms: list[Span]) -> list[Found]:
        found: list[Found] = []
        position = 0
        while position < len(atoms):
            each, used = self._at(text, atoms[position : position + _MOST_PARTS])
            if each is not None:
                found.append(each)
            position += used
        return found

    def _at(self, text: str, atoms: list[Span]) -> tuple[Found | None, int]:
        """What begins at the first atom, and how many atoms it uses (1 when nothing does)."""
        start = atoms[0][0]
        for used in self._lengths(text, atoms):
            end = atoms[used - 1][1]
            number = "".join(text[a:b] for a, b in atoms[:used]).upper()
            if self.patterns.fits(number):
                return Found("waybill_no", number, start, end), used
        return self._alone(text, atoms[0]), 1

    def _lengths(self, text: str, atoms: list[Span]) -> list[int]:
        """In which order to try how many atoms belong together."""
        first = text[atoms[0][0] : atoms[0][1]].upper()
        joined = list(range(len(atoms), 1, -1))
        # Long or lettered numbers are complete by themselves; a short run of digits may be a piece.
        complete = len(first) > _LONGEST_PIECE or not first.isdigit()
        return [1, *joined] if complete and self.patterns.fits(first) else [*joined, 1]

    def _alone(self, text: str, atom: Span) -> Found | None:
        start, end = atom
        number = text[start:end].upper()
        glued = _LETTERS_THEN_DIGITS.fullmatch(number)
        if glued and self.patterns.fits(glued[2]):
            return Found("waybill_no", glued[2], start + len(glued[1]), end)
        if self.patterns.looks_like_one(number):
            return Found("waybill_like", number, start, end, 0.5)
        return None
