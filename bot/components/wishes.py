"""Which parts of a message are wishes of their own, beside the main one. Pure, but for the table.

One ticket or one answer may cover several parts: who writes that it is broken, wants money for it
and is annoyed at the courier has one wish. nlu_data/lookups/wishes.yml says what covers what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.components.clauses import Clause
from bot.components.halfwidth import halfwidth

Predicted = tuple[Clause, str, float]
Wish = dict[str, Any]

# A part that decides for the whole message must be this sure.
_SURE = 0.8
_NUMBER = re.compile(r"[A-Za-z]{0,5}\d[0-9A-Za-z]{8,}")
# Mobile phones and our tickets are no parcels.
_NO_PARCEL = re.compile(r"1[3-9]\d{9}|T\d{14}")


@dataclass(frozen=True)
class WishTable:
    """The facts of wishes.yml, under the same names."""

    sure: float
    most: int
    actionable: frozenset[str]
    alone: frozenset[str]
    leads: frozenset[str]
    yields: frozenset[str]
    together: frozenset[str]
    covers: Mapping[str, frozenset[str]]
    questions: frozenset[str]
    conditions: frozenset[str]
    consequences: frozenset[str]
    other_parcels: frozenset[str]
    one_parcel: frozenset[str]

    @classmethod
    def read(cls, path: str) -> WishTable:
        """The table in a file. TypeError when a fact is missing or unknown."""
        facts = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        covers = {name: frozenset(others) for name, others in facts.pop("covers").items()}
        lists = {name: frozenset(fact) for name, fact in facts.items() if isinstance(fact, list)}
        return cls(**{**facts, **lists, "covers": covers})

    def coverers(self, intent: str) -> frozenset[str]:
        """The wishes beside which a part of this intent is no wish of its own."""
        return frozenset({intent, *(name for name, each in self.covers.items() if intent in each)})


@dataclass(frozen=True)
class _Part:
    """A part, its intent where it is sure of an actionable one, and what its words give away."""

    clause: Clause
    intent: str | None
    confidence: float
    adds: bool
    asks: bool
    other_parcel: bool

    @property
    def is_separate(self) -> bool:
        """Whether no other wish can cover it."""
        return self.other_parcel or (self.adds and self.asks)


def further_wishes(
    main: str, clauses_with_predictions: Sequence[Predicted], table: WishTable
) -> list[Wish]:
    """The wishes beside the main one, in the order of the text.

    Each is `{intent, confidence, start, end, covered_by, other_parcel}`: offsets into the text; a
    ticket of an intent in `covered_by` makes it needless; `other_parcel` when it is about another
    parcel than the main wish.
    """
    if main in table.alone:
        return []
    parts = _parts(clauses_with_predictions, table)
    own = next((part for part in parts if part.intent == main), None)
    told, wishes = [main], list[Wish]()
    for part in parts:
        if part is own or part.intent is None or _is_covered(part, told, table):
            continue
        told.append(part.intent)
        wishes.append(_wish(part, part.intent, table))
    return wishes[: table.most]


def first_told(main: str, predicted: Sequence[Predicted], table: WishTable) -> str:
    """The main wish, or the one that leads wherever it is told.

    Or the one told before it, when a word of addition says that the main one comes second.
    """
    leading = (intent for _, intent, sure in predicted if intent in table.leads and sure >= _SURE)
    for intent in leading:
        return intent
    own = next((clause for clause, intent, _ in predicted if intent == main), None)
    if own is None or not own.adds:
        return main
    before = (wish for wish in further_wishes(main, predicted, table) if wish["start"] < own.start)
    return next((str(wish["intent"]) for wish in before), main)


def promoted(main: str, wishes: list[Wish], table: WishTable) -> tuple[str, list[Wish]]:
    """Main intent and further wishes, after a mere greeting or chatter has given way to a wish."""
    if main not in table.yields or not wishes:
        return main, wishes
    return str(wishes[0]["intent"]), wishes[1:]


def _is_covered(part: _Part, told: Iterable[str], table: WishTable) -> bool:
    if part.intent in table.together and table.together & set(told):
        return True
    if part.is_separate or part.intent is None:
        return False
    return bool(table.coverers(part.intent) & set(told))


def _wish(part: _Part, intent: str, table: WishTable) -> Wish:
    return {
        "intent": intent,
        "confidence": part.confidence,
        "start": part.clause.start,
        "end": part.clause.end,
        "covered_by": [] if part.is_separate else sorted(table.coverers(intent)),
        "other_parcel": part.other_parcel,
    }


def _parts(predicted: Sequence[Predicted], table: WishTable) -> list[_Part]:
    """The parts with what each owes to those before it."""
    parts: list[_Part] = []
    for clause, intent, confidence in predicted:
        before = parts[-1] if parts else None
        is_wish = confidence >= table.sure and intent in table.actionable
        hangs_on = before is not None and _depends(clause.text, before.clause.text, table)
        inherits = before is not None and before.adds and before.intent is None
        parts.append(
            _Part(
                clause=clause,
                intent=intent if is_wish and not hangs_on and not _is_if(clause, table) else None,
                confidence=confidence,
                adds=clause.adds or inherits,
                asks=_has(table.questions, clause.text),
                other_parcel=_names_other_parcel(clause, [each.clause for each in parts], table),
            )
        )
    return parts


def _is_if(clause: Clause, table: WishTable) -> bool:
    """Whether a part is a condition, or a threat that begins with one; questions are neither."""
    return _has(table.conditions, clause.text) and not _has(table.questions, clause.text)


def _depends(text: str, before: str, table: WishTable) -> bool:
    return _has(table.conditions, before) and _has(table.consequences, text)


def _names_other_parcel(clause: Clause, before: Sequence[Clause], table: WishTable) -> bool:
    """Whether a part speaks of a parcel that no part before it has spoken of."""
    if not before:
        return False
    numbers, known = _numbers([clause]), _numbers(before)
    if numbers:
        return bool(known) and not numbers & known
    if _has(table.other_parcels, clause.text):
        return True
    words = tuple(table.one_parcel)
    return clause.text.startswith(words) and any(each.text.startswith(words) for each in before)


def _numbers(clauses: Iterable[Clause]) -> set[str]:
    found = (_NUMBER.findall(halfwidth(each.text)) for each in clauses)
    numbers = {number.upper() for each in found for number in each}
    return {number for number in numbers if not _NO_PARCEL.fullmatch(number)}


def _has(words: Iterable[str], text: str) -> bool:
    return any(word in text for word in words)
