"""The sentences the bot is judged by are not among those it has read."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

import pytest

from tests.house import talk
from ticketing.run.plan import ROOT

HELD_OUT = ROOT.parent / "shared" / "nlu_eval" / "dev.tsv"
# Below this length two people write the same words without one copying the other.
SHORTEST = 8
_USER = re.compile(r"(?:user|customer): *\|?\s*(.+)")


def nearby(text: str) -> set[str]:
    """The text and every text that lacks one of its characters.

    Two texts share one of these when one edit (a character more, less, other, or two neighbours
    exchanged) turns the first into the second.
    """
    return {text} | {text[:place] + text[place + 1 :] for place in range(len(text))}


def sentences() -> Iterator[str]:
    """Every sentence of a customer in nlu_data: examples, test rows and conversations."""
    yield from (example.text for example in talk.examples())
    tests = ROOT / "nlu_data" / "tests"
    for path in sorted(tests.rglob("*.tsv")):
        rows = path.read_text(encoding="utf-8").splitlines()
        yield from (row.split("\t")[0] for row in rows)
    for path in sorted(tests.rglob("*.yml")):
        yield from _USER.findall(path.read_text(encoding="utf-8"))


def held_out() -> set[str]:
    """The judged sentences, without spaces and punctuation."""
    with HELD_OUT.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {talk.plain(row["text"]) for row in rows}


@pytest.mark.skipif(not HELD_OUT.exists(), reason="the held-out sentences are not on this machine")
def test_no_sentence_is_a_copy_or_near_copy_of_a_held_out_sentence() -> None:
    judged = {near for text in held_out() if len(text) >= SHORTEST for near in nearby(text)}
    assert judged
    copies = [
        text
        for text in sentences()
        if len(bare := talk.plain(text)) >= SHORTEST and not judged.isdisjoint(nearby(bare))
    ]
    assert copies == []


@pytest.mark.parametrize("other", ["快递一直没有到", "快递一直没", "快迟一直没到", "快递直一没到"])
def test_a_sentence_one_edit_away_counts_as_a_copy(other: str) -> None:
    assert not nearby("快递一直没到").isdisjoint(nearby(other))


def test_a_sentence_of_other_words_is_no_copy() -> None:
    assert nearby("快递一直没到").isdisjoint(nearby("快递怎么还没来"))
