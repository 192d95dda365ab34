"""Phrases and token patterns for spaCy's entity ruler, built from our data files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

Pattern = dict[str, Any]


def _read(path: str) -> Any:
    return yaml.safe_load(Path(path).read_text(encoding="utf-8"))


def carrier_patterns(catalog: str) -> list[Pattern]:
    """One phrase for each name and nickname of a carrier; its id is the carrier's code."""
    return [
        {"label": "carrier", "pattern": name, "id": carrier["code"]}
        for carrier in _read(catalog)["carriers"]
        for name in dict.fromkeys([carrier["name"], *(carrier.get("nicknames") or [])])
    ]


def phrase_patterns(phrases: str) -> list[Pattern]:
    """Phrases of `{label: {value: [phrase, …]}}`; the id is the normalised value."""
    return [
        {"label": label, "pattern": phrase, "id": value}
        for label, values in _read(phrases).items()
        for value, words in values.items()
        for phrase in words
    ]


def token_patterns(tokens: str) -> list[Pattern]:
    """Token patterns of `{label: [[token, …], …]}`; the customer's own words are the value."""
    return [
        {"label": label, "pattern": pattern}
        for label, patterns in _read(tokens).items()
        for pattern in patterns
    ]
