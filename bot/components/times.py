"""When something was, or is wanted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.extractor import RuleBasedExtractor
from bot.components.folded import folded
from bot.components.found import Found, Span, overlaps
from bot.components.time_grammar import FUTURE_AFTER, JOIN, PAST_AFTER, PAST_BEFORE, grammar
from bot.components.time_meaning import Seen, Tense
from bot.components.time_span import Meant, Spoken, after_a_while, joined, meaning
from bot.components.time_table import TimeTable

# China has one time and no summer time.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

# 37号 is a size or a house, not a day.
_NO_SUCH_DAY = re.compile(r".{1,3}[号日]")


def _now() -> datetime:
    return datetime.now(SHANGHAI)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TimeExtractor(RuleBasedExtractor):
    """Finds times and writes them as ISO dates, moments or intervals in Shanghai's time.

    2026-11-23 · 2026-11-23T15:00 · 2026-11-23T12:00/2026-11-23T15:00 · 2026-10-08/.. (open). What
    has no date (下班以后) or only lasts (3天) keeps its words. `clock` is when the customer speaks.
    """

    def __init__(self, config: dict[str, Any], clock: Callable[[], datetime] = _now) -> None:
        super().__init__(config)
        self.clock = clock
        self.table = TimeTable.read(self.config["times"])
        self.grammar = grammar(self.table.parts, self.table.festivals, self.table.vague)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`times`: path of the names of times, relative to the working directory."""
        return {"times": "nlu_data/lookups/times.yml"}

    @classmethod
    def data_files(cls, config: dict[str, Any]) -> list[str]:
        """The names of times."""
        return [config["times"]]

    def find(self, text: str, taken: list[Span]) -> list[Found]:
        """Entities `time` in the order of the text."""
        plain = folded(text)
        if not self.grammar.hint.search(plain):
            return []
        found: list[Found] = []
        for each in self._all(plain, taken):
            known = [(one.start, one.end) for one in found]
            if overlaps((each.start, each.end), [*taken, *known]) or _cuts_number(plain, each):
                continue
            found.append(each)
        return sorted(found, key=lambda each: each.start)

    def _all(self, text: str, taken: list[Span]) -> Iterator[Found]:
        yield from self._offsets(text)
        for match in self.grammar.vague.finditer(text):
            yield Found("time", match[0], *match.span())
        yield from self._moments(text, taken)
        for match in self.grammar.lasting.finditer(text):
            yield Found("time", match[0], *match.span())

    def _offsets(self, text: str) -> Iterator[Found]:
        for match in self.grammar.offset.finditer(text):
            if match["side"] or match["passing"]:
                seen = Seen(self.clock(), self.table)
                half = match["half"] == "个半" or bool(match["more"])
                meant = after_a_while(
                    match["count"], "半" * half, match["unit"], match["side"], seen
                )
                yield Found("time", meant.iso() if meant else match[0], *match.span())

    def _moments(self, text: str, taken: list[Span]) -> Iterator[Found]:
        place = 0
        while match := self.grammar.moment.search(text, place):
            place = match.end()
            if overlaps(match.span(), taken):
                continue
            seen = Seen(self.clock(), self.table, _tense(text, match))
            spoken = _spoken(match)
            meant, end = meaning(spoken, seen), _end(match)
            other = self._until(text, end, spoken, seen)
            if meant and other and (both := joined(meant, other[0])):
                meant, end, place = both, other[1], other[1]
            if meant or (spoken.date and not _NO_SUCH_DAY.fullmatch(spoken.date)):
                yield Found(
                    "time", meant.iso() if meant else text[match.start() : end], match.start(), end
                )

    def _until(self, text: str, end: int, first: Spoken, seen: Seen) -> tuple[Meant, int] | None:
        """The second moment of 两点到五点 and where it ends."""
        join = JOIN.match(text, end)
        match = self.grammar.moment.match(text, join.end()) if join else None
        if match is None:
            return None
        second = _spoken(match)
        same_day = not second.date and (second.clock or second.part)
        part = second.part or (first.part if second.clock else "")
        complete = Spoken(first.date if same_day else second.date, part, second.clock)
        meant = meaning(complete, seen)
        return (meant, match.end()) if meant else None


def _spoken(match: re.Match[str]) -> Spoken:
    return Spoken(
        date=match["date"] or "",
        part=match["part"] or match["part_alone"] or "",
        clock=match["clock"] or match["clock_of_part"] or match["clock_alone"] or "",
        bound=match["bound"] or "",
    )


def _end(match: re.Match[str]) -> int:
    """Where the expression ends, without the space or 的 behind it."""
    return match.start() + len(match[0].rstrip("的 ") if not match["bound"] else match[0])


def _tense(text: str, match: re.Match[str]) -> Tense:
    rest = text[match.end() : match.end() + 10]
    if PAST_AFTER.match(rest) or PAST_BEFORE.search(text[: match.start()]):
        return "past"
    return "future" if FUTURE_AFTER.match(rest) else None


def _cuts_number(text: str, found: Found) -> bool:
    """Whether a time begins or ends within a longer number: the 618 of 3618 is no feast."""
    before, after = text[: found.start][-1:], text[found.end :][:1]
    first, last = text[found.start], text[found.end - 1]
    return (before.isdigit() and first.isdigit()) or (last.isdigit() and after.isdigit())
