"""The files of lines with the entities they hold, and how well the extractors find them."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from rasa.shared.nlu.training_data.message import Message

from bot.components.address import AddressExtractor
from bot.components.amount import AmountExtractor
from bot.components.extractor import RuleBasedExtractor
from bot.components.phone import PhoneExtractor
from bot.components.phone_tail import PhoneTailExtractor
from bot.components.spacy_phrases import SpacyPhraseExtractor
from bot.components.ticket_number import TicketNumberExtractor
from bot.components.times import SHANGHAI, TimeExtractor
from bot.components.waybill import WaybillExtractor

FOLDER = Path("nlu_data/tests/entities")
# All lines are read on this Wednesday morning.
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)


def extractors() -> list[RuleBasedExtractor]:
    """All extractors in the pipeline's order."""
    return [
        TicketNumberExtractor({}),
        PhoneExtractor({}),
        WaybillExtractor({}),
        AddressExtractor({}),
        TimeExtractor({}, clock=lambda: NOW),
        AmountExtractor({}),
        PhoneTailExtractor({}),
        SpacyPhraseExtractor({}),
    ]


def entities(text: str, pipeline: Sequence[RuleBasedExtractor]) -> list[dict[str, Any]]:
    """What the pipeline finds in a message."""
    message = Message.build(text)
    for extractor in pipeline:
        extractor.process([message])
    found: list[dict[str, Any]] = message.get("entities", [])
    return found


@dataclass(frozen=True)
class Line:
    """One message and the entities of one kind it holds, as (value, customer's words)."""

    text: str
    expected: tuple[tuple[str, str], ...]
    parts: tuple[dict[str, str | None], ...]


@dataclass
class Score:
    """Counts over all lines of a file, and the lines that went wrong."""

    right: int = 0
    missed: int = 0
    wrong: int = 0
    failures: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Share of what was found that is there."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Share of what is there that was found."""
        return self.right / max(self.right + self.missed, 1)


def files() -> list[str]:
    """The entities that have a file."""
    return sorted(path.stem for path in FOLDER.glob("*.tsv"))


def lines(entity: str) -> Iterator[Line]:
    """The lines of an entity's file."""
    with (FOLDER / f"{entity}.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            told = json.loads(row["expected"])
            expected = tuple((each["value"], each["text"]) for each in told)
            yield Line(row["text"], expected, tuple(each.get("parts", {}) for each in told))


def score(entity: str, pipeline: Sequence[RuleBasedExtractor]) -> Score:
    """Compare value and place of what is found with what the file says, line by line."""
    result = Score()
    for line in lines(entity):
        found = [
            (each["value"], line.text[each["start"] : each["end"]])
            for each in entities(line.text, pipeline)
            if each["entity"] == entity
        ]
        right = sum((Counter(found) & Counter(line.expected)).values())
        result.right += right
        result.missed += len(line.expected) - right
        result.wrong += len(found) - right
        if Counter(found) != Counter(line.expected):
            result.failures.append(f"{line.text}: found {found}, expected {list(line.expected)}")
    return result
