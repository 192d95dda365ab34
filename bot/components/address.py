"""Addresses: province, city, county and what a courier needs below."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components import address_grammar as grammar
from bot.components.divisions import Division, Divisions, Named, agreed, read_divisions
from bot.components.extractor import RuleBasedExtractor
from bot.components.folded import folded
from bot.components.found import Found, Span

_TAKEN = "\ue000"
_NOISE = re.compile(r"[\s,]+")
_ENDINGS = " ,.。!?、~\n"
_SHORTEST = 3
_COUNTY = 2


@dataclass(frozen=True)
class Stretch:
    """A piece of text between words that are no part of an address; `told` when one leads to it."""

    text: str
    start: int
    told: bool


@dataclass(frozen=True)
class Below:
    """What stands below the divisions: where it ends, and how much like an address it looks."""

    end: int
    names: int = 0
    strong: int = 0
    numbers: int = 0
    buildings: int = 0
    tails: int = 0


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class AddressExtractor(RuleBasedExtractor):
    """Finds addresses; `parts` are province, city, county and detail, None if unknown.

    What is missing above a county is filled in where only one county has the name. Names that
    contradict each other (广西武汉) give the division most of them agree on, and confidence 0.5.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`divisions`: path of the table of divisions, relative to the working directory."""
        return {"divisions": "nlu_data/lookups/divisions.tsv"}

    @classmethod
    def data_files(cls, config: dict[str, Any]) -> list[str]:
        """The table of divisions."""
        return [config["divisions"]]

    @property
    def divisions(self) -> Divisions:
        """The table, read when the first message looks like an address."""
        return read_divisions(self.config["divisions"])

    def find(self, text: str, taken: list[Span]) -> list[Found]:
        """Entities `address`, value of the customer's words without gaps."""
        plain = folded(text)
        if not grammar.SIGN.search(plain):
            return []
        for start, end in taken:
            plain = plain[:start] + _TAKEN * (end - start) + plain[end:]
        found = [each for part in self._stretches(plain) if (each := self._in(part))]
        valid = [each for each in found if not grammar.OLD.search(plain[: each.start])]
        return valid or found

    def _stretches(self, text: str) -> Iterator[Stretch]:
        start = 0
        for stop in grammar.STOP.finditer(text + "\n"):
            if self.divisions.covers(text, stop.span()):
                continue
            if stop.start() - start >= _SHORTEST:
                alone = start == 0 and not text[stop.start() :].strip(_ENDINGS)
                told = alone or bool(grammar.TRIGGER.search(text[:start]))
                yield Stretch(text[start : stop.start()], start, told)
            start = stop.end()

    def _in(self, stretch: Stretch) -> Found | None:
        named = self._named(stretch.text)
        start = named[0].start if named else len(stretch.text) - len(stretch.text.lstrip())
        detail_from = named[-1].end if named else start
        below = _below(stretch.text, detail_from, bool(named) or stretch.told)
        if not _is_address(stretch, named, below, start):
            return None
        end = max(below.end, detail_from)
        return _found(stretch, named, (start, detail_from, end))

    def _named(self, text: str) -> list[Named]:
        """The chain of divisions, one right after the other."""
        for first in range(len(text)):
            chain = self._chain(text, first)
            if chain:
                return chain
        return []

    def _chain(self, text: str, place: int) -> list[Named]:
        chain: list[Named] = []
        while (named := self.divisions.at(text, place)) and self._stands(text, named, chain):
            named = self._with_its_sign(text, named)
            chain.append(named)
            gap = grammar.GAP.match(text, named.end)
            place = gap.end() if gap else named.end
        return chain

    def _with_its_sign(self, text: str, named: Named) -> Named:
        """青岛 rather than 青岛市 where 市南区 follows; and 威宁县, whose whole name is longer."""
        if not named.whole and text[named.end : named.end + 1] in grammar.SIGN_OF_SHORT:
            return replace(named, end=named.end + 1)
        county = self.divisions.at(text, named.end - 1) if named.whole else None
        if county and county.whole and _belongs(county, [named]):
            return replace(named, end=named.end - 1, whole=False)
        return named

    def _stands(self, text: str, named: Named, chain: list[Named]) -> bool:
        """Whether a name is meant as a division rather than as a part of another name."""
        if grammar.NO_DIVISION.match(text, named.end):
            return False
        goes_on = grammar.GOES_ON.match(text, named.end) and not self.divisions.at(text, named.end)
        if not named.whole and goes_on:
            return False
        levels = [each.level for each in named.meant]
        if not chain:
            long = named.whole and named.end - named.start >= _SHORTEST
            return long or (min(levels) < _COUNTY and not goes_on)
        last = max(each.level for before in chain for each in before.meant)
        fits = named.whole or min(levels) < _COUNTY or _belongs(named, chain)
        return fits and max(levels) >= last


def _level(named: Named) -> int:
    """The lowest level a whole name stands for; a short one means a city rather than its county."""
    levels = [each.level for each in named.meant]
    return max(levels) if named.whole else min(levels)


def _belongs(named: Named, chain: list[Named]) -> bool:
    above = [each for before in chain for each in before.meant]
    return any(each.within(other) for each in named.meant for other in above)


def _below(text: str, place: int, divided: bool) -> Below:
    gap = grammar.GAP.match(text, place) if divided else None
    begin = gap.end() if gap else place
    below = Below(begin)
    while after := _next(text, below, divided):
        below = after
    rest = grammar.REST.match(text, below.end)
    glued = below.end > begin or begin == place
    if rest and glued and (divided or below.strong) and not grammar.NO_REST.search(rest[0]):
        return Below(**{**below.__dict__, "end": len(text.rstrip()), "names": below.names + 1})
    return below


def _next(text: str, below: Below, divided: bool) -> Below | None:
    facts = dict(below.__dict__)
    number = grammar.NUMBER.match(text, below.end)
    if number and number.end() > below.end:
        facts["numbers"] += 1
        facts["buildings"] += number["unit"] in grammar.BUILDING_UNITS
        return Below(**{**facts, "end": number.end()})
    tail = grammar.TAIL.match(text, below.end)
    if tail and (below.numbers or below.names or divided):
        return Below(**{**facts, "end": tail.end(), "tails": below.tails + 1})
    named = grammar.NAMED.match(text, below.end)
    if named and not grammar.NO_NAME.search(named["name"]):
        facts["names"] += 1
        facts["strong"] += bool(named["strong"]) and len(named["name"]) > 1
        return Below(**{**facts, "end": named.end()})
    unkind = grammar.UNKIND.match(text, below.end) if divided or below.names else None
    if unkind and (below.strong or unkind.end() < len(text)) and _is_glued(text, unkind):
        return Below(**{**facts, "end": unkind.end(), "names": below.names + 1})
    bare = grammar.BARE_NUMBER.match(text, below.end)
    if bare and (below.numbers or below.names):
        return Below(**{**facts, "end": bare.end(), "numbers": below.numbers + 1})
    return None


def _is_glued(text: str, name: re.Match[str]) -> bool:
    """Whether a name stands right behind what came before, and is no everyday word."""
    return text[name.start() - 1 : name.start()] != " " and not grammar.NO_REST.search(name[0])


def _is_address(stretch: Stretch, named: list[Named], below: Below, start: int) -> bool:
    if grammar.HUB.search(stretch.text) and not below.buildings:
        return False
    if named:
        county = max(map(_level, named)) == _COUNTY
        return county or below.strong > 0 or (below.names > 0 and below.numbers > 0)
    told = stretch.told and start == len(stretch.text) - len(stretch.text.lstrip())
    if below.strong:
        return below.numbers > 0 or below.tails > 0 or told
    if told and below.names and below.numbers:
        return True
    return below.buildings > 0 and (below.names > 0 or below.tails > 0 or below.numbers > 1)


def _found(stretch: Stretch, named: list[Named], marks: tuple[int, int, int]) -> Found:
    start, detail_from, end = marks
    division, undisputed = agreed(named) if named else (None, True)
    end = start + len(stretch.text[start:end].rstrip())
    detail = _NOISE.sub("", stretch.text[detail_from:end]).strip("-/")
    value = _NOISE.sub("", stretch.text[start:end])
    return Found(
        "address",
        value,
        stretch.start + start,
        stretch.start + end,
        1.0 if undisputed else 0.5,
        {**_parts(division, named), "detail": detail or None},
    )


def _parts(division: Division | None, named: list[Named]) -> dict[str, str | None]:
    """The names of the levels; of a county that several cities have, its name alone."""
    if division is None:
        shared = named[-1].meant[0].county if named else None
        return {"province": None, "city": None, "county": shared}
    city = division.city or (division.province if division.province.endswith("市") else None)
    return {"province": division.province, "city": city, "county": division.county}
