"""Phrases for spaCy's entity ruler, built from our data files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import yaml

Pattern = dict[str, Any]
# Phrases under this label are found to be passed over: the longest phrase wins.
PASSED_OVER: Final = "_"
SEVERAL: Final = "several"


def _read(path: str) -> Any:
    return yaml.safe_load(Path(path).read_text(encoding="utf-8"))


def carrier_patterns(catalog: str, lookup: str) -> list[Pattern]:
    """One phrase for each name and nickname of a carrier; its id is the carrier's code.

    The lookup adds nicknames, takes away names that are everyday words, and says in which words a
    name means something else. What stands for several carriers has the id `several`.
    """
    more = _read(lookup)
    names = {
        name: carrier["code"]
        for carrier in _read(catalog)["carriers"]
        for name in [carrier["name"], *(carrier.get("nicknames") or [])]
        if name not in more["not_names"]
    }
    for code, nicknames in more["nicknames"].items():
        names.update((name, code) for name in nicknames)
    names.update((name, SEVERAL) for name in more["several"])
    return [*_named("carrier", names.items()), *_passed_over(more["not_meant"])]


def phrase_patterns(phrases: str) -> list[Pattern]:
    """Phrases of `{label: {value: [phrase, …]}}`; the id is the normalised value."""
    return [
        {"label": label, "pattern": phrase, "id": value}
        for label, values in _read(phrases).items()
        for value, words in values.items()
        for phrase in words
    ]


def item_patterns(items: str, not_items: str) -> list[Pattern]:
    """Goods of `{class: {value: [name, …]}}`, each value a name of itself; and what is none."""
    goods = {
        name: value
        for values in _read(items).values()
        for value, names in values.items()
        for name in [value, *names]
    }
    return [*_named("item", goods.items()), *_passed_over(_read(not_items)["not_meant"])]


def _named(label: str, names: Iterable[tuple[str, str]]) -> list[Pattern]:
    return [{"label": label, "pattern": name, "id": value} for name, value in names]


def _passed_over(phrases: Iterable[str]) -> list[Pattern]:
    return [{"label": PASSED_OVER, "pattern": phrase} for phrase in phrases]
